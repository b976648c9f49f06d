/** L0 model: a source that says who is calling: what it is asked, what it answers, and what leaves the house for it. */
import type { CallerInfo } from "./caller-info";
import type { DialPlan, NormalizedNumber } from "./phone-number";

/** What a source tells the world outside: `hash-prefix` fits thousands of numbers, `number` is the caller's. */
export type Sends = "nothing" | "hash-prefix" | "number";

export type SourceKind = "name" | "score" | "place";

/** A source as the editor and the README show it. */
export interface SourceProfile {
  id: string;
  /** Its own name, the same in every language. */
  label: string;
  sends: Sends;
  kinds: readonly SourceKind[];
  /** Sources of one group copy one another: together they are one witness. */
  group: string;
  /** How much its scores count, 0..1. */
  trust: number;
  /** Answers from memory, before anybody outside is asked. */
  local: boolean;
  /** Calling codes that it knows ("49"); none = all. */
  countries: readonly string[];
  /** Where people read about it. */
  home?: string;
}

/** How a source wants to be treated. Times in ms. */
export interface SourceManners {
  /** From the question to the last byte of the answer. */
  timeoutMs: number;
  /** Between the beginnings of two questions. */
  gapMs: number;
  perDay?: number;
  perMonth?: number;
  /** How long an answer, and the answer "unknown", stay true. */
  hitMs: number;
  missMs: number;
}

/** What a source is asked. */
export interface SourceQuery {
  /** As the box wrote it. */
  written: string;
  number: NormalizedNumber;
  plan: DialPlan;
}

/**
 * How sure it is that the name is the caller's, best first: the own phonebook; a directory that lists just this number; one
 * that lists the switchboard in front of it; a site that knows details; what people call the number.
 */
export type NameRank = "phonebook" | "directory" | "trunk" | "details" | "label";

/** What a source thinks of a number. */
export interface Opinion {
  /** 0 good .. 50 neutral .. 100 bad. */
  risk: number;
  /** How many people said so; at least 1, for unknown is no opinion. */
  reports: number;
  /** A page for people. */
  link?: string;
  /** The user's own entry at that service: it is above what strangers say. */
  own?: true;
}

/** What a source found. */
export interface SourceFinding {
  name?: { text: string; rank: NameRank };
  place?: NonNullable<CallerInfo["place"]>;
  contact?: NonNullable<CallerInfo["contact"]>;
  opinion?: Opinion;
}

/** The answer of a source; null = it does not know the number. Plain JSON, for the cache. */
export type SourceAnswer = SourceFinding | null;

/** Says who is calling. */
export interface CallerSource extends SourceProfile {
  /** Two with the same key are the same source, configured alike, and share their health. Holds no secret. */
  readonly key: string;
  readonly manners: SourceManners;
  /**
   * Rejects with a `FritzError` when it cannot tell, never with a number in it: that is not the answer "unknown".
   * `null` is an answer. Stops at once when the signal says so.
   */
  lookup(query: SourceQuery, signal: AbortSignal): Promise<SourceAnswer>;
  /** Why it cannot be asked as it is configured ("no-box", "no-key"). */
  readonly unready?: string;
}

/** A request to a service outside the house. */
export interface WebRequest {
  url: string;
  method?: "GET" | "POST";
  headers?: Readonly<Record<string, string>>;
  /** Headers that hold a secret: only for the host asked first, never for one that it points at. */
  secrets?: Readonly<Record<string, string>>;
  body?: string;
  /** Longest body accepted, bytes after decompression. */
  maxBytes: number;
  /** How many redirects are followed; all on the same site. */
  redirects?: number;
  /** Addresses inside the house may be asked, too. */
  allowPrivate?: boolean;
  signal: AbortSignal;
}

/** What a service answered. */
export interface WebReply {
  status: number;
  /** Without parameters, in small letters: "text/html"; "" if it says none. */
  type: string;
  text: string;
  /** What the service asks us to wait, ms. */
  retryAfterMs?: number;
}

/** The one way to services outside. Rejects with a `FritzError` unless a whole answer came, whatever its status. */
export type Fetch = (request: WebRequest) => Promise<WebReply>;

/** A small value that may outlive a restart. Plain JSON. */
export interface Store {
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}
