/** Types: the planned step for one contact, and the options of a write. */
import type { Clock } from "../core/clock";
import type { Contact, WriteOptions } from "./types";
import type { FritzError } from "../core/errors";
import type { StoredContact } from "./document";
import type { BookEntries } from "./entries";

/** The step for one contact, given the book's entries; `into`: the contacts that it is merged into. */
export type Step = { into?: string[] } & (
  | { do: "write"; entry: StoredContact; instead?: StoredContact; counts: "added" | "updated" }
  | { do: "delete"; entries: readonly StoredContact[] }
  | { do: "nothing" }
  | { do: "fail"; error: FritzError }
);

/** Decides a step; pure. */
export type Plan = (contact: Contact, entries: BookEntries) => Step;

export interface WriterOptions extends WriteOptions {
  clock: Clock;
  /** How long to wait for a box that became unreachable during the batch, ms. */
  patienceMs?: number;
  /** Contacts in a book from which on the box may lose some. */
  limit?: number;
}
