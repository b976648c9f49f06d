/** What `fritz-hangup` takes and gives: verdicts, calls that come in, and what became of them. Plain JSON. */
import type { IncomingCall } from "./call";
import type { Clock, Timer } from "../core/clock";
import type { HangupAgent } from "./agent";
import type { ContactCheck, VetoRules } from "./caller";

export interface Verdict {
  action: "block" | "pass";
  number: string;
  /** Of one call, where it is known; else the newest call of the number is meant. */
  sipCallId?: string;
  /** A code, e.g. of the decision: "spam-score". */
  because?: string;
  /** The phonebook that the block rests on: an entry in it is no contact. */
  book?: string;
  /** Only report what would be done, whatever the node is set to. */
  dryRun?: boolean;
}

export interface IncomingReport {
  event: "incoming";
  number: string;
  e164?: string;
  name?: string;
  called?: string;
  withheld: boolean;
  internal: boolean;
  knownToBox: boolean;
  sipCallId: string;
}

const RESULTS = ["hungup", "would-hangup", "released", "cancelled", "vetoed", "no-call", "failed"] as const;

export interface HangupReport {
  event: (typeof RESULTS)[number];
  number: string;
  /**
   * The verdict's code, or why not: a `Veto`, "per-hour", "no-verdict", "no-codec", "no-ack", "no-answer", "connection-lost",
   * "not-registered".
   */
  because: string;
  /** From the INVITE on: how long it rang, when it was answered, when it was ended. */
  ms: { ring: number; answer?: number; end?: number };
  /** With "would-hangup": whose dry run it was, that of the node, or of the one that decided. */
  dryRun?: "node" | "decision";
}
/** From the INVITE on: how long it rang, when it was answered and ended, ms. */
export function timesOf({ arrivedMs, answeredMs, byeMs }: IncomingCall, nowMs: number): HangupReport["ms"] {
  return {
    ring: (answeredMs ?? nowMs) - arrivedMs,
    ...(answeredMs !== undefined && { answer: answeredMs - arrivedMs }),
    ...(byeMs !== undefined && { end: byeMs - arrivedMs }),
  };
}

// Verdicts that came before their call: each waits a moment, by the number's key.

/** A verdict may come so long before its call, ms: lookups are sometimes faster than the box. */
const EARLY_MS = 5_000;
/** Verdicts that wait at the same time. */
const MOST = 200;

/** The verdicts of one user that wait for their call. */
export class EarlyVerdicts {
  private readonly waiting = new Map<string, { verdict: Verdict; timer: Timer }>();

  constructor(
    private readonly clock: Clock,
    /** No call came in time. */
    private readonly missed: (verdict: Verdict) => void,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  /** Replaces an older verdict about the same number. */
  add(key: string, verdict: Verdict): void {
    this.take(key);
    if (this.waiting.size >= MOST) return;
    const timer = this.clock.after(EARLY_MS, () => {
      this.waiting.delete(key);
      this.missed(verdict);
    });
    this.waiting.set(key, { verdict, timer });
  }

  /** The verdict about a number; it waits no longer. */
  take(key: string): Verdict | undefined {
    const found = this.waiting.get(key);
    found?.timer.cancel();
    this.waiting.delete(key);
    return found?.verdict;
  }

  clear(): void {
    for (const { timer } of this.waiting.values()) timer.cancel();
    this.waiting.clear();
  }
}

// What one user of an agent sets: its rules, and where its results go.

/** When calls were ended, ms since 1970: kept for the user's successor, so that a deploy starts no new hour. */
export interface PastHangups {
  times: number[];
}

export interface HangupsOptions extends VetoRules {
  agent: HangupAgent;
  clock: Clock;
  /** Whether the called own number is one to act for; undefined if the box does not say which it is. */
  isOwn: (called: string | undefined) => boolean;
  /** Whether a number is a contact's. Rejects if that cannot be found out: then the call is left ringing. */
  isContact?: ContactCheck;
  /** Between INVITE and 200, ms; 200 at least. */
  delayMs: number;
  /** More hang-ups in an hour are only reported. */
  perHour: number;
  past?: PastHangups;
  dryRun: boolean;
  onIncoming: (report: IncomingReport) => void;
  onResult: (report: HangupReport) => void;
}

/** Whether an own number is one of those to act for; [] = all. A call whose own number is not known is not of them. */
export function isCalledOf(
  numbers: readonly string[],
  keyOf: (number: string) => string,
): (called: string | undefined) => boolean {
  const keys = new Set(numbers.map(keyOf));
  return (called) => numbers.length === 0 || (called !== undefined && keys.has(keyOf(called)));
}
