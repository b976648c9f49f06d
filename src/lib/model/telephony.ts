/** L0 model: the ports through which sources and rules reach a box's phonebooks. Each has a fake in test/. */
import type { BookInfo, Contact, FoundContact, WriteReport } from "./contact";
import type { DialPlan } from "./phone-number";

/** What a look-up found. */
export interface Found {
  contacts: FoundContact[];
  /** The box was away: this is what was known before, of that time (ms since 1970). */
  staleSince?: number;
}

/** Finds the contacts of a number, in any written form, in the phonebooks of a box. Answers from memory. */
export interface ContactFinder {
  /** Rejects with a `FritzError` only if nothing was ever read. */
  find(number: string): Promise<Found>;
}

/** How to write. */
export interface WriteOptions {
  /** Say what would be done, and do nothing. */
  dryRun?: boolean;
  /** Told after each contact: how many are done, of how many. */
  progress?: (done: number, total: number) => void;
  /** Ends between two contacts. */
  signal?: AbortSignal;
}

/** Reads and writes the phonebooks of a box. A book is given by name or id; all reject with a `FritzError`. */
export interface PhonebookStore extends ContactFinder {
  books(): Promise<BookInfo[]>;
  /** Fresh from the box. */
  contacts(book: string | number): Promise<Contact[]>;
  /** One contact a number: the same number in any written form is there already. */
  add(book: string | number, contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  /** By unique id, else by name or number. */
  update(book: string | number, contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  remove(book: string | number, contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  createBook(name: string): Promise<BookInfo>;
  deleteBook(book: string | number): Promise<void>;
  /** Whether this box has a list of barred numbers that can be written. */
  hasBarring(): Promise<boolean>;
  barring(): Promise<Contact[]>;
  bar(contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
  unbar(contacts: readonly Contact[], options?: WriteOptions): Promise<WriteReport>;
}

/** What a box knows of its place in the numbering plan, and its own numbers. */
export interface HomeNumbers {
  /** From the box, overridden by the configuration. */
  dialPlan(): Promise<DialPlan>;
  /** As entered in the box, mostly without area code. */
  ownNumbers(): Promise<readonly string[]>;
}
