/** L0 model: a source described instead of programmed: how to ask a service, and where its answer says what. Plain JSON. */
import type { SourceKind } from "./source";

/** Where a value stands, or one of several places, tried in order: the first that says something counts. */
export type FieldRule = OneRule | readonly OneRule[];

/** One place, and what is done with what stands there. */
export interface OneRule {
  /** HTML and XML: the first element that this CSS selector finds (XML: escape the colon of a prefix, `tel\\:name`). */
  select?: string;
  /** Of that element, instead of its text. */
  attr?: string;
  /** Leaves these elements out of the text: decoys. */
  without?: string;
  /** JSON: a pointer (RFC 6901) in which `*` stands for the first element, or for the thing itself if it is no list. */
  json?: string;
  /** How many elements (or values) there are, after `regex` if there is one, instead of what the first says. */
  count?: true;
  /** On what was found, or on the whole answer: the first group, or `group`. */
  regex?: string;
  group?: number;
  /** No place, just this. */
  const?: string;
  /** Several rules, their texts with a blank between. */
  join?: readonly OneRule[];
  /** Percent escapes and `+` of a query. */
  decode?: "url";
  /** A number as written: 1.077 · 4,5 · 4.5. What is none says nothing. */
  num?: "int" | "de" | "en";
  /** Only these texts say something, and they say this. */
  map?: Readonly<Record<string, string>>;
  /** "Muster, Anna" becomes "Anna Muster". */
  swapComma?: true;
}

/**
 * True if the rule says something, or says just that, or (`absent`) says nothing on a page that mentions the number: a page
 * that doesn't may be anything, and is no answer.
 */
export type Condition = OneRule & { equals?: string; absent?: true };

/** What a value means: risk 0..100. */
export type Scale =
  | { type: "linear"; good: number; bad: number }
  | { type: "map"; values: Readonly<Record<string, number>> }
  /** Votes for and against, in two fields. */
  | { type: "wilson"; spam: string; legit: string }
  | { type: "flag"; true: number; false: number }
  /** Fields with counts, each for a score of 1 (good) to 9 (bad): their mean. */
  | { type: "weighted"; weights: Readonly<Record<string, number>> };

/** How the secret is sent. */
export type Auth = "none" | "bearer" | `header:${string}` | `query:${string}` | `md5header:${string}`;

/** A whole description. */
export interface Descriptor {
  id: string;
  /** Counts up when the description changes: what was remembered by the old one is asked anew. */
  v?: number;
  label: string;
  kind: readonly SourceKind[];
  /** Calling codes of the numbers that it is asked about; none = all. */
  countries?: readonly string[];
  /** Sites that copy one another name the same one. */
  group?: string;
  trust?: number;
  request: {
    method?: "GET" | "POST";
    /** With placeholders: {e164} {digits} {intl00} {national} {nsn} {cc} {lang} {key}, and filters: {e164|sha1|take:4}. */
    url: string;
    headers?: Readonly<Record<string, string>>;
    body?: string;
    auth?: Auth;
    timeoutMs?: number;
    minIntervalMs?: number;
    perDay?: number;
    perMonth?: number;
    maxBytes?: number;
    redirects?: number;
  };
  response: {
    type: "html" | "xml" | "json" | "text";
    /** HTTP statuses: an answer; "I don't know this number"; "go away". */
    found?: readonly number[];
    unknown?: readonly number[];
    blocked?: readonly number[];
    unknownIf?: readonly Condition[];
    blockedIf?: readonly Condition[];
    /** Every element that this selector finds is one entry; the fields are read inside. */
    each?: string;
    /** `name`, `value`, `votes`, `city`, `listedNumber`, `link`, and what a scale counts. */
    fields: Readonly<Record<string, FieldRule | null>>;
    /** Directories: the listed number must be the caller's or its switchboard's; or only if one is listed. */
    requireMatch?: "exactOrTrunk" | "ifListed" | null;
  };
  scale?: Scale;
  /** "30d", "24h", "15m". */
  cache?: { hit?: string; unknown?: string };
  /** For people; `seen`: the year in which somebody saw that the site looks so. */
  notice?: { home?: string; terms?: string; seen?: number };
}

/** An answer as the rules read it: entries of texts by field, or what it says as a whole. */
export type PageReading = { says: "unknown" } | { says: "blocked" } | { says: "entries"; entries: Entry[] };

/** Field -> text; a field that says nothing is missing. */
export type Entry = Readonly<Record<string, string>>;
