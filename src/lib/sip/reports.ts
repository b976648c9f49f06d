/** What `fritz-hangup` takes and gives: verdicts, calls that come in, and what became of them. Plain JSON. */

import type { IncomingCall } from "./call";

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
