/** Calls that `fritz-hangup` ended, as the journal keeps them: the box itself lists them as answered. */
import { MINUTE_MS } from "../core/time";
import { type DialPlan, lookupKeys, sameNumber } from "../numbers/index";
import type { CallEvent } from "../calls/types";
import type { BlockMemory } from "./state";
import type { Decision, JournalEntry } from "./types";

/** So far apart are the beginning of a call in the box's list and its end in the journal, ms: an ended call is short. */
const APART_MS = 5 * MINUTE_MS;

/** Notes the end of a call once; replayed events are no calls. */
export function noteEnded(memory: BlockMemory, event: CallEvent, decision: Decision | undefined): void {
  const { at, callId, caller, outcome, replayed } = event;
  if (outcome !== "hungup" || replayed) return;
  if (memory.journal.some((entry) => entry.what === "hungup" && entry.callId === callId)) return;
  const reason = decision && { because: decision.because };
  memory.note({ at, what: "hungup", number: caller.number, callId, ...reason });
}

/** Whether the last that happened to a number's calls is that one was ended: the user has not said anything about it since. */
export function endedLast(journal: readonly JournalEntry[], key: string, plan: DialPlan): boolean {
  const said = journal.find(
    ({ what, number }) =>
      (what === "hungup" || what === "false-alarm" || what === "revoked") && lookupKeys(number, plan)[0] === key,
  );
  return said?.what === "hungup";
}

/** Whether a call of the box's list is one that was ended. */
export function wasEnded(journal: readonly JournalEntry[], { number, at }: { number: string; at: string }): boolean {
  return journal.some(
    (entry) =>
      entry.what === "hungup" &&
      Math.abs(Date.parse(entry.at) - Date.parse(at)) < APART_MS &&
      sameNumber(entry.number, number),
  );
}
