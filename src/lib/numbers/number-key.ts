/** Key of a number in a phonebook, the same for every written form. */
import { presentationOf } from "./presentation";
import type { DialPlan } from "./phone-number";
import { lookupKeys } from "./engine";

/** `wildcard`: the number is a range, `text` its beginning. "" finds nothing. */
export interface NumberKey {
  text: string;
  wildcard: boolean;
  /** Further key to look up: the number that was probably meant. */
  meant?: string;
}

/**
 * The E.164 form, or the literal text of internal and SIP numbers; an invalid number is its own key, as a box
 * compares it letter by letter.
 */
export function numberKey(written: string, plan: DialPlan): NumberKey {
  const [key, meant] = lookupKeys(written, plan);
  if (key === undefined) return { text: literal(written), wildcard: false };
  if (key.endsWith("*")) return { text: key.slice(0, -1), wildcard: true };
  return { text: key, wildcard: false, ...(meant !== undefined && { meant }) };
}

/** For example a number whose last digits are masked. */
function literal(written: string): string {
  return presentationOf(written.trim()) === "allowed" ? written.replace(/\s/g, "").toLowerCase() : "";
}
