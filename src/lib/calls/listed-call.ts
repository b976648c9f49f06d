/** What a value of unknown origin must have to be taken for a call of the box's call list. */
import { propertiesOf } from "../core/unknown";
import type { Call } from "./call";

/** Longer than any number with prefixes, separators and network number. */
const LONGEST_NUMBER = 100;

/** A call of the list, as far as one needs to know. */
export function isListedCall(value: unknown): value is Call {
  const { at, kind, caller, called } = propertiesOf(value);
  return typeof at === "string" && typeof kind === "string" && [caller, called].every(isParty);
}

function isParty(value: unknown): boolean {
  const { number } = propertiesOf(value);
  return typeof number === "string" && number.length <= LONGEST_NUMBER;
}
