/** Targets of blocked numbers: a phonebook that the box rejects, or its call barring list. */
import type { Contact, WriteReport } from "../phonebook/types";
import { FritzError } from "../core/errors";
import type { PhonebookStore } from "../phonebook/types";

/** A target for entries. All methods reject with a `FritzError`. */
export interface BarringTarget {
  /** The book's name; "" is the barring list. */
  readonly book: string;
  /** Whether the box supports numbers that end with `*` in this target. */
  readonly ranges: boolean;
  /** Read from the box; empty if the book does not exist yet. */
  read(): Promise<Contact[]>;
  /** Creates the book if it is missing. */
  add(contact: Contact): Promise<WriteReport>;
  /** Removes the given numbers, and the contact with its last number. */
  remove(contact: Contact): Promise<WriteReport>;
}

/** A phonebook, by its name: its id shifts when others are created or deleted. */
export function bookTarget(box: PhonebookStore, book: string, signal?: AbortSignal): BarringTarget {
  const options = signal ? { signal } : {};
  const orIfMissing = async <T>(work: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FritzError) || error.code !== "book-unknown") throw error;
      return otherwise();
    }
  };
  const add = (contact: Contact) => box.add(book, [contact], options);
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
    remove: (contact) => box.remove(book, [contact], options),
  };
}

/** The call barring list, if the box has one; range support is unknown, so no ranges are written to it. */
export function listTarget(box: PhonebookStore, signal?: AbortSignal): BarringTarget {
  const options = signal ? { signal } : {};
  return {
    book: "",
    ranges: false,
    read: () => box.barring(),
    add: (contact) => box.bar([contact], options),
    remove: (contact) => box.unbar([contact], options),
  };
}
