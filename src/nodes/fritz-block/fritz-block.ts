/** `fritz-block`: decides which calls are allowed, and may bar the others at the box. */
import { covers } from "../../lib/blocking/barred-number";
import { coversPattern, preparePatterns } from "../../lib/blocking/pattern-list";
import { FritzError, systemCode } from "../../lib/core/errors";
import { BlockMemory } from "../../lib/blocking/state";
import { BarringQueue } from "../../lib/blocking/barring-queue";
import { Blocker, newDecidedCalls } from "../../lib/blocking/blocker";
import type { DecidedCalls } from "../../lib/blocking/blocker-types";
import { blockBooksOf } from "../../lib/blocking/rules";
import { CallerLookup } from "../../lib/blocking/caller-lookup";
import type { Telephony } from "../../lib/box/telephony";
import { systemClock } from "../../lib/core/clock";
import { RatingQueue } from "../../lib/blocking/rating-queue";
import { rateAtPhoneBlock, withdrawAtPhoneBlock } from "../../lib/callers/sources/phoneblock-rating";
import { webFetch } from "../../lib/web/fetch";
import { BlockController, type ControllerParts } from "./controller";
import { type BlockNode, offerBlockRoutes, REHEARSED_DAYS } from "./admin";
import { DEFAULTS, type FritzBlockDef } from "./definition";
import { badPatterns, type BlockOptions, readBlockOptions } from "./options";
import { Protection } from "./protection";
import { BlockStatus } from "./status";
import { ScoredRehearsal } from "./rehearsal";
import { thresholdsFor } from "./thresholds";
import { callerInfoBefore, callNow, lookUpBefore } from "./try-number";
import { blockStore } from "../shared/stores";
import { boxOf } from "../shared/box";
import { reportConfigError } from "../shared/config-error";
import { keepOverDeploys, onInput } from "../shared/input";
import { toUserError } from "../shared/messages";
import type { Message, Node, Runtime } from "../shared/red";

/** Number of patterns from which on they are compiled ahead. */
const LONG_LIST = 1_000;

export default function (RED: Runtime): void {
  RED.nodes.registerType<BlockNode, FritzBlockDef, object, { phoneblockToken?: string }>(
    "fritz-block",
    function (this: BlockNode, def: FritzBlockDef) {
      RED.nodes.createNode(this, def);
      const options = readBlockOptions(def);
      const status = new BlockStatus(RED, this, options.blocker.dryRun);
      const protection = new Protection(RED, this, def, options, (gap) => status.lacks(gap));
      const box = boxOf(RED, def.box)?.telephony();
      void readPatterns(RED, this, options, box);
      const store = def.store?.trim() ?? DEFAULTS.store;
      const calls = keepOverDeploys(RED, this, "calls", newDecidedCalls);
      const opened = openMemory(RED, this, store).then((memory) => {
        const barring = box && makeBarring(box, options, memory, status);
        barring?.start();
        const thresholds = (msg: Message) => thresholdsFor(RED, this, def, msg);
        const parts = makeParts(RED, box, options, { memory, barring, status, protection, calls, thresholds });
        const rating = options.rating && makeRating(RED, this, options.rating, parts);
        rating?.start();
        return { barring, memory, rating, controller: new BlockController({ ...parts, rating }) };
      });
      onInput(RED, this, async (msg, send) => (await opened).controller.take(msg, send));
      this.order = async (msg) => answerOf((await opened).controller, msg);
      this.tryNumber = async (number) => {
        const call = callNow(number);
        const info = await lookUpBefore(RED, this, call.number);
        return (await opened).controller.judge(call, info);
      };
      offerRehearsal(RED, this, box);
      this.on("close", (_removed: boolean, done: () => void) => {
        this.scored.close();
        const close = async () => {
          const { barring, memory, rating } = await opened;
          await Promise.all([barring?.close(), rating?.close()]);
          await memory.saved();
        };
        close().then(done, () => done());
      });
    },
    { credentials: { phoneblockToken: { type: "password" } } },
  );
  offerBlockRoutes(RED);
}

function offerRehearsal(RED: Runtime, node: BlockNode, box: Telephony | undefined): void {
  node.pastCalls = async (days) => {
    if (!box) throw new FritzError("no-box");
    return box.calls({ days });
  };
  node.scored = new ScoredRehearsal({
    calls: () => node.pastCalls(REHEARSED_DAYS),
    before: () => callerInfoBefore(RED, node),
    rehearse: async (payload) => (await node.order({ operation: "rehearse", payload })).payload,
  });
}

/** The message that one of the outputs would send. */
async function answerOf(controller: BlockController, msg: Message): Promise<Message> {
  let answer: Message = {};
  await controller.take(msg, (sent) => {
    answer = (Array.isArray(sent) ? sent : [sent]).find((one) => one !== null) ?? {};
  });
  return answer;
}

/** The state is kept over deploys. An unreadable one is loaded again, as the file may have been repaired. */
function openMemory(RED: Runtime, node: Node, store: string): Promise<BlockMemory> {
  const open = () => BlockMemory.open(blockStore(RED, node, store), storeTrouble(RED, node));
  let isNew = false;
  const kept = keepOverDeploys(RED, node, `memory ${store}`, () => {
    isNew = true;
    return { memory: open() };
  });
  if (!isNew) kept.memory = kept.memory.then((memory) => (memory.isUnreadable ? open() : memory));
  return kept.memory;
}

/** Reports invalid patterns, and compiles a long list before the first ring. */
async function readPatterns(
  RED: Runtime,
  node: Node,
  { blocker: { rules } }: BlockOptions,
  box: Telephony | undefined,
) {
  for (const { list, position } of await badPatterns(rules)) {
    reportConfigError(RED, node, toUserError(RED, new FritzError("block-pattern", { list, position })).message);
  }
  const long = [rules.allowPatterns, rules.blockPatterns].filter((list) => (list?.length ?? 0) >= LONG_LIST);
  if (long.length === 0) return;
  const plan = await new CallerLookup({ clock: systemClock, box }).plan();
  for (const list of long) await preparePatterns(list, plan);
}

/** Report the store failure once, not on every call. */
function storeTrouble(RED: Runtime, node: Node): (error: unknown) => void {
  let reported = false;
  return (error) => {
    if (reported) return;
    reported = true;
    const code = systemCode(error);
    const detail = code === "unknown" && error instanceof Error ? error.name : code;
    const known = error instanceof FritzError ? error : undefined;
    const damaged = error instanceof SyntaxError ? new FritzError("block-state", { detail: "JSON" }) : undefined;
    node.error(toUserError(RED, known ?? damaged ?? new FritzError("block-store", { detail })), {});
  };
}

function makeBarring(box: Telephony, options: BlockOptions, memory: BlockMemory, status: BlockStatus): BarringQueue {
  return new BarringQueue({
    box,
    memory,
    clock: systemClock,
    options: options.barring,
    perHour: options.perHour,
    ops: options.ops,
    changed: (waiting, trouble) => status.changed(waiting, trouble),
    isAllowed: (key, { plan }) =>
      coversPattern(options.blocker.rules.allowPatterns, key, plan) ||
      memory.allowed.some((one) => covers(key, one.key)),
  });
}

/** Ratings are sent with the key of this node. */
function makeRating(
  RED: Runtime,
  node: BlockNode,
  { url }: { url: string },
  parts: Pick<ControllerParts, "memory" | "lookup" | "clock" | "rules">,
): RatingQueue {
  const { phoneblockToken = "" } = node.credentials ?? {};
  const account = { token: phoneblockToken.trim(), url };
  return new RatingQueue({
    ...parts,
    send: (rated, signal) => rateAtPhoneBlock(webFetch, account, rated, signal),
    withdraw: (rated, signal) => withdrawAtPhoneBlock(webFetch, account, rated, signal),
    failed: (error) => node.error(toUserError(RED, error), {}),
  });
}

function makeParts(
  RED: Runtime,
  box: Telephony | undefined,
  options: BlockOptions,
  known: {
    memory: BlockMemory;
    barring: BarringQueue | undefined;
    status: BlockStatus;
    protection: Protection;
    calls: DecidedCalls;
    thresholds: ControllerParts["thresholds"];
  },
): Omit<ControllerParts, "rating"> {
  const clock = systemClock;
  const { rules } = options.blocker;
  const bookNames = [...blockBooksOf(rules), ...(rules.allowBooks ?? [])];
  const lookup = new CallerLookup({ clock, box, bookNames });
  const phrase = (key: string, values: Readonly<Record<string, string | number>>) =>
    RED._(`fritz-block.because.${key}`, { ...values });
  const sentence = (error: unknown) => toUserError(RED, error).message;
  const parts = { lookup, clock, phrase, ...known };
  const blocker = new Blocker({ ...parts, options: options.blocker, sentence });
  const orders = { rules: () => blocker.rules, dryRun: options.blocker.dryRun };
  return { ...parts, ...orders, RED, options, blocker };
}
