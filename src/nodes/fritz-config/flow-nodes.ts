/** The configurations of the deployed nodes. */
import type { Runtime } from "../shared/red";

/** A node's configuration. */
export type FlowNode = Readonly<Record<string, unknown>> & { id: string; type: string };

/** Returns all of them. */
export function flowNodes(RED: Runtime): FlowNode[] {
  const found: FlowNode[] = [];
  RED.nodes.eachNode((node) => void found.push(node as unknown as FlowNode));
  return found;
}
