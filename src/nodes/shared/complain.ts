/** L5 nodes: a fault of a node's configuration, told when the flows are started and the Catch nodes are there. */
import { deployGate } from "./deploy-gate";
import type { Node, Runtime } from "./red";

/** Once for each deploy of the node. */
export function complain(RED: Runtime, node: Node, text: string): void {
  const gate = deployGate(RED.events);
  const speak = () => {
    gate.remove(reader);
    node.error(text, {});
  };
  const reader = { hold: () => undefined, flow: speak };
  gate.add(reader);
  node.on("close", () => gate.remove(reader));
}
