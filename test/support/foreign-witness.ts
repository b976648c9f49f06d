/** Test support: what libphonenumber-js itself says of a number, as an independent witness of the plans. */
import { parsePhoneNumberFromString, validatePhoneNumberLength } from "libphonenumber-js/max";
import type { ForeignNumber, NumberType } from "../../src/lib/numbers/types";

/** The library's types -> ours. */
const TYPES: Readonly<Record<string, NumberType>> = {
  FIXED_LINE: "landline",
  FIXED_LINE_OR_MOBILE: "landline", // North America does not tell them apart
  MOBILE: "mobile",
  VOIP: "nomadic",
  TOLL_FREE: "freephone",
  SHARED_COST: "shared-cost",
  PREMIUM_RATE: "premium",
  PERSONAL_NUMBER: "personal",
  PAGER: "pager",
  UAN: "vpn", // a company's number for all its places
  VOICEMAIL: "mobile",
};

/** `e164` with its plus. */
export function witnessOf(e164: string): ForeignNumber {
  const number = parsePhoneNumberFromString(e164, { extract: false });
  const kind = number?.getType();
  const type = TYPES[kind ?? ""];
  const length = kind === undefined ? validatePhoneNumberLength(e164) : undefined;
  const found: ForeignNumber = { valid: kind !== undefined };
  if (number) found.e164 = number.number;
  if (number?.country) found.region = number.country;
  if (type) found.type = type;
  if (length === "TOO_SHORT") found.fault = "too-short";
  if (length === "TOO_LONG") found.fault = "too-long";
  return found;
}
