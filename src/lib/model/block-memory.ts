/** L0 model: what `fritz-block` remembers over restarts: decisions, own entries, writes that wait, numbers let through. */
import type { Decision } from "./decision";

/** What happened to a number: a call judged, or something done at the box or on the node's own allow list. */
export interface JournalEntry {
  /** ISO 8601. */
  at: string;
  what: "allowed" | "blocked" | BoxDeed | "false-alarm" | "revoked";
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
}

/**
 * `added`: written and read back. `range`: several neighbours became one entry. `removed`: on the user's order. `spared`: not
 * written, or taken out again, because the number gets through by now. `expired`, `rotated`: too old, or the oldest of too
 * many. `learned`: a good caller came into a phonebook. `failed`: given up.
 */
export type BoxDeed = "added" | "range" | "removed" | "spared" | "expired" | "rotated" | "learned" | "failed";

/** An entry that this node wrote at the box. */
export interface OwnEntry {
  /** The form to compare: "+493023125001", or "+4930231250*" for a range. */
  key: string;
  /** As it was written. */
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
 * Something that is still to be done at the box. `bar`: write the number where blocked ones go. `release`: take it out again.
 * `learn`: write it into the book of good callers.
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
  /** How often the box took it and then did not have it. */
  losses?: number;
}

/** A number that turned out to be good. */
export interface AllowedNumber {
  key: string;
  number: string;
  /** ISO 8601. */
  at: string;
}

/** Everything that a node remembers. */
export interface BlockState {
  version: 1;
  /** Oldest first. */
  journal: JournalEntry[];
  entries: OwnEntry[];
  pending: PendingWrite[];
  allowed: AllowedNumber[];
  /** When numbers were sent to the box, ms: for the limit an hour. */
  writes: number[];
}
