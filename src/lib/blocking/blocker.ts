/** Decides each call once, acts on the decision, and records both in the journal. */
import { defined } from "../core/defined";
import { MINUTE_MS } from "../core/clock";
import { covers, isBarrable } from "./barred-number";
import { decide } from "./decide";
import { campaignOf } from "./campaign";
import { noteEnded } from "./state";
import { whenOf } from "./rules";
import { preparePatterns } from "./pattern-list";
import { numberOr } from "../core/unknown";
import { DEFAULT_PLAN, lookupKeys } from "../numbers/index";
import type { BlockContext, BlockRules, Decision } from "./types";
import { RULE_DEFAULTS } from "./types";
import { BoundedMap } from "../core/bounded-map";
import type { CallEvent } from "../calls/types";
import type { CallerInfo } from "../callers/types";
import { FritzError } from "../core/errors";
import type { BarringOutcome, BarringOrder } from "./barring-session";
import { ShortCalls } from "./short-calls";
import type { BlockerParts, CallToDecide, DecidedCalls, DecisionResult, OwnRules, PastCaller } from "./blocker-types";

/** Decided calls in memory; older ones are looked up in the journal. */
const MOST_CALLS = 256;
/** Reasons without a number to bar, or that must not last. */
const NEVER_BARRED = ["anonymous", "quiet-hours"];

/** Room for the decisions of recent calls. */
export const newDecidedCalls = (): DecidedCalls => new BoundedMap(MOST_CALLS, ({ isOpen }) => isOpen);

/** Decides the calls of one node. */
export class Blocker {
  private readonly calls: DecidedCalls;
  private readonly shortCalls: ShortCalls;

  constructor(private readonly parts: BlockerParts) {
    this.calls = parts.calls ?? newDecidedCalls();
    this.shortCalls = new ShortCalls(parts.options.repeatSeconds);
  }

  /** The configured rules, with the allow list. */
  get rules(): BlockRules {
    const { options, memory } = this.parts;
    return { ...options.rules, allowedKeys: memory.allowed.map(({ key }) => key) };
  }

  /**
   * The decision of an incoming call. All its events get the same one; undefined for a call whose ring was
   * missed. Only if the ring is repeated with late answers of sources, an allowed call is decided again. An
   * error is reported once. `own`: rules of this message.
   */
  async incoming(event: CallEvent, info?: CallerInfo, own?: OwnRules): Promise<DecisionResult | undefined> {
    const known = this.calls.get(event.callId);
    if (event.event !== "ring") {
      const result = known ? await known.deciding : this.fromJournal(event.callId);
      if (event.event === "disconnect") {
        // What was missed in a gap is no fresh call.
        if (!event.recovered) this.shortCalls.ended(callerOf(event), event);
        if (!event.recovered || result) noteEnded(this.parts.memory, event, result?.decision);
      }
      return result && { decision: result.decision };
    }
    const complete = info?.complete !== false;
    const isLate = known?.complete === false && info !== undefined && complete;
    const before = known && (await known.deciding);
    if (before && !(isLate && before.decision.verdict === "allow")) return { decision: before.decision };
    const deciding = this.decideAndAct({ number: event.caller.number, info, event }, own);
    const call = { deciding, complete, isOpen: true };
    this.calls.set(event.callId, call);
    const close = () => (call.isOpen = false);
    void deciding.then(close, close);
    return await deciding; // the same number of steps as for the other events of the call keeps their order
  }

  /** Decides about a caller without a call. */
  caller(info: CallerInfo, own?: OwnRules): Promise<DecisionResult> {
    return this.decideAndAct({ number: info.number, info, event: undefined }, own);
  }

  /** Decides about a call of the box's call list, without writing to the box or the journal. */
  async past({ number, at, called }: PastCaller, info?: CallerInfo, own?: OwnRules): Promise<Decision> {
    const rules = { ...this.rules, ...(await own) };
    const { decision } = await this.decide({ number, info, event: undefined }, rules, { ...whenOf(at), called });
    return decision.verdict === "block" ? { ...decision, action: "dry-run" } : decision;
  }

  private async decide(call: CallToDecide, rules: BlockRules, times: BlockContext) {
    const { lookup, phrase, memory } = this.parts;
    const known = await lookup.look(call.number, call.info);
    const context = { ...known.context, ...(memory.isUnreadable && { contactsUnknown: "state-unreadable" as const }) };
    for (const list of [rules.allowPatterns, rules.blockPatterns]) await preparePatterns(list, context.plan);
    return { ...known, context, decision: decide(known.info, rules, { ...context, ...times, phrase }) };
  }

  private async decideAndAct(call: CallToDecide, own?: OwnRules): Promise<DecisionResult> {
    const rules = { ...this.rules, ...(await own) };
    const { decision: decided, info, context, error } = await this.decide(call, rules, this.times(call, rules));
    const decision = { ...decided, ...defined({ campaign: this.campaign(call, info, decided, context) }) };
    const result = await this.act(decision, { ...call, info }, context);
    if (result.decision.because === "friends-unknown" && error !== undefined) result.error ??= error;
    if (result.error !== undefined) result.decision.error = this.parts.sentence(result.error);
    this.note(result.decision, { ...call, info });
    return result;
  }

  private campaign({ event }: CallToDecide, { e164 = "" }: CallerInfo, { because }: Decision, { plan }: BlockContext) {
    if (!event || event.replayed) return undefined;
    return campaignOf(this.parts.memory.journal, { key: e164, at: event.at, because }, plan ?? DEFAULT_PLAN);
  }

  /** Time of day by the box's clock, and the number of short calls of this number. */
  private times({ event }: CallToDecide, { repeatMinutes }: BlockRules): BlockContext {
    if (!event) return {};
    const minutes = numberOr(repeatMinutes, RULE_DEFAULTS.repeatMinutes);
    const since = Date.parse(event.at) - minutes * MINUTE_MS;
    return {
      ...whenOf(event.at),
      called: event.called.number,
      shortCalls: this.shortCalls.since(callerOf(event), since),
    };
  }

  /** Executes the configured action; the decision's `action` is its result. */
  private async act(decision: Decision, call: CallToDecide, context: BlockContext): Promise<DecisionResult> {
    const { options, barring } = this.parts;
    const { action, dryRun } = options;
    const keys = [call.info?.e164 ?? "", ...lookupKeys(call.number, context.plan ?? DEFAULT_PLAN)];
    if (decision.verdict === "allow") {
      // Became a contact after it was barred: the box still rejects it until the entry is removed.
      const barred = this.parts.memory.entries.some((entry) => keys.some((key) => covers(entry.key, key)));
      if (barred) void barring?.tidy();
      return { decision };
    }
    if (dryRun || call.event?.replayed) return { decision: { ...decision, action: "dry-run" } };
    if (action === "decide" || NEVER_BARRED.includes(decision.because)) return { decision };
    if (decision.because === "block-book") return { decision: { ...decision, action: "already-there" } };
    const key = keys.find(isBarrable);
    if (key === undefined) return { decision };
    if (!barring) return failed(decision, new FritzError("no-box"));
    const outcome = await barring.bar(this.order(key, decision.because, call));
    return outcome.action === "spared" ? { decision: this.getsThrough(decision) } : withOutcome(decision, outcome);
  }

  private order(key: string, because: string, { number, info, event }: CallToDecide): BarringOrder {
    const at = event?.at ?? new Date(this.parts.clock.now()).toISOString();
    const name = info?.name || info?.display || number;
    return { key, number, at, name, because, ...(event && { callId: event.callId }) };
  }

  /** The barring run found a contact. */
  private getsThrough({ action }: Decision): Decision {
    const explanation = this.parts.phrase("spared", {});
    return { verdict: "allow", because: "contact", explanation, action };
  }

  private note(decision: Decision, { number, info, event }: CallToDecide): void {
    const { verdict, ...said } = decision;
    const name = info?.name;
    this.parts.memory.note({
      at: event?.at ?? new Date(this.parts.clock.now()).toISOString(),
      what: verdict === "allow" ? "allowed" : "blocked",
      number,
      ...defined({ name }),
      ...(event && { callId: event.callId }),
      ...said,
    });
  }

  /** The decision of a call from before a restart. */
  private fromJournal(callId: string): DecisionResult | undefined {
    const entry = this.parts.memory.journal.find(
      ({ what, callId: of }) => of === callId && (what === "allowed" || what === "blocked"),
    );
    if (!entry) return undefined;
    const { what, because = "", explanation = "", action = "none", rule, book, campaign } = entry;
    const verdict = what === "allowed" ? "allow" : "block";
    const more = { ...defined({ rule }), action, ...defined({ book, campaign }) };
    return { decision: { verdict, because, explanation, ...more } };
  }
}

/** Identifies a caller, also without an E.164 number. */
const callerOf = ({ caller }: CallEvent) => caller.e164 ?? caller.number;

function withOutcome(decision: Decision, { action, book = "", error }: BarringOutcome): DecisionResult {
  if (action === "failed") return failed(decision, error);
  const done = action === "already-there" ? "already-there" : "added";
  return { decision: { ...decision, action: done, ...(book !== "" && { book }) } };
}

const failed = (decision: Decision, error: unknown): DecisionResult => ({
  decision: { ...decision, action: "failed" },
  error,
});
