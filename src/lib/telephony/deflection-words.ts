/** Words for the rules of a box: the roles that a user may name, and the keys of a rule's sentence. For the editor, too. */

/** Instead of one rule: the box's rule that rejects every call, or callers who are in no phonebook. */
export const DEFLECTION_ROLES = ["do-not-disturb", "only-known-callers"] as const;
export type DeflectionRole = (typeof DEFLECTION_ROLES)[number];

/** Types and modes with a text of their own; others are shown as the box has them. */
const TYPES: readonly string[] = [
  ...["fromAll", "toAny", "fromAnonymous", "fromNumber", "fromPB", "fromNotInPhonebook", "fromNotVIP", "fromVIP"],
  ...["toMSN", "toPOTS", "toVoIP", "fon1", "fon2", "fon3", "fon4"],
];
const MODES: readonly string[] = [
  ...["eNoSignal", "eImmediately", "eShortDelayed", "eLongDelayed", "eDelayed", "eBusy", "eDelayedOrBusy"],
  ...["eParallelCall", "eDirectCall", "eBellBlockade"],
];

/** What a sentence says of a rule. */
export interface RuleWords {
  type: string;
  mode: string;
  number: string;
  target: string;
  book?: string;
}

/** "Calls from 0900* are rejected." `translate`: a text of the catalogue of `fritz-deflection`. */
export function ruleSentence(
  { type, mode, number, target, book = "" }: RuleWords,
  translate: (key: string, values: Record<string, string>) => string,
): string {
  const who = translate(`who.${TYPES.includes(type) ? type : "other"}`, { type, number, book });
  const what = translate(`what.${MODES.includes(mode) ? mode : "other"}`, { mode, target });
  return `${who} ${what}`;
}
