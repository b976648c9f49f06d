/** What a number alone shows: its kind, the operator of a mobile number, and a page to look it up by hand. */
import type { CallerInfo } from "./types";
import { keptLocal } from "./privacy";
import type { NormalizedNumber } from "../numbers/index";

/** Kinds that are worth a word; each has a sentence `kind.…` in the node's texts. */
export const NAMED_KINDS = ["mobile", "freephone", "shared-cost", "premium", "mass", "personal", "nomadic"] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];

/** The words of the kinds, in the language of the reader. */
export type KindWords = Readonly<Record<NamedKind, string>>;

/** The operators' present names; the numbering plan has the first ones. */
const PRESENT_NAMES: Readonly<Record<string, string>> = {
  "T-Mobile": "Telekom",
  Eplus: "Telefónica",
  O2: "Telefónica",
};
/** Digits of a German service prefix behind its 0. */
const PREFIX_DIGITS: Partial<Record<NamedKind, number>> = {
  freephone: 3,
  "shared-cost": 3,
  premium: 3,
  mass: 3,
  personal: 3,
  nomadic: 2,
};

/** `operator`: who first had the block of a German mobile number; `kind`: "Mobile", "0800 · free of charge". */
export function describeKind(
  number: NormalizedNumber,
  words: KindWords | undefined,
): Pick<CallerInfo, "kind" | "operator"> {
  const { type, operator, country, e164 } = number;
  const named = NAMED_KINDS.find((kind) => kind === type);
  const digits = named && PREFIX_DIGITS[named];
  const prefix = country === "DE" && digits ? `0${e164?.slice("+49".length, "+49".length + digits) ?? ""}` : "";
  const word = named && words?.[named];
  return {
    ...(word !== undefined && { kind: prefix === "" ? word : `${prefix} · ${word}` }),
    ...(operator !== undefined && { operator: PRESENT_NAMES[operator] ?? operator }),
  };
}

/** The number's page at PhoneBlock, for a number that may be shown to others; nothing is sent until somebody opens it. */
export function linkTo(number: NormalizedNumber, own: boolean): string | undefined {
  if (keptLocal(number, own) !== undefined || number.e164 === null) return undefined;
  return `https://phoneblock.net/phoneblock/nums/00${number.e164.slice(1)}`;
}
