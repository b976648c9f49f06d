/** Verdicts and ringing calls, brought together: only an explicit "block" for exactly this number ends a call. */
import { type Timer, ofLastHour } from "../core/clock";
import type { IncomingCall } from "./call";
import type { CallEnd } from "./call-types";
import {
  EarlyVerdicts,
  type HangupsOptions,
  type PastHangups,
  type HangupReport,
  timesOf,
  type Verdict,
} from "./reports";
import { contactVeto, type Veto, vetoFor } from "./caller";

/** Answering faster loses the race against the other phones: their 180 and our 200 cross. */
const LEAST_DELAY_MS = 200;
/** A wanted call is given up after so long, ms: a quicker final answer silences the box's app phones. */
const RELEASE_MS = 3_000;
/** A call without a verdict is given up after so long, ms. */
const NO_VERDICT_MS = 15_000;

/** One user of an agent: its verdicts, its rules, and the results of its calls. */
export class Hangups {
  private readonly early: EarlyVerdicts;
  /** Calls without a result yet, oldest first. */
  private readonly open = new Map<IncomingCall, Timer>();
  private readonly decided = new WeakSet<IncomingCall>();
  /** Why a call is ended or given up. */
  private readonly reasons = new WeakMap<IncomingCall, string>();
  private readonly past: PastHangups;
  private readonly stop: () => void;

  constructor(private readonly options: HangupsOptions) {
    this.past = options.past ?? { times: [] };
    this.early = new EarlyVerdicts(options.clock, (verdict) => this.missed(verdict));
    this.stop = options.agent.listen({ call: (call) => this.called(call) });
    // Calls that ring over a deploy were reported already.
    for (const call of options.agent.ringing.reverse()) this.take(call);
  }

  /** How many timers and calls are kept. */
  get size(): number {
    return this.early.size + this.open.size;
  }

  /** What was decided about a number; in either order with its call. */
  decide(verdict: Verdict): void {
    const key = this.options.keyOf(verdict.number);
    const call = this.callFor(verdict, key);
    if (call) return this.apply(verdict, call);
    if (key === "" || verdict.sipCallId !== undefined) this.missed(verdict);
    else this.early.add(key, verdict);
  }

  /** Stops acting; calls that ring, ring on. */
  close(): void {
    this.stop();
    for (const timer of this.open.values()) timer.cancel();
    this.early.clear();
    this.open.clear();
  }

  private callFor({ sipCallId, number }: Verdict, key: string): IncomingCall | undefined {
    const isMeant = (call: IncomingCall) =>
      sipCallId === undefined
        ? key !== "" && this.keyOf(call) === key
        : call.sipCallId === sipCallId && call.caller.number === number;
    return [...this.open.keys()].reverse().find((call) => !this.decided.has(call) && isMeant(call));
  }

  private keyOf(call: IncomingCall): string {
    return call.caller.withheld ? "" : this.options.keyOf(call.caller.number);
  }

  /** Waits for a verdict about a call. False if it is none of this user's. */
  private take(call: IncomingCall): boolean {
    const { clock, isOwn } = this.options;
    if (!isOwn(call.caller.called)) return false;
    const leftMs = Math.max(0, call.arrivedMs + NO_VERDICT_MS - clock.now());
    this.open.set(
      call,
      clock.after(leftMs, () => this.giveUp(call, "no-verdict")),
    );
    call.onEnd((end) => this.ended(call, end));
    return true;
  }

  private called(call: IncomingCall): void {
    const { keyOf, onIncoming } = this.options;
    const { number, name, ...caller } = call.caller;
    if (!this.take(call)) return;
    const key = caller.withheld ? "" : keyOf(number);
    onIncoming({
      event: "incoming",
      number,
      ...(key.startsWith("+") && { e164: key }),
      ...(name !== "" && { name }),
      ...caller,
      sipCallId: call.sipCallId,
    });
    const verdict = this.open.has(call) && !this.decided.has(call) ? this.early.take(key) : undefined;
    if (verdict) this.apply(verdict, call);
  }

  private missed({ action, number, because }: Verdict): void {
    if (action !== "block") return;
    const { agent, onResult } = this.options;
    const why = agent.state.kind === "registered" ? (because ?? "block") : "not-registered";
    onResult({ event: "no-call", number, because: why, ms: { ring: 0 } });
  }

  private apply(verdict: Verdict, call: IncomingCall): void {
    this.decided.add(call);
    if (verdict.action !== "block")
      return this.later(call, RELEASE_MS, () => this.giveUp(call, verdict.because ?? "pass"));
    const veto = vetoFor(call.caller, this.options);
    if (veto) return this.veto(call, veto);
    const because = verdict.because ?? "block";
    const contact = contactVeto(call.caller.number, verdict.book, this.options.isContact);
    this.later(call, Math.max(this.options.delayMs, LEAST_DELAY_MS), () => {
      this.later(call, NO_VERDICT_MS, () => this.giveUp(call, "contacts-unread"));
      void contact.then((found) => {
        if (!this.open.has(call)) return;
        if (found) this.veto(call, found);
        else this.end(call, because, verdict.dryRun === true);
      });
    });
  }

  /** Runs at a time after the INVITE, instead of what was planned for the call. */
  private later(call: IncomingCall, afterInviteMs: number, run: () => void): void {
    const { clock } = this.options;
    this.open.get(call)?.cancel();
    this.open.set(call, clock.after(Math.max(0, call.arrivedMs + afterInviteMs - clock.now()), run));
  }

  private end(call: IncomingCall, because: string, verdictDryRun: boolean): void {
    const { perHour, clock } = this.options;
    const dryRun = this.options.dryRun ? "node" : verdictDryRun ? "decision" : undefined;
    const now = clock.now();
    this.past.times = ofLastHour(this.past.times, now);
    const full = this.past.times.length >= perHour;
    if (dryRun || full) {
      this.result("would-hangup", call, dryRun ? because : "per-hour", dryRun);
      return this.step(call);
    }
    this.reasons.set(call, because);
    if (call.hangUp()) this.past.times.push(now);
    else {
      this.result("failed", call, "no-codec");
      this.step(call);
    }
  }

  private veto(call: IncomingCall, because: Veto): void {
    this.result("vetoed", call, because);
    this.step(call);
  }

  /** A call with its result leaves the agent when the app phones had their time. */
  private step(call: IncomingCall): void {
    const { clock } = this.options;
    clock.after(Math.max(0, call.arrivedMs + RELEASE_MS - clock.now()), () => call.release());
  }

  private giveUp(call: IncomingCall, because: string): void {
    this.reasons.set(call, because);
    call.release();
  }

  private ended(call: IncomingCall, end: CallEnd): void {
    if (!this.open.has(call)) return;
    const planned = this.reasons.get(call) ?? "cancelled";
    switch (end.how) {
      case "lost":
        return this.result(call.answeredMs === undefined ? "released" : "failed", call, "connection-lost");
      case "failed":
        return this.result("failed", call, end.because);
      case "cancelled":
        return this.result("cancelled", call, "cancelled");
      case "hungup":
      case "released":
        return this.result(end.how, call, planned);
    }
  }

  private result(
    event: HangupReport["event"],
    call: IncomingCall,
    because: string,
    dryRun?: HangupReport["dryRun"],
  ): void {
    this.open.get(call)?.cancel();
    if (!this.open.delete(call)) return;
    const ms = timesOf(call, this.options.clock.now());
    this.options.onResult({ event, number: call.caller.number, because, ms, ...(dryRun && { dryRun }) });
  }
}
