/** L3 services: numbers of other countries, judged by libphonenumber-js, which is loaded with the first of them. */
import type { NumberType } from "../model/caller-info";
import type { ForeignNumber, ForeignNumbers } from "../model/numbering";

type Library = typeof import("libphonenumber-js/max");

let library: Library | undefined;

/** 50 ms and 9 MB that a home without calls from abroad never spends. */
function load(): Library {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- at once, but not before it is needed
  library ??= require("libphonenumber-js/max") as Library;
  return library;
}

/** Google's kinds, in our words. */
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

/** With the full metadata (`/max`): the smaller ones know neither kinds nor what is valid. */
export const foreignNumbers: ForeignNumbers = {
  judge(e164): ForeignNumber {
    const { parsePhoneNumberFromString, validatePhoneNumberLength } = load();
    const number = parsePhoneNumberFromString(e164, { extract: false });
    const type = TYPES[number?.getType() ?? ""];
    const valid = number?.isValid() ?? false;
    const length = valid ? undefined : validatePhoneNumberLength(e164); // it would read the number once more
    return {
      ...(number?.country && { region: number.country }),
      ...(type && { type }),
      valid,
      ...(length === "TOO_SHORT" && { fault: "too-short" as const }),
      ...(length === "TOO_LONG" && { fault: "too-long" as const }),
    };
  },
};
