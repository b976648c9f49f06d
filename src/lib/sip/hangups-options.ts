/** What one user of an agent sets: its rules, and where its results go. */
import type { Clock } from "../core/clock";
import type { HangupAgent } from "./agent";
import type { HangupReport, IncomingReport } from "./reports";
import type { ContactCheck, VetoRules } from "./veto";

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
