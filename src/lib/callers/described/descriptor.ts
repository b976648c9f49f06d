/**
 * Types: description of a source: how to query a service, and where its answer has which field. Plain JSON.
 */
import type { SourceKind } from "../source";

/** A rule, or several, tried in order: the first non-empty result counts. */
export type FieldRule = OneRule | readonly OneRule[];

/** A place in the answer, and how to convert its text. */
export interface OneRule {
  /**
   * HTML and XML: the first element that matches this CSS selector (XML: escape the colon of a prefix,
   * `tel\\:name`).
   */
  select?: string;
  /** An attribute of that element, instead of its text. */
  attr?: string;
  /** Removes these elements from the text. */
  without?: string;
  /** JSON: a pointer (RFC 6901); `*` is the first element, or the value itself if it is no list. */
  json?: string;
  /** The number of elements (or values), after `regex` if given, instead of the first one's text. */
  count?: true;
  /** Applied to the text, or to the whole answer: the first group, or `group`. */
  regex?: string;
  group?: number;
  /** A constant. */
  const?: string;
  /** Several rules, their texts joined with a blank. */
  join?: readonly OneRule[];
  /** Decodes percent escapes and `+` of a query. */
  decode?: "url";
  /** Parses a number: 1.077 · 4,5 · 4.5. Anything else gives no result. */
  num?: "int" | "de" | "en";
  /** Maps texts; others give no result. */
  map?: Readonly<Record<string, string>>;
  /** Converts "Muster, Anna" to "Anna Muster". */
  swapComma?: true;
}

/**
 * True if the rule has a result, or exactly this result, or (`absent`) no result on a page that contains the
 * number: a page without it may be anything, and is no answer.
 */
export type Condition = OneRule & { equals?: string; absent?: true };

/** How to convert a value to a risk of 0..100. */
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

/** A complete description. */
export interface Descriptor {
  id: string;
  /** Version of the description: a new one invalidates cached answers. */
  v?: number;
  label: string;
  kind: readonly SourceKind[];
  /** Calling codes of the numbers to query; none = all. */
  countries?: readonly string[];
  /** Sites that copy one another share a group. */
  group?: string;
  trust?: number;
  request: {
    method?: "GET" | "POST";
    /**
     * With placeholders: {e164} {digits} {intl00} {national} {nsn} {cc} {lang} {key}, and filters:
     * {e164|sha1|take:4}.
     */
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
    /** HTTP statuses: found; unknown number; blocked. */
    found?: readonly number[];
    unknown?: readonly number[];
    blocked?: readonly number[];
    unknownIf?: readonly Condition[];
    blockedIf?: readonly Condition[];
    /** Every element that matches this selector is one entry; fields are read inside. */
    each?: string;
    /** `name`, `value`, `votes`, `city`, `listedNumber`, `link`, and the counts of a scale. */
    fields: Readonly<Record<string, FieldRule | null>>;
    /** Directories: the listed number must be the caller's or its switchboard's; or only if one is listed. */
    requireMatch?: "exactOrTrunk" | "ifListed" | null;
  };
  scale?: Scale;
  /** "30d", "24h", "15m". */
  cache?: { hit?: string; unknown?: string };
  /** For users; `seen`: the year in which the site was last checked. */
  notice?: { home?: string; terms?: string; seen?: number };
}

/** A parsed answer: entries of texts by field, or a result without entries. */
export type PageReading = { says: "unknown" } | { says: "blocked" } | { says: "entries"; entries: Entry[] };

/** Field -> text; a field without a result is missing. */
export type Entry = Readonly<Record<string, string>>;
