/** Loads the package's nodes into a real Node-RED runtime (NODE_RED names its folder; default 4.1) and helps to wait. */
import { type EventEmitter, once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import helper from "node-red-node-test-helper";
import type { Node } from "node-red";
import type { ContactFinder } from "../../src/lib/phonebook/types";
import type { NodeDef, Runtime } from "../../src/nodes/shared/red";
import type { OwnNumbers } from "../../src/lib/numbers/index";
import { htmlFiles } from "./node-html";
import { root } from "./node-red-server";
import { removeFolder } from "./wait";

helper.init(require.resolve(process.env.NODE_RED ?? "node-red"), { logging: { console: { level: "off" } } } as never);

export { helper };
export { pause, until } from "./wait";

type FlowNode = Record<string, unknown> & { id: string; type: string };
/** A box that only has the phonebooks and numbers that a test gives it; it is what `box` of a node under test points to. */
export const fakeTelephony: { current: (ContactFinder & OwnNumbers) | undefined } = { current: undefined };

function fakeBox(RED: Runtime): void {
  RED.nodes.registerType("fake-box", function (this: Node & { telephony?: unknown }, def: NodeDef) {
    RED.nodes.createNode(this, def);
    this.credentials = { password: "secret" };
    this.telephony = () => fakeTelephony.current;
  });
}

type TestNodes = Parameters<typeof helper.load>[0];

/** The nodes that package.json names. */
const ownNodes = htmlFiles.map((html) => {
  const { default: register } = createRequire(__filename)(join(root, html.replace(/html$/, "ts"))) as {
    default: unknown;
  };
  return register;
});

/** An earlier test's nodes have no successors: a deploy without them. */
function forgetEarlierNodes(): void {
  const { events } = fromNodeRed("@node-red/util") as { events: EventEmitter };
  events.emit("flows:started");
  events.emit("flows:stopping");
}

function fromNodeRed(module: string): unknown {
  return createRequire(require.resolve(process.env.NODE_RED ?? "node-red"))(module);
}

/** For a suite: Node-RED's server, and for each test a user folder of its own, gone with its flow when the test ends. */
export function serveWithUserFolders(): void {
  let userDir: string;
  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  beforeEach(() => {
    userDir = mkdtempSync(join(tmpdir(), "fritz-nodes-"));
    helper.settings({ userDir });
  });
  afterEach(async () => {
    await helper.unload();
    removeFolder(userDir);
  });
}

/** Nodes without a place are config nodes to Node-RED: everything but the box gets one. */
export async function load(
  flow: FlowNode[],
  credentials: Record<string, object> = {},
  more: unknown[] = [],
): Promise<void> {
  forgetEarlierNodes();
  const types = [...ownNodes, fakeBox, ...more] as unknown as TestNodes;
  await helper.load(types, placed(flow), credentials);
}

/** Puts another flow in the place of the one that runs, as a deploy does. The helper's own `setFlows` gives up after 300 ms. */
export async function deploy(flow: FlowNode[], type = "full"): Promise<void> {
  const { events } = fromNodeRed("@node-red/util") as { events: EventEmitter };
  const started = once(events, "flows:started");
  const { _redNodes: nodes } = helper as unknown as { _redNodes: { setFlows(...what: unknown[]): Promise<void> } };
  await nodes.setFlows(flow.some((node) => node.type === "tab") ? flow : placed(flow), {}, type);
  await started;
}

function placed(flow: FlowNode[]): never {
  const nodes = flow.map((node) =>
    ["fritz-config", "fake-box", "tab"].includes(node.type) ? node : { x: 10, y: 10, z: "tab", ...node },
  );
  return [{ id: "tab", type: "tab", label: "test" }, ...nodes] as never;
}

/** A node type that Node-RED itself brings: "function/15-change". */
export function coreNode(path: string): unknown {
  return fromNodeRed(`@node-red/nodes/core/${path}.js`);
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

/**
 * What Node-RED's log got from warnings upwards, as text; of one node, or of all: then also of a box that an earlier test used
 * and that lingers.
 */
export function loggedErrors(node?: string): string[] {
  const spy = helper.log() as unknown as { getCalls(): { args: [{ level: number; msg: unknown; id?: string }] }[] };
  return spy
    .getCalls()
    .map((call) => call.args[0])
    .filter(({ level, id }) => level <= 30 && (node === undefined || id === node))
    .map(({ msg }) => String(msg instanceof Error ? msg.message : msg));
}
