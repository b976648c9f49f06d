/** Which nodes come before a node in the flow: wired to it, directly or through others, link nodes included. */
import type { Node, Runtime } from "./red";

interface Placed {
  id: string;
  type: string;
  wires?: string[][];
  links?: string[];
}

/** The ids of the nodes of a type before the node; undefined where they may be outside of its subflow. */
export function idsBefore(RED: Runtime, node: Node, type: string): string[] | undefined {
  if ((node as Node & { _alias?: string })._alias !== undefined) return undefined;
  const nodes = new Map<string, Placed>();
  RED.nodes.eachNode((one) => void nodes.set(one.id, one));
  const sources = new Map<string, string[]>();
  for (const { id, type: of, wires = [], links = [] } of nodes.values()) {
    for (const target of [...wires.flat(), ...(of === "link out" ? links : [])]) {
      sources.set(target, [...(sources.get(target) ?? []), id]);
    }
  }
  const seen = new Set<string>();
  const open = [node.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const source of sources.get(id) ?? []) {
      if (seen.has(source)) continue;
      seen.add(source);
      open.push(source);
    }
  }
  return [...seen].filter((id) => nodes.get(id)?.type === type);
}
