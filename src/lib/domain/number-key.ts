/** L1 domain: a written number -> the key under which a phonebook finds it, whatever form it is written in. */
import { withoutFinalHash } from "../model/number-text";
import type { DialPlan } from "../model/phone-number";

/** `wildcard`: the number is a range, `text` its beginning. */
export interface NumberKey {
  text: string;
  wildcard: boolean;
}

/** Digits with country and area code; internal and SIP numbers as they are. "" for nothing that could be dialled. */
export function numberKey(written: string, plan: DialPlan): NumberKey {
  const text = withoutFinalHash(written.trim());
  if (text.startsWith("**")) return { text: text.replace(/\s/g, ""), wildcard: false };
  if (text.includes("@")) return { text: text.replace(/^sips?:/i, "").toLowerCase(), wildcard: false };
  const wildcard = text.endsWith("*");
  const digits = text
    .replace(/\(\+?[\d\s]{5,}\)\*?$/, "")
    .replace(/^((?:\+|00)[\d\s]+)\(0\)/, "$1")
    .replace(/[^\d+]/g, "");
  return { text: withCodes(digits, plan), wildcard };
}

function withCodes(digits: string, { countryCode, areaCode, trunkPrefix = "0", intlPrefix = "00" }: DialPlan): string {
  if (digits === "" || digits.startsWith("+")) return digits;
  if (intlPrefix !== "" && digits.startsWith(intlPrefix)) return `+${digits.slice(intlPrefix.length)}`;
  if (trunkPrefix !== "" && digits.startsWith(trunkPrefix)) return `+${countryCode}${digits.slice(trunkPrefix.length)}`;
  if (trunkPrefix === "") return `+${countryCode}${digits}`;
  // A local number; three digits and less are a service or an extension.
  return areaCode === undefined || digits.length <= 3 ? digits : `+${countryCode}${areaCode}${digits}`;
}
