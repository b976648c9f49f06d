/** L3 services: judges each call once, acts on it, and keeps both in the journal. */
import { covers, isBarrable } from "../domain/barred-number";
import { decide } from "../domain/block-rules";
import { numberOr } from "../domain/caller-facts";
import { GERMANY } from "../domain/number-patterns";
import type { BlockContext, BlockRules, Phrase } from "../model/block-rules";
import type { CallEvent } from "../model/call-event";
import type { CallerInfo } from "../model/caller-info";
import type { Decision } from "../model/decision";
import { FritzError } from "../model/errors";
import type { Clock } from "../model/ports";
import type { Outcome } from "./bar-bench";
import type { Barring, Order } from "./barring";
import type { BlockMemory } from "./block-memory";
import type { CallerLookup } from "./caller-lookup";
import { lookupKeys } from "./numbers";
import { ShortCalls } from "./short-calls";

/** Calls whose decision is remembered, until the journal must do. */
const MOST_CALLS = 256;
/** Nobody to bar, or nothing that should last. */
const NEVER_BARRED = ["anonymous", "quiet-hours"];

export interface BlockerOptions {
  rules: BlockRules;
  action: "decide" | "phonebook" | "barring";
  dryRun: boolean;
  /** A call that rang and talked no longer is short, s. */
  repeatSeconds: number;
}

export interface BlockerParts {
  options: BlockerOptions;
  lookup: CallerLookup;
  memory: BlockMemory;
  clock: Clock;
  phrase: Phrase;
  /** Without a box nothing can be barred. */
  barring: Barring | undefined;
  /** The sentence of a failure. */
  sentence: (error: unknown) => string;
}

/** A decision, and the failure that the user should hear of, if there was one. */
export interface Judged {
  decision: Decision;
  error?: unknown;
}

/** What was decided, and whether a source was cut off that might have said more. */
interface KnownCall {
  judging: Promise<Judged>;
  complete: boolean;
}

/** A call, as far as it matters here. */
interface Call {
  number: string;
  info: CallerInfo | undefined;
  event: CallEvent | undefined;
}

/** The judge of a node. */
export class Blocker {
  private readonly calls = new Map<string, KnownCall>();
  private readonly shortCalls: ShortCalls;

  constructor(private readonly parts: BlockerParts) {
    this.shortCalls = new ShortCalls(parts.options.repeatSeconds);
  }

  /** The allow patterns, and the numbers that turned out to be good. */
  get rules(): BlockRules {
    const { options, memory } = this.parts;
    const allowed = memory.allowed.map(({ key }) => key);
    return { ...options.rules, allowPatterns: [...(options.rules.allowPatterns ?? []), ...allowed] };
  }

  /**
   * The decision of an incoming call. All its events get the same one; undefined for a call whose ring was never heard. Only
   * if the ring comes again with what sources said too late, a call that got through is judged anew. A failure is told once.
   */
  async incoming(event: CallEvent, info?: CallerInfo): Promise<Judged | undefined> {
    const known = this.calls.get(event.callId);
    if (event.event !== "ring") {
      const judged = known ? await known.judging : this.fromJournal(event.callId);
      if (event.event === "disconnect") this.shortCalls.ended(callerOf(event), event);
      return judged && { decision: judged.decision };
    }
    const complete = info?.complete !== false;
    const isLate = known?.complete === false && info !== undefined && complete;
    const before = known && (await known.judging);
    if (before && !(isLate && before.decision.verdict === "allow")) return { decision: before.decision };
    const judging = this.judge({ number: event.caller.number, info, event });
    this.calls.set(event.callId, { judging, complete });
    const [oldest] = this.calls.keys();
    if (this.calls.size > MOST_CALLS && oldest !== undefined) this.calls.delete(oldest);
    return await judging; // as many steps as the other events of the call: nobody overtakes
  }

  /** Judges a caller without a call. */
  caller(info: CallerInfo): Promise<Judged> {
    return this.judge({ number: info.number, info, event: undefined });
  }

  private async judge(call: Call): Promise<Judged> {
    const { lookup, phrase } = this.parts;
    const { info, context, error } = await lookup.look(call.number, call.info);
    const decision = decide(info, this.rules, { ...context, ...this.times(call), phrase });
    const judged = await this.act(decision, { ...call, info }, context);
    if (judged.decision.because === "lookup-failed" && error !== undefined) judged.error ??= error;
    if (judged.error !== undefined) judged.decision.error = this.parts.sentence(judged.error);
    this.note(judged.decision, { ...call, info });
    return judged;
  }

  /** Time of day by the box's own clock, and how often the number called shortly. */
  private times({ event }: Call): BlockContext {
    if (!event) return {};
    const minutes = numberOr(this.parts.options.rules.repeatMinutes, 60);
    const since = Date.parse(event.at) - minutes * 60_000;
    return { time: event.at.slice(11, 16), shortCalls: this.shortCalls.since(callerOf(event), since) };
  }

  /** What is said to be done is done. */
  private async act(decision: Decision, call: Call, context: BlockContext): Promise<Judged> {
    const { options, barring } = this.parts;
    const { action, dryRun } = options;
    const keys = [call.info?.e164 ?? "", ...lookupKeys(call.number, context.plan ?? GERMANY)];
    if (decision.verdict === "allow") {
      // A friend who was barred before she was known: the box still rejects her, but not for long.
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
    return outcome.action === "spared" ? { decision: this.spared(decision) } : withOutcome(decision, outcome);
  }

  private order(key: string, because: string, { number, info, event }: Call): Order {
    const at = event?.at ?? new Date(this.parts.clock.now()).toISOString();
    const name = info?.name || info?.display || number;
    return { key, number, at, name, because, ...(event && { callId: event.callId }) };
  }

  /** The fresh look into the books found a friend. */
  private spared({ action }: Decision): Decision {
    const explanation = this.parts.phrase("spared", {});
    return { verdict: "allow", because: "contact", explanation, action };
  }

  private note(decision: Decision, { number, info, event }: Call): void {
    const { verdict, ...said } = decision;
    const name = info?.name;
    this.parts.memory.note({
      at: event?.at ?? new Date(this.parts.clock.now()).toISOString(),
      what: verdict === "allow" ? "allowed" : "blocked",
      number,
      ...(name !== undefined && { name }),
      ...(event && { callId: event.callId }),
      ...said,
    });
  }

  /** The decision of a call that was judged before a restart. */
  private fromJournal(callId: string): Judged | undefined {
    const entry = this.parts.memory.journal.find(
      ({ what, callId: of }) => of === callId && (what === "allowed" || what === "blocked"),
    );
    if (!entry) return undefined;
    const { what, because = "", explanation = "", action = "none", rule, book } = entry;
    const verdict = what === "allowed" ? "allow" : "block";
    const more = { ...(rule !== undefined && { rule }), action, ...(book !== undefined && { book }) };
    return { decision: { verdict, because, explanation, ...more } };
  }
}

/** The same caller has the same name here, whatever it is. */
const callerOf = ({ caller }: CallEvent) => caller.e164 ?? caller.number;

function withOutcome(decision: Decision, { action, book = "", error }: Outcome): Judged {
  if (action === "failed") return failed(decision, error);
  const done = action === "already-there" ? "already-there" : "added";
  return { decision: { ...decision, action: done, ...(book !== "" && { book }) } };
}

const failed = (decision: Decision, error: unknown): Judged => ({ decision: { ...decision, action: "failed" }, error });
