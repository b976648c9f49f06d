/** Types: a normalised telephone number, and the dial plan needed to normalise one. Plain JSON only. */
import type { Flag, NumberType } from "./types";

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
  /** Dialled numbers ("out") may carry a call-by-call prefix. "in" unless told otherwise. */
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
