/** Types of blocking: rules, decisions, and the persistent state. Plain JSON, except for the phrases. */
import type { DialPlan } from "../numbers/index";
import type { Campaign } from "./campaign-types";
import type { NumberRating } from "./rating-types";
import type { ContactsUnknown } from "../phonebook/types";

/** Countries by their ISO 3166 code ("NG"). */
export interface CountryList {
  /** `block`: only these are blocked. `allow`: all foreign ones but these are blocked. */
  mode: "block" | "allow";
  list: readonly string[];
}

/**
 * The rules, named like the properties of `fritz-block`; what is left out is off, but for `RULE_DEFAULTS`. Books are given by name,
 * patterns as `0900*`, `+4930*`, `030 1234567` or `030 23125000..999`.
 */
export interface BlockRules {
  allowBooks?: readonly string[];
  blockBooks?: readonly string[];
  allowPatterns?: readonly string[];
  /** The allow list, by the numbers' first lookup keys. */
  allowedKeys?: readonly string[];
  blockPatterns?: readonly string[];
  /** Names that sources say, as "*Werbung*"; in any case. A contact's own name does not count. */
  namePatterns?: readonly string[];
  /** Own numbers: calls to another one get through. Empty: the rules hold for all. */
  numbers?: readonly string[];
  /** Blocked from this score on: 1 good .. 9 bad; 0 = never. */
  minScore?: number;
  /** ... if at least so many people reported the number. */
  minReports?: number;
  /** Blocks all calls from abroad, or those that `countries` selects. */
  blockForeign?: boolean;
  /** Without a list all foreign ones. A list of countries to block works on its own, too. */
  countries?: CountryList;
  blockAnonymous?: boolean;
  /** Blocks numbers that cannot exist. */
  blockFake?: boolean;
  /** Blocks after this number of short calls; 0 = never. */
  repeatCalls?: number;
  /** ... within so many minutes. */
  repeatMinutes?: number;
  /** "22:00"; empty = no quiet hours. */
  quietFrom?: string;
  quietTo?: string;
  /** Days on which quiet hours begin; "" = every day. */
  quietDays?: "" | "workdays" | "weekend";
  /** In quiet hours blocks contacts, too, except important persons and the allow lists. */
  quietVipOnly?: boolean;
  /** Book for blocked numbers; blocks its entries, too. */
  targetBook?: string;
  /** Apply block patterns and block books even if the contacts are not known; default false. */
  patternsWhenUnknown?: boolean;
  booksWhenUnknown?: boolean;
}

/** What counts where a rule is left out. */
export const RULE_DEFAULTS = {
  ...{ allowBooks: [], blockBooks: [], allowPatterns: [], blockPatterns: [], namePatterns: [], numbers: [] },
  ...{ minScore: 7, minReports: 3, blockForeign: false, countries: { mode: "block" as const, list: [] } },
  ...{ blockAnonymous: false, blockFake: false, repeatCalls: 0, repeatMinutes: 60 },
  ...{ quietFrom: "", quietTo: "", quietDays: "" as const, quietVipOnly: false },
  ...{ patternsWhenUnknown: false, booksWhenUnknown: false },
} satisfies Required<Omit<BlockRules, "allowedKeys" | "targetBook">>;

/** One hit in a phonebook. */
export interface BookHit {
  book: string;
  name?: string;
  vip?: boolean;
}

/** Returns the sentence of a key with its values. */
export type Phrase = (key: string, values: Readonly<Record<string, string | number>>) => string;

/** What the rules need besides the caller. All optional. */
export interface BlockContext {
  /** Default: Germany without area code. */
  plan?: DialPlan;
  ownNumbers?: readonly string[];
  /** The number's hits in all phonebooks, besides the caller info's `contact`. */
  hits?: readonly BookHit[];
  /**
   * Why it is not known whether the caller is a contact. Undefined: it is known, or the caller info's report
   * of the source "phonebook" has the reason.
   */
  contactsUnknown?: ContactsUnknown;
  /** The names of all books, if known: "spam" refers to "Spam" only if there is no book "spam". */
  books?: readonly string[];
  /** Earlier short calls of this number within `repeatMinutes`. */
  shortCalls?: number;
  /** Local time of day, "23:15"; without it there are no quiet hours. */
  time?: string;
  /** Local day, 0 = Sunday. */
  day?: number;
  /** The own number that is called; without it the rules hold. */
  called?: string;
  /** Default: English. */
  phrase?: Phrase;
}

/** The decision of `fritz-block`, as `fritz-log` writes it. */
export interface Decision {
  verdict: "allow" | "block";
  /** A code: "allow-book", "pattern", "block-book", "spam-score", "foreign", "anonymous", ... */
  because: string;
  /** One sentence in the server's language. */
  explanation: string;
  /** The rule, with its threshold and the actual value. */
  rule?: string;
  action: "none" | "dry-run" | "added" | "already-there" | "failed";
  book?: string;
  error?: string;
  campaign?: Campaign;
}

/** What happened to a number: a call decided, or ended by `fritz-hangup`, or something done at the box or on the node's own allow list. */
export interface JournalEntry {
  /** ISO 8601. */
  at: string;
  what: "allowed" | "blocked" | "hungup" | BoxChange | "false-alarm" | "revoked" | "rated" | "unrated";
  /** As the box wrote it; empty if it is withheld. */
  number: string;
  name?: string;
  callId?: string;
  because?: string;
  explanation?: string;
  rule?: string;
  action?: Decision["action"];
  book?: string;
  error?: string;
  campaign?: Campaign;
}

/**
 * `added`: written and read back. `range`: several neighbours became one entry. `removed`: on the user's
 * request. `spared`: not written, or removed again, because the number is protected by now. `expired`,
 * `rotated`: too old, or the oldest of too many. `learned`: a trusted caller was added to a phonebook.
 * `failed`: given up.
 */
export type BoxChange = "added" | "range" | "removed" | "spared" | "expired" | "rotated" | "learned" | "failed";

/** An entry that this node wrote at the box. */
export interface OwnEntry {
  /** Canonical form: "+493023125001", or "+4930231250*" for a range. */
  key: string;
  /** As written. */
  number: string;
  name: string;
  /** The book's name; "" is the barring list. */
  book: string;
  /** ISO 8601: when it was written. */
  at: string;
  because: string;
  /** Of a range: the neighbours that it replaced. */
  members?: OwnEntry[];
}

/**
 * A pending change at the box. `bar`: write the number to the target. `release`: remove it. `learn`: add it
 * to the book of trusted callers.
 */
export interface PendingWrite {
  op: "bar" | "release" | "learn";
  key: string;
  /** As the box showed it. */
  number: string;
  /** ISO 8601, with the box's offset if it comes from a call. */
  at: string;
  /** The caller's name for the entry, without prefix and time. */
  name: string;
  because: string;
  callId?: string;
  /** How often the box confirmed it and then lost it. */
  losses?: number;
}

/** A number on the allow list. */
export interface AllowedNumber {
  key: string;
  number: string;
  /** ISO 8601. */
  at: string;
}

/** The persistent state of a node. */
export interface BlockState {
  version: 1;
  /** Oldest first. */
  journal: JournalEntry[];
  entries: OwnEntry[];
  pending: PendingWrite[];
  allowed: AllowedNumber[];
  /** Times of writes to the box, ms, for the hourly limit. */
  writes: number[];
  ratings: NumberRating[];
}
