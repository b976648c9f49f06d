/** Types: a source of caller information: its query, its answer, and what it sends to services. */
import type { CallerInfo } from "./types";
import type { DialPlan, NormalizedNumber } from "../numbers/index";

/** What a source sends to a service: `hash-prefix` matches thousands of numbers, `number` is the caller's. */
export type Sends = "nothing" | "hash-prefix" | "number";

export type SourceKind = "name" | "score" | "place";

/** Description of a source for the editor and the README. */
export interface SourceProfile {
  id: string;
  /** Product name, the same in every language. */
  label: string;
  sends: Sends;
  kinds: readonly SourceKind[];
  /** Sources of one group copy one another: together they count as one. */
  group: string;
  /** Weight of its scores, 0..1. */
  trust: number;
  /** Needs no request to a service; queried first. */
  local: boolean;
  /** Calling codes that it covers ("49"); none = all. */
  countries: readonly string[];
  /** Its web page. */
  home?: string;
}

/** Limits for the requests to a source. Times in ms. */
export interface RequestPolicy {
  /** Time limit from the request to the last byte of the answer. */
  timeoutMs: number;
  /** Minimum interval between the starts of two requests. */
  minIntervalMs: number;
  perDay?: number;
  perMonth?: number;
  /** How long an answer, and the answer "unknown", are cached. */
  hitMs: number;
  missMs: number;
}

/** The query to a source. */
export interface SourceQuery {
  /** As the box wrote it. */
  written: string;
  number: NormalizedNumber;
  plan: DialPlan;
}

/**
 * How certain the name is the caller's, best first: the own phonebook; a directory that lists exactly this
 * number; one that lists its switchboard; a site with details; a label given by users.
 */
export type NameRank = "phonebook" | "directory" | "trunk" | "details" | "label";

/** A source's rating of a number. */
export interface Opinion {
  /** 0 good .. 50 neutral .. 100 bad. */
  risk: number;
  /** Number of reports; at least 1, as unknown is no opinion. */
  reports: number;
  /** The number's page at the site. */
  link?: string;
  /** The user's own entry at that service, which overrides the others. */
  own?: true;
}

/** What a source found. */
export interface SourceFinding {
  name?: { text: string; rank: NameRank };
  place?: NonNullable<CallerInfo["place"]>;
  contact?: NonNullable<CallerInfo["contact"]>;
  opinion?: Opinion;
}

/** The answer of a source; null = unknown number. Plain JSON, for the cache. */
export type SourceAnswer = SourceFinding | null;

/** A source that can be queried. */
export interface CallerSource extends SourceProfile {
  /** Sources with the same key are configured alike and share their health. Contains no secret. */
  readonly key: string;
  readonly policy: RequestPolicy;
  /**
   * Rejects with a `FritzError` if it cannot answer, never with a number in it: that is not the answer
   * "unknown". `null` is an answer. Stops at once when the signal is aborted.
   */
  lookup(query: SourceQuery, signal: AbortSignal): Promise<SourceAnswer>;
  /** Why it cannot be queried as configured ("no-box", "no-key"). */
  readonly unready?: string;
}
