/** L3 services: where blocked numbers are written: a phonebook that the box rejects, or its list of barred numbers. */
import type { BookInfo, Contact, WriteReport } from "../model/contact";
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
  update(contact: Contact): Promise<WriteReport>;
  remove(contact: Contact): Promise<WriteReport>;
}

const sameName = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** The book of a list with that name; names are compared without case. */
export const bookNamed = (books: readonly BookInfo[], name: string) => books.find((book) => sameName(book.name, name));

/** A phonebook, by its name: its id shifts when others come and go. */
export class BookTarget implements BarTarget {
  readonly ranges = true;

  constructor(
    private readonly box: PhonebookStore,
    readonly book: string,
  ) {}

  async read(): Promise<Contact[]> {
    const found = bookNamed(await this.box.books(), this.book);
    return found ? this.box.contacts(found.id) : [];
  }

  async add(contact: Contact): Promise<WriteReport> {
    const found = bookNamed(await this.box.books(), this.book) ?? (await this.box.createBook(this.book));
    if (!found.writable) throw new FritzError("block-read-only", { book: this.book });
    return this.box.add(found.id, [contact]);
  }

  async update(contact: Contact): Promise<WriteReport> {
    return this.box.update(await this.id(), [contact]);
  }

  async remove(contact: Contact): Promise<WriteReport> {
    return this.box.remove(await this.id(), [contact]);
  }

  private async id(): Promise<number | string> {
    return bookNamed(await this.box.books(), this.book)?.id ?? this.book;
  }
}

/** The list of barred numbers, where the box has one; whether it honours ranges is not known, so none are written there. */
export class ListTarget implements BarTarget {
  readonly book = "";
  readonly ranges = false;

  constructor(private readonly box: PhonebookStore) {}

  async read(): Promise<Contact[]> {
    if (!(await this.box.hasBarring())) throw new FritzError("block-no-barring");
    return this.box.barring();
  }

  add(contact: Contact): Promise<WriteReport> {
    return this.box.bar([contact]);
  }

  async update(contact: Contact): Promise<WriteReport> {
    await this.box.unbar([contact]);
    return this.box.bar([contact]);
  }

  remove(contact: Contact): Promise<WriteReport> {
    return this.box.unbar([contact]);
  }
}
