/** L5 nodes: `fritz-caller-info`, says who is calling: adds `msg.callerInfo`. */
import { join, resolve } from "node:path";
import { isOwnNumber } from "../lib/domain/same-number";
import type { CallEvent } from "../lib/model/call-event";
import type { CallerInfo } from "../lib/model/caller-info";
import { buildSources, defaultEntries, type SourceEntry } from "../lib/providers/index";
import type { SourceTools } from "../lib/providers/provider";
import { CallerInfoService, type Question } from "../lib/services/caller-info";
import { type AskedAbout, readCallerQuestion } from "../lib/services/caller-question";
import { HomeView } from "../lib/services/home-view";
import type { SourceFailures } from "../lib/services/inquiry";
import { type CallTurn, KnownCalls } from "../lib/services/known-calls";
import { normalizeNumber } from "../lib/services/numbers";
import { SourceGuards } from "../lib/services/source-guards";
import { jsonFile } from "../lib/transport/list-file";
import { systemClock } from "../lib/transport/system-clock";
import { webFetch } from "../lib/transport/web-fetch";
import { boxOf } from "./shared/box-of";
import { type CallerInfoNode, offerCallerInfoRoutes } from "./shared/caller-info-admin";
import { CallerInfoStatus } from "./shared/caller-info-status";
import { complain } from "./shared/complain";
import { contextStore } from "./shared/context-store";
import { guarded, onInput } from "./shared/input";
import { toUserError } from "./shared/messages";
import type { Message, Node, NodeDef, Runtime, Send } from "./shared/red";
import { SourceNews } from "./shared/source-news";

interface CallerInfoDef extends NodeDef {
  box?: string;
  providers?: SourceEntry[];
  deadlineMs?: number | string;
  outgoing?: boolean;
  cacheStore?: string;
}

/** What goes into credentials; the last ones are for users' own sources (`keySlot`). */
const SECRETS = [
  ...["phoneblockToken", "tellowsKey", "searchchKey"],
  ...["customKey1", "customKey2", "customKey3", "customKey4", "customKey5"],
];
const DEADLINE_MS = 4_000;
/** Those in the house need a moment, too. */
const SHORTEST_DEADLINE_MS = 50;
/** The longest that anybody can want to wait for a name. */
const LONGEST_DEADLINE_MS = 60_000;

/** All sources of this process: two nodes that ask the same one share its manners and its health. */
const guards = new SourceGuards(systemClock);

export default function (RED: Runtime): void {
  RED.nodes.registerType<CallerInfoNode, CallerInfoDef, object, Record<string, string>>(
    "fritz-caller-info",
    function (this: CallerInfoNode, def: CallerInfoDef) {
      RED.nodes.createNode(this, def);
      setUp(RED, this, def);
    },
    { credentials: Object.fromEntries(SECRETS.map((name) => [name, { type: "password" as const }])) },
  );
  offerCallerInfoRoutes(RED, (secrets) => toolsOf(RED, secrets));
}

function setUp(RED: Runtime, node: CallerInfoNode, def: CallerInfoDef): void {
  const box = boxOf(RED, def.box);
  const telephony = box?.telephony();
  const hasLogin = (box?.credentials?.password ?? "") !== "";
  const finder = !telephony ? "no-box" : hasLogin ? telephony : "no-login"; // the box tells nobody without a password
  const tools: SourceTools = { ...toolsOf(RED, node.credentials ?? {}), boxKey: def.box ?? "", finder };
  const entries = Array.isArray(def.providers) ? def.providers : defaultEntries();
  const sources = buildSources(entries, tools, (error) => complain(RED, node, toUserError(RED, error).message));
  node.service = new CallerInfoService({
    ...{ sources, normalize: normalizeNumber, guards, clock: systemClock },
    store: contextStore(node, "answers", def.cacheStore ?? ""),
  });
  node.home = new HomeView(telephony, systemClock);
  const desk = new Desk(RED, node, def);
  onInput(RED, node, (msg, send) => desk.take(msg, send));
  node.on("close", (_removed: boolean, done: () => void) => void node.service.close().then(done, done));
}

function toolsOf(RED: Runtime, secrets: Record<string, string>): SourceTools {
  const { lang = "en-US", userDir = process.cwd(), fileWorkingDirectory = userDir } = RED.settings;
  return {
    ...{ fetch: webFetch, secrets, boxKey: "", finder: "no-box" as const, language: lang },
    resolve: (path) => resolve(fileWorkingDirectory, path.trim()),
    keep: (name) => jsonFile(join(userDir, "fritz-calls", `${name}.json`)),
  };
}

/** Answers the messages of one node. Those of one call leave in the order in which they came; calls don't wait for each other. */
class Desk {
  private readonly calls = new KnownCalls();
  private readonly status: CallerInfoStatus;
  private readonly news: SourceNews;

  constructor(
    private readonly RED: Runtime,
    private readonly node: CallerInfoNode,
    private readonly def: CallerInfoDef,
  ) {
    this.status = new CallerInfoStatus(RED, node);
    this.news = new SourceNews(RED, node);
    void node.home.now(); // so that the first ring need not wait
  }

  async take(msg: Message, send: Send): Promise<void> {
    let turn: CallTurn | undefined;
    try {
      const asked = readCallerQuestion(msg.payload, this.def.outgoing !== false);
      if (!asked.about) return await this.passOn(asked.event, msg, send);
      if (asked.event) turn = this.calls.begin(asked.event.callId); // its later events queue up behind from now on
      await this.answer(await this.toQuestion(asked), msg, send, turn);
    } catch (error) {
      this.status.failed(toUserError(this.RED, error).message);
      throw error;
    } finally {
      turn?.done();
    }
  }

  private async toQuestion({ about, direction, house }: AskedAbout): Promise<Question> {
    const { plan, own } = await this.node.home.now();
    const { number, presentation } = about;
    const withheld = presentation === "restricted" || presentation === "unavailable";
    const ours = house && house.number !== "" ? [...own, house.number] : own;
    return { written: withheld ? "" : number, plan: { ...plan, direction }, own: isOwnNumber(number, ours) };
  }

  private async answer(question: Question, msg: Message, send: Send, turn: CallTurn | undefined): Promise<void> {
    const { RED, node } = this;
    const again = isWired(node, 1) ? RED.util.cloneMessage(msg) : undefined;
    const answers = node.service.ask(question, deadlineOf(msg["deadlineMs"] ?? this.def.deadlineMs));
    turn?.onHurry(() => answers.hurry());
    msg["callerInfo"] = this.tell(await answers.first, answers.failures, turn);
    send([msg, null]);
    void answers.late.then((late) =>
      guarded(RED, node, () => {
        if (!late) return;
        const callerInfo = this.tell(late, answers.failures, turn);
        if (again) node.send([null, { ...again, callerInfo }]);
      }),
    );
  }

  /** What goes into the message is nobody else's object. */
  private tell(known: CallerInfo, failures: SourceFailures, turn: CallTurn | undefined): CallerInfo {
    const info = structuredClone(this.news.explain(known, failures));
    turn?.knows(info);
    this.status.answered(info, this.news.trouble);
    return structuredClone(info);
  }

  /** The other events of a call carry what was said of its caller. */
  private async passOn({ callId }: CallEvent, msg: Message, send: Send): Promise<void> {
    const info = await this.calls.recall(callId);
    if (info) msg["callerInfo"] = structuredClone(info);
    send([msg, null]);
  }
}

function deadlineOf(value: unknown): number {
  const ms = value === undefined || value === "" ? DEADLINE_MS : Number(value);
  return Number.isFinite(ms) ? Math.min(LONGEST_DEADLINE_MS, Math.max(SHORTEST_DEADLINE_MS, ms)) : DEADLINE_MS;
}

function isWired(node: Node, output: number): boolean {
  const { wires } = node as unknown as { wires?: string[][] };
  return (wires?.[output]?.length ?? 0) > 0;
}
