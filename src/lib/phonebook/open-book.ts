/** Port: an open phonebook, or the call barring list, whose entries are read, written and deleted. */
import type { StoredContact } from "./document";
import type { BookEntries } from "./entries";

/** A book as just read. Its id is valid for a moment only. */
export interface OpenBook {
  entries: BookEntries;
  /** Writes a contact; resolves to its unique id, "" if the box does not return it. */
  write(entry: StoredContact): Promise<string>;
  delete(entry: StoredContact): Promise<void>;
}

/** Finds the book by name and reads it again. */
export type BookOpener = () => Promise<OpenBook>;
