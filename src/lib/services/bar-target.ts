/** L3 services: where blocked numbers are written: a phonebook that the box rejects, or its list of barred numbers. */
import type { Contact, WriteReport } from "../model/contact";
import { FritzError } from "../model/errors";
import type { PhonebookStore } from "../model/telephony";

/** A place for entries. All reject with a `FritzError`. */
export interface BarTarget {
  /** The book's name; "" is the barring list. */
  readonly book: string;
  /** Whether the box honours numbers that end with `*` there. */
  readonly ranges: boolean;
  /** Fresh from the box; empty if the book does not exist yet. */
  read(): Promise<Contact[]>;
  /** Makes the book if it is missing. */
  add(contact: Contact): Promise<WriteReport>;
  /** The numbers that are given; with the last one the contact goes. */
  remove(contact: Contact): Promise<WriteReport>;
}

/** A phonebook, by its name: its id shifts when others come and go. */
export function bookTarget(box: PhonebookStore, book: string): BarTarget {
  const orIfMissing = async <T>(work: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FritzError) || error.code !== "book-unknown") throw error;
      return otherwise();
    }
  };
  const add = (contact: Contact) => box.add(book, [contact]);
  return {
    book,
    ranges: true,
    read: () =>
      orIfMissing(
        () => box.contacts(book),
        () => Promise.resolve([]),
      ),
    add: (contact) =>
      orIfMissing(
        () => add(contact),
        async () => (await box.createBook(book), add(contact)),
      ),
    remove: (contact) => box.remove(book, [contact]),
  };
}

/** The list of barred numbers, where the box has one; whether it honours ranges is not known, so none are written there. */
export function listTarget(box: PhonebookStore): BarTarget {
  return {
    book: "",
    ranges: false,
    read: () => box.barring(),
    add: (contact) => box.bar([contact]),
    remove: (contact) => box.unbar([contact]),
  };
}
