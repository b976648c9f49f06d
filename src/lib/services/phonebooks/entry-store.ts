/** L3 services: a phonebook, or the call barring list, as a place where entries are read, written and deleted. */
import type { StoredContact } from "../../protocol/phonebook-document";
import type { BookEntries } from "./book-entries";

/** A book as it was read just now. Its id is good for a moment only. */
export interface OpenBook {
  entries: BookEntries;
  /** Writes a contact; gives the box's key for it, "" if the box does not tell. */
  write(entry: StoredContact): Promise<string>;
  delete(entry: StoredContact): Promise<void>;
}

/** Opens the book anew: finds it by name, reads it. */
export type EntryStore = () => Promise<OpenBook>;
