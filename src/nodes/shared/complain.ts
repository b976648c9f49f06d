/** L5 nodes: a fault of the configuration, told when the flows are started and the Catch nodes are there. */
import { deployGate } from "./deploy-gate";
import type { Node, Runtime } from "./red";

/** Tells it once, as an error of the node that its Catch nodes hear. */
export function complain(RED: Runtime, node: Node, text: string): void {
  const gate = deployGate(RED.events);
  const reader = {
    hold: () => undefined,
    flow: () => {
      gate.remove(reader);
      node.error(text, {});
    },
  };
  gate.add(reader);
  node.on("close", () => gate.remove(reader));
}
