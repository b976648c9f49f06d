/** Reports an error of a node's configuration after the flows are started, so that Catch nodes receive it. */
import { onceFlowsRun } from "./deploy-gate";
import type { Node, Runtime } from "./red";

/** A configuration node: Node-RED hands its errors to the Catch nodes of its `users`, to each as often as it has users there. */
type ConfigNode = Node & { users?: Record<string, Node> };

/** Once for each deploy of the node. */
export function reportConfigError(RED: Runtime, node: ConfigNode, text: string): void {
  onceFlowsRun(RED.events, node, () => {
    const { users } = node;
    if (users) node.users = { ...onePerTab(RED, node.id, users) };
    node.error(text, {});
    if (users) node.users = users;
  });
}

interface Placed {
  id: string;
  type: string;
  z?: string;
  box?: unknown;
  scope?: unknown;
}

/** One node of each tab that has nodes with this configuration: the one that the most Catch nodes name. */
function onePerTab(RED: Runtime, id: string, registered: Record<string, Node>): Record<string, Node> {
  const all: Placed[] = [];
  RED.nodes.eachNode((one) => void all.push(one));
  const scopes = all
    .filter(({ type }) => type === "catch")
    .map(({ scope }) => (Array.isArray(scope) ? (scope as unknown[]) : []));
  const named = (one: string) => scopes.filter((scope) => scope.includes(one)).length;
  const chosen = new Map<string, Node>();
  const offer = (node: Node | null) => {
    const { z = "" } = (node ?? {}) as { z?: string };
    const before = chosen.get(z);
    if (node && (!before || named(node.id) > named(before.id))) chosen.set(z, node);
  };
  for (const node of Object.values(registered)) offer(node);
  for (const one of all) if (one.box === id) offer(RED.nodes.getNode(one.id));
  return Object.fromEntries([...chosen.values()].map((node) => [node.id, node]));
}
