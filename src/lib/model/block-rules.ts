/** L0 model: by which rules a call is blocked, and what must be known to apply them. Plain JSON, but for the phrases. */
import type { DialPlan } from "./phone-number";

/** Countries by their ISO 3166 code ("NG"). */
export interface CountryList {
  /** `block`: just these are blocked. `allow`: of all foreign ones just these get through. */
  mode: "block" | "allow";
  list: readonly string[];
}

/**
 * The rules, named like the properties of `fritz-block`; what is left out is off, but for the score. Books are given by name,
 * patterns as `0900*`, `+4930*`, `030 1234567` or `030 23125000..999`.
 */
export interface BlockRules {
  allowBooks?: readonly string[];
  blockBooks?: readonly string[];
  allowPatterns?: readonly string[];
  blockPatterns?: readonly string[];
  /** Blocked from this score on: 1 good .. 9 bad; 7 unless told otherwise, 0 = never. */
  minScore?: number;
  /** ... if at least so many people reported the number; 3 unless told otherwise. */
  minReports?: number;
  /** All calls from abroad, or those that `countries` says. */
  blockForeign?: boolean;
  /** Without a list: all foreign ones. A list of countries to block works on its own, too. */
  countries?: CountryList;
  blockAnonymous?: boolean;
  /** Numbers that cannot exist. */
  blockFake?: boolean;
  /** Blocked after so many short calls ... 0 = never. */
  repeatCalls?: number;
  /** ... within so many minutes; 60 unless told otherwise. */
  repeatMinutes?: number;
  /** "22:00"; empty = no quiet hours. */
  quietFrom?: string;
  quietTo?: string;
  /** In quiet hours contacts are blocked, too, unless they are important persons or on an allow list. */
  quietVipOnly?: boolean;
  /** Where the blocked numbers are written; its entries are blocked, too. */
  targetBook?: string;
}

/** One hit in a phonebook. */
export interface BookHit {
  book: string;
  name?: string;
  vip?: boolean;
}

/** A sentence for a person: `key` names it, `values` are what it tells. */
export type Phrase = (key: string, values: Readonly<Record<string, string | number>>) => string;

/** What the rules need to know besides the caller. All may be left out. */
export interface BlockContext {
  /** Germany without area code unless told otherwise. */
  plan?: DialPlan;
  ownNumbers?: readonly string[];
  /** The number's hits in all phonebooks, besides the caller info's `contact`. */
  hits?: readonly BookHit[];
  /** Earlier short calls of this number within `repeatMinutes`. */
  shortCalls?: number;
  /** The house's time of day, "23:15"; without it there are no quiet hours. */
  time?: string;
  /** English unless told otherwise. */
  phrase?: Phrase;
}
