/** L0 model: phonebooks: a contact as it travels in a message, where it was found, and what a write did. */
import type { FritzError } from "./errors";

/** One number of a contact, as it is written in the phonebook. */
export interface ContactNumber {
  number: string;
  /** home, mobile, work, fax_home, fax_work, intern, memo, other; what a box says besides is kept. */
  type?: string;
  /** The main number; one of a contact's. */
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
  /** The box's key, stable within its book. */
  uniqueId?: string;
  /** ISO 8601. */
  modified?: string;
}

/** A contact and the book in which it stands. */
export type FoundContact = Contact & { book: string; bookId: number };

/** A phonebook of the box. */
export interface BookInfo {
  /** A position: it shifts when local books come and go. */
  id: number;
  name: string;
  /** False: an online book (CardDAV, Google ...), which only its server changes. */
  writable: boolean;
  /** The `owner` of the downloaded document, if it was downloaded. */
  owner?: string;
  count?: number;
}

/** What a write did: how many contacts, and which ones not and why; a message holds the sentence instead of the error. */
export interface WriteReport<E = FritzError> {
  added: number;
  updated: number;
  removed: number;
  alreadyThere: number;
  failed: { contact: Contact; error: E }[];
  /** So many contacts are more than the box is good for: it may drop some without a word. */
  nearLimit?: { count: number; limit: number };
}
