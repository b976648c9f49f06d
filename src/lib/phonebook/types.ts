/** Types: contacts as messages carry them, lookups, write reports, and the ports for other folders. */
import type { FritzError } from "../core/errors";

/** One number of a contact, as it is written in the phonebook. */
export interface ContactNumber {
  number: string;
  /** home, mobile, work, fax_home, fax_work, intern, memo, other; other types of a box are kept. */
  type?: string;
  /** The main number; at most one of a contact's. */
  prio?: boolean;
  /** Dialled as `**7xx`. */
  quickdial?: string;
  /** Letters, dialled as `**8…`. */
  vanity?: string;
}

/** A contact of a phonebook. */
export interface Contact {
  name: string;
  numbers: ContactNumber[];
  /** "Wichtige Person". */
  vip?: boolean;
  emails?: string[];
  imageUrl?: string;
  /** The box's unique id, stable within its book. */
  uniqueId?: string;
  /** ISO 8601. */
  modified?: string;
}

/** A contact with its book. */
export type FoundContact = Contact & { book: string; bookId: number };

/** A phonebook of the box. */
export interface BookInfo {
  /** A position: it shifts when local books are created or deleted. */
  id: number;
  name: string;
  /** False: an online book (CardDAV, Google ...), which only its server can change. */
  writable: boolean;
  /** The `owner` of the downloaded document, if it was downloaded. */
  owner?: string;
  count?: number;
}

/**
 * Result of a write: counts, and the contacts that failed with their errors; a message has the sentence
 * instead of the error.
 */
export interface WriteReport<E = FritzError> {
  added: number;
  updated: number;
  removed: number;
  alreadyThere: number;
  failed: { contact: Contact; error: E }[];
  /** Of an import with `mode: "merge"`: contacts whose numbers exist already, with the existing ones. */
  merged?: { contact: string; into: string[] }[];
  /** Number of contacts if it exceeds the recommended limit: the box may drop some silently. */
  nearLimit?: { count: number; limit: number };
}

/**
 * Why it is not known whether a number belongs to a contact. no-box: no Fritz!Box selected · no-login,
 * no-right (606), wrong-password, unreachable: the box's answer or the connection's failure ·
 * unreadable-book: a book failed, is missing from the list (713), is no phonebook, or lost this number a
 * moment ago · no-books: the box lists none · loading: the first reading is not complete · dial-plan: country
 * or area code unknown, so that numbers written without it cannot be compared · too-old: the last reading is
 * older than allowed · switched-off: a source that provides contacts is off · state-unreadable: the stored
 * allow list cannot be read.
 */
export type ContactsUnknown =
  | "no-box"
  | "no-login"
  | "no-right"
  | "wrong-password"
  | "unreachable"
  | "unreadable-book"
  | "no-books"
  | "loading"
  | "dial-plan"
  | "too-old"
  | "switched-off"
  | "state-unreadable";

/** Result of a lookup. */
export interface Found {
  contacts: FoundContact[];
  /** Set if the last reading failed: the time of the reading used, ms since 1970. */
  staleSince?: number;
  /**
   * Set if the books are not completely known: an empty `contacts` is not reliable then; a hit still counts.
   */
  unknown?: ContactsUnknown;
  /** The error behind `unknown`, if there was one. */
  cause?: FritzError;
}

/** Finds the contacts of a number, in any written form, in the phonebooks of a box. Answers from memory. */
export interface ContactFinder {
  /** Never rejects because of the box: see `Found.unknown`. */
  find(number: string): Promise<Found>;
}

/** Options of a write. */
export interface WriteOptions {
  /** Reports what would be done, and writes nothing. */
  dryRun?: boolean;
  /** Called after each contact: how many are done, of how many. */
  progress?: (done: number, total: number) => void;
  /** Stops between two contacts. */
  signal?: AbortSignal;
}

/**
 * Reads and writes the phonebooks of a box. A book is given by name or id; all methods reject with a
 * `FritzError`.
 */
export interface PhonebookStore extends ContactFinder {
  books(): Promise<BookInfo[]>;
  /** Read from the box, not from memory. */
  contacts(book: string | number): Promise<Contact[]>;
  /** Adds one contact for each number that is not in the book yet, in any written form. */
  add(book: string | number, contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  /** Finds the contact by unique id, else by name or number. */
  update(book: string | number, contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  remove(book: string | number, contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  createBook(name: string): Promise<BookInfo>;
  deleteBook(book: string | number): Promise<void>;
  barring(): Promise<Contact[]>;
  bar(contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  unbar(contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
}
