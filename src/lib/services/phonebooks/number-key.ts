/** L3 services: a written number -> the key under which a phonebook files and finds it, whatever form it is written in. */
import { presentationOf } from "../../model/number-text";
import type { DialPlan } from "../../model/phone-number";
import { lookupKeys } from "../numbers";

/** `wildcard`: the number is a range, `text` its beginning. "" finds nothing. */
export interface NumberKey {
  text: string;
  wildcard: boolean;
  /** Under which a caller is looked for besides: the number that was probably meant. */
  meant?: string;
}

/** The E.164 form, the literal one of internal and SIP numbers; what is no number is itself: a box matches it letter by letter. */
export function numberKey(written: string, plan: DialPlan): NumberKey {
  const [key, meant] = lookupKeys(written, plan);
  if (key === undefined) return { text: literal(written), wildcard: false };
  if (key.endsWith("*")) return { text: key.slice(0, -1), wildcard: true };
  return { text: key, wildcard: false, ...(meant !== undefined && { meant }) };
}

/** Such as a number whose last digits are masked. */
function literal(written: string): string {
  return presentationOf(written.trim()) === "allowed" ? written.replace(/\s/g, "").toLowerCase() : "";
}
