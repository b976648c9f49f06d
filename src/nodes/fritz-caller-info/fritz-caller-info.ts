/** `fritz-caller-info`: looks up the caller and adds `msg.callerInfo`. */
import { MINUTE_MS, systemClock } from "../../lib/core/clock";
import { normalizeNumber } from "../../lib/numbers/index";
import type { CallEvent } from "../../lib/calls/types";
import { isOfTheLine } from "../../lib/calls/line-state";
import type { CallerInfo } from "../../lib/callers/types";
import { buildSources } from "../../lib/callers/sources/index";
import type { SourceTools } from "../../lib/callers/source-definition";
import { CallerInfoService, type Question } from "../../lib/callers/caller-info";
import { PastController } from "./past";
import { readCallerQuestion, toQuestion } from "./question";
import { EarlierCalls } from "../../lib/callers/earlier-calls";
import { defined } from "../../lib/core/defined";
import { HomeCache } from "../../lib/box/home-cache";
import type { SourceFailures } from "../../lib/callers/lookup";
import { type PendingCall, CallOrder } from "../../lib/callers/call-order";
import { CircuitBreakers } from "../../lib/callers/circuit-breakers";
import { flagOr, numberOr } from "../../lib/core/unknown";
import { boxOf } from "../shared/box";
import { type CallerInfoNode, offerCallerInfoRoutes } from "./admin";
import { CallerPictures } from "./pictures";
import { CallerInfoStatus } from "./status";
import { reportConfigError } from "../shared/config-error";
import { reportingStores, contextStore } from "../shared/stores";
import { emit, guarded, keepOverDeploys, onInput } from "../shared/input";
import { toUserError } from "../shared/messages";
import { typedNumber } from "../shared/typed";
import type { Message, Node, Runtime, Send } from "../shared/red";
import { type CallerInfoDef, DEFAULTS } from "./definition";
import { SourceFailureNotifier } from "./source-failures";
import { kindWords, toolsOf } from "./tools";

/** Names of the credentials; the last ones are for users' own sources (`keySlot`). */
const SECRETS = [
  ...["phoneblockToken", "tellowsKey", "searchchKey"],
  ...["customKey1", "customKey2", "customKey3", "customKey4", "customKey5"],
];
/** Time for the local sources, ms. */
const SHORTEST_DEADLINE_MS = 50;
/** Upper bound of the deadline, ms. */
const LONGEST_DEADLINE_MS = MINUTE_MS;

/** All sources of this process: two nodes that ask the same one share its request policy and its health. */
const guards = new CircuitBreakers(systemClock);

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
  const pictures =
    telephony && hasLogin && flagOr(def.image, DEFAULTS.image) ? new CallerPictures(telephony.pictures) : undefined;
  // Without a password the box returns nothing.
  const finder = !telephony ? "no-box" : hasLogin ? (pictures?.watch(telephony) ?? telephony) : "no-login";
  const reporting = reportingStores(RED, node, "answer-store");
  const general = toolsOf(RED, node.credentials ?? {}, node);
  const keep = (name: string) => reporting(general.keep(name));
  const tools: SourceTools = { ...general, keep, boxKey: def.box ?? "", finder };
  const entries = Array.isArray(def.providers) ? def.providers : DEFAULTS.providers;
  const sources = buildSources(entries, tools, (error) =>
    reportConfigError(RED, node, toUserError(RED, error).message),
  );
  node.service = new CallerInfoService({
    ...{ sources, normalize: normalizeNumber, guards, clock: systemClock, words: kindWords(RED) },
    store: reporting(contextStore(node, def.cacheStore ?? DEFAULTS.cacheStore, "answers")),
  });
  node.homeCache = new HomeCache(telephony, systemClock);
  node.entries = entries;
  const wantsEarlier = telephony && hasLogin && flagOr(def.earlier, DEFAULTS.earlier);
  const earlier = wantsEarlier ? new EarlierCalls(() => telephony.calls({ names: false }), systemClock) : undefined;
  earlier?.prepare();
  const controller = new CallerInfoController(RED, node, def, pictures, earlier);
  const answered = onInput(RED, node, (msg, send) => controller.take(msg, send));
  node.on("close", (removed: boolean, done: () => void) => {
    earlier?.close();
    const saved = controller.past.close(removed);
    const closed = node.service.close(removed ? undefined : answered());
    void Promise.allSettled([saved, closed]).then(() => done());
  });
}

/**
 * Answers the messages of one node. Messages of one call keep their order; calls do not wait for each other.
 */
class CallerInfoController {
  private readonly calls: CallOrder;
  private readonly status: CallerInfoStatus;
  private readonly failures: SourceFailureNotifier;
  readonly past: PastController;

  constructor(
    private readonly RED: Runtime,
    private readonly node: CallerInfoNode,
    private readonly def: CallerInfoDef,
    private readonly pictures: CallerPictures | undefined,
    private readonly earlier: EarlierCalls | undefined,
  ) {
    this.calls = keepOverDeploys(RED, node, "calls", () => new CallOrder());
    this.status = new CallerInfoStatus(RED, node);
    this.failures = new SourceFailureNotifier(RED, node);
    this.past = new PastController(RED, node, flagOr(def.outgoing, DEFAULTS.outgoing), this.status, this.failures);
    if (node.service.health().some(({ unready }) => unready === "no-key")) this.status.lacksKey();
    void node.homeCache.now(); // so that the first ring need not wait
  }

  async take(msg: Message, send: Send): Promise<void> {
    if (isOfTheLine(msg)) return send([msg, null]);
    if (msg["operation"] === "cancel") return this.past.cancel();
    if (this.past.takes(msg.payload)) return this.past.add(msg, send);
    let pending: PendingCall | undefined;
    try {
      const asked = readCallerQuestion(msg.payload, flagOr(this.def.outgoing, DEFAULTS.outgoing));
      if (!asked.about) return await this.passOn(asked.event, msg, send);
      if (asked.event) pending = this.calls.begin(asked.event.callId); // later events of the call wait from now on
      await this.answer(toQuestion(asked, await this.node.homeCache.now()), msg, send, pending);
    } catch (error) {
      this.status.failed(error);
      throw error;
    } finally {
      pending?.done();
    }
  }

  private async answer(question: Question, msg: Message, send: Send, pending: PendingCall | undefined): Promise<void> {
    const { RED, node } = this;
    const again = isWired(node, 1) ? RED.util.cloneMessage(msg) : undefined;
    const { deadlineMs, unusable } = await this.deadline(msg);
    const untilMs = systemClock.now() + deadlineMs;
    const answers = node.service.ask(question, deadlineMs);
    const goesOn = new Promise<void>((resolve) => {
      pending?.onFlush(() => {
        answers.flush();
        resolve();
      });
    });
    const known = await answers.first;
    const first = (await this.pictures?.add(known, Math.max(0, untilMs - systemClock.now()), goesOn)) ?? known;
    msg["callerInfo"] = this.publish(first, answers.failures, pending);
    send([msg, null]);
    const withPicture = answers.late.then(async (late) => late && ((await this.pictures?.add(late, 0)) ?? late));
    void withPicture.then((late) =>
      guarded(RED, node, () => {
        if (!late) return;
        const callerInfo = this.publish(late, answers.failures, pending);
        if (again) emit(RED, node, [null, { ...again, callerInfo }]);
      }),
    );
    if (unusable) throw unusable;
  }

  /** That of the message, else that of the node or where the node takes it from; the default if that is not usable. */
  private async deadline(msg: Message): Promise<{ deadlineMs: number; unusable?: Error }> {
    const usual = DEFAULTS.deadlineMs;
    const own = msg["deadlineMs"];
    if (own !== undefined && own !== null) return { deadlineMs: deadlineOf(numberOr(own, usual)) };
    try {
      const typed = { RED: this.RED, node: this.node, def: this.def, msg };
      return {
        deadlineMs: deadlineOf(await typedNumber(typed, "deadlineMs", { usual, least: 0, most: LONGEST_DEADLINE_MS })),
      };
    } catch (error) {
      return { deadlineMs: usual, unusable: error as Error };
    }
  }

  /** Each message gets a copy of its own. */
  private publish(known: CallerInfo, failures: SourceFailures, pending: PendingCall | undefined): CallerInfo {
    const earlier = this.earlier?.of(known.number, known.e164);
    const info = structuredClone({ ...this.failures.explain(known, failures), ...defined({ earlier }) });
    pending?.setInfo(info);
    this.status.answered(info, this.failures.trouble);
    return structuredClone(info);
  }

  /** Other events of a call get the caller info of its ring. */
  private async passOn({ callId, event }: CallEvent, msg: Message, send: Send): Promise<void> {
    if (event === "disconnect") this.earlier?.callEnded();
    const info = await this.calls.recall(callId);
    if (info) msg["callerInfo"] = structuredClone(info);
    send([msg, null]);
  }
}

const deadlineOf = (ms: number) => Math.min(LONGEST_DEADLINE_MS, Math.max(SHORTEST_DEADLINE_MS, ms));

function isWired(node: Node, output: number): boolean {
  const { wires } = node as unknown as { wires?: string[][] };
  return (wires?.[output]?.length ?? 0) > 0;
}
