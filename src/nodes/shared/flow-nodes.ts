/** L5 nodes: the deployed nodes as they are configured. */
import type { Runtime } from "./red";

/** A node's configuration. */
export type FlowNode = Readonly<Record<string, unknown>> & { id: string; type: string };

/** All of them. */
export function flowNodes(RED: Runtime): FlowNode[] {
  const found: FlowNode[] = [];
  RED.nodes.eachNode((node) => void found.push(node as unknown as FlowNode));
  return found;
}
