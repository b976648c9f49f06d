/** Loads the package's nodes into a real Node-RED runtime (NODE_RED names its folder; default 4.1) and helps to wait. */
import helper from "node-red-node-test-helper";
import type { Node } from "node-red";
import block from "../../src/nodes/fritz-block";
import callMonitor from "../../src/nodes/fritz-callmonitor";
import config from "../../src/nodes/fritz-config";
import log from "../../src/nodes/fritz-log";
import phonebook from "../../src/nodes/fritz-phonebook";

helper.init(require.resolve(process.env.NODE_RED ?? "node-red"), { logging: { console: { level: "off" } } } as never);

export { helper };
export { pause, until } from "./wait";

type FlowNode = Record<string, unknown> & { id: string; type: string };
type TestNodes = Parameters<typeof helper.load>[0];

/** Nodes without a place are config nodes to Node-RED: everything but the box gets one. */
export async function load(flow: FlowNode[], credentials: Record<string, object> = {}): Promise<void> {
  const placed = flow.map((node) =>
    node.type === "fritz-config" || node.type === "tab" ? node : { x: 10, y: 10, z: "tab", ...node },
  );
  const tab = { id: "tab", type: "tab", label: "test" };
  const types = [config, callMonitor, log, phonebook, block] as unknown as TestNodes;
  await helper.load(types, [tab, ...placed] as never, credentials);
}

export function node(id: string): Node {
  return helper.getNode(id);
}

type Message = Record<string, unknown> & { topic?: string; payload?: unknown };

/** Collects what a helper node gets. */
export function collect(id: string): Message[] {
  const messages: Message[] = [];
  node(id).on("input", (msg) => messages.push(msg as Message));
  return messages;
}

export interface Status {
  fill?: string;
  shape?: string;
  text?: string;
}

/** All statuses that a node showed, in order. In this harness the texts are the keys of the sentences. */
export function statuses(id: string): Status[] {
  const target = node(id);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- a spy, only its records are read
  const spy = target.status as unknown as { getCalls(): { thisValue: unknown; args: [Status] }[] };
  return spy
    .getCalls()
    .filter((call) => call.thisValue === target)
    .map((call) => call.args[0]);
}

export const lastStatus = (id: string): Status => statuses(id).at(-1) ?? {};

/** What Node-RED's log got from warnings upwards, as text. */
export function complaints(): string[] {
  const spy = helper.log() as unknown as { getCalls(): { args: [{ level: number; msg: unknown }] }[] };
  return spy
    .getCalls()
    .map((call) => call.args[0])
    .filter(({ level }) => level <= 30)
    .map(({ msg }) => String(msg instanceof Error ? msg.message : msg));
}
