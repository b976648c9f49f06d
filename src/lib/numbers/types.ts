/** Types: numbering data, and the port that checks foreign numbers. */

/** The dial plan and the own numbers of a box. */
export interface OwnNumbers {
  /** From the box, overridden by the configuration. */
  dialPlan(): Promise<DialPlan>;
  /** As entered in the box, mostly without area code. */
  ownNumbers(): Promise<readonly string[]>;
}

/** German numbers that are no landline: all that start with one prefix. */
export interface NumberRange {
  type: NumberType;
  /** Fewest and most digits of the whole number, without the leading 0. */
  least?: number;
  most?: number;
  /** What is wrong with every number of the range. */
  flags: readonly Flag[];
}

/** How one dials in the countries behind a calling code. */
export interface Country {
  /** ISO 3166 code of the main country behind the calling code, "001" if it is none. */
  region: string;
  /** In front of national numbers; "" where the number is dialled as it is. */
  trunk: string;
  /** In front of international numbers. */
  international: string;
}

/** Germany's area codes, without the leading 0. */
export interface AreaCodes {
  /** In use: area code -> town. */
  areas: ReadonlyMap<string, string>;
  /** Former codes: no number has them any more. */
  former: ReadonlyMap<string, string>;
}

/** The data of the rules; see data/SOURCES.md. */
export interface NumberingData extends AreaCodes {
  /** Other German prefixes, without the leading 0. */
  ranges: ReadonlyMap<string, NumberRange>;
  /** German mobile prefixes -> the operator that first had them. */
  operators: ReadonlyMap<string, string>;
  /** Calling code -> prefix of the national number -> town. */
  towns: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By calling code. */
  countries: ReadonlyMap<string, Country>;
}

/** What the plans of other countries say of a number. */
export interface ForeignNumber {
  /** ISO 3166 code, if it is known. */
  region?: string;
  /** What it would be in its own country. */
  type?: NumberType;
  /** It fits its country's plan. */
  valid: boolean;
  /** The number itself, without a trunk prefix that stood in the middle of it. */
  e164?: string;
  /** No number of that country is so short or so long. */
  fault?: "too-short" | "too-long";
}

/** Checks numbers of other countries. Never throws. */
export interface ForeignNumbers {
  /** `e164` with its plus. */
  judge(e164: string): ForeignNumber;
}

/** Who is calling, as `fritz-caller-info` says it and `fritz-log` writes it. Plain JSON only. */

export type NumberType =
  | "landline"
  | "mobile"
  | "nomadic"
  | "freephone"
  | "shared-cost"
  | "premium"
  | "mass"
  | "personal"
  | "pager"
  | "vpn"
  | "online"
  | "short"
  | "foreign"
  | "internal"
  | "code"
  | "sip"
  | "prefix"
  | "anonymous"
  | "invalid";

/** A reason to distrust the number itself. */
export type Flag =
  | "unknown-area-code"
  | "unknown-country"
  | "too-short"
  | "too-long"
  | "subscriber-zero"
  | "veiled-mobile"
  | "illegal-cli"
  | "emergency-cli"
  | "missing-zero"
  | "missing-plus"
  | "reserved-range"
  | "fictional"
  | "call-by-call"
  | "lookalike-area-code";

/** How a box dials: from X_VoIP, or as the user set it. */
export interface DialPlan {
  /** Without plus and zeros: "49". */
  countryCode: string;
  /** Without trunk prefix: "7191"; left out, a local number stays invalid. */
  areaCode?: string;
  /** In front of national numbers: "0"; "" in Italy, Spain, Luxembourg ... */
  trunkPrefix?: string;
  /** In front of international numbers: "00", "011", "0011". */
  intlPrefix?: string;
  /** Dialled numbers ("out") may carry a call-by-call prefix. "in" by default. */
  direction?: "in" | "out";
}

/** A number as `normalizeNumber` returns it. */
export interface NormalizedNumber {
  /**
   * With a plus; null if there is none (anonymous, internal, short codes ...). Kept for numbers that are too
   * long.
   */
  e164: string | null;
  type: NumberType;
  /** Reasons to distrust the number; none for a sound one. */
  flags: Flag[];
  /** ISO 3166 code of the country ("DE"), "001" for numbers of no country. */
  country?: string;
  /** Without trunk prefix: "7191". */
  areaCode?: string;
  town?: string;
  region?: string;
  /** The number (E.164) that was probably meant: a lost zero, a veiled mobile. */
  alt?: string;
  /** The plus form of a `*` wildcard, without the `*`. */
  prefix?: string;
  /** The network-provided number of `user(network)`, E.164 if it is understood. */
  network?: string;
  /** The network to which the block of a German mobile number was first assigned; numbers can be ported. */
  operator?: string;
  /** Why a readable number is "invalid": the home's area code is not known. */
  because?: "area-code-needed";
}
