/** L3 services: the phonebooks of a box for those who use them: one operation after the other, look-ups from memory. */
import { createHash } from "node:crypto";
import type { BookInfo, Contact, FoundContact, WriteReport } from "../../model/contact";
import type { DialPlan } from "../../model/phone-number";
import type { Clock } from "../../model/ports";
import type { Found, PhonebookStore, WriteOptions } from "../../model/telephony";
import { isOnlineOwner, type PhonebookDocument } from "../../protocol/phonebook-document";
import { systemClock } from "../../transport/system-clock";
import type { Tr064 } from "../box-service";
import { readContacts } from "../given-contacts";
import { HomeNumberService } from "../home-numbers";
import { oneAtATime } from "../one-at-a-time";
import { BARRING_LIST, BookShelf } from "./book-shelf";
import { BookWriter, type Plan } from "./book-writer";
import type { KeyOf } from "./book-entries";
import type { OpenBook } from "./entry-store";
import { numberKey } from "./number-key";
import { type IndexOptions, PhonebookIndex } from "./phonebook-index";
import { planAdd, planRemove, planUpdate, splitNumbers } from "./plans";

export interface PhonebooksOptions {
  /** Which books a look-up searches, and how old its memory may grow. */
  lookup?: IndexOptions;
  /** How the box dials; it is asked if this is left out. */
  dialPlan?: () => Promise<DialPlan>;
  /** Contacts from which on a write warns; about 1000. */
  limit?: number;
  /** How long a write waits for a box that went away, ms. */
  patienceMs?: number;
  clock?: Clock;
}

/** A write's own options beside those of the box. */
export type PhonebookWriteOptions = WriteOptions & { limit?: number };

/** Reads, writes and searches the phonebooks of one box. Rejects with `FritzError` only. */
export class Phonebooks implements PhonebookStore {
  private readonly shelf: BookShelf;
  private readonly index: PhonebookIndex;
  private readonly clock: Clock;
  private readonly planOf: () => Promise<DialPlan>;
  private readonly versions = new Map<number, { hash: string; contacts: readonly Contact[] }>();

  constructor(
    client: Tr064,
    private readonly options: PhonebooksOptions = {},
  ) {
    this.clock = options.clock ?? systemClock;
    this.shelf = new BookShelf(client);
    this.planOf = options.dialPlan ?? planOf(client);
    const source = {
      books: () => this.shelf.books(),
      read: (book: BookInfo) => this.readCached(book),
      keyOf: () => this.keyOf(),
    };
    this.index = new PhonebookIndex(source, this.clock, options.lookup);
  }

  /** The books; with `counts` each is read, so that its size and owner are known. */
  books(counts = false): Promise<BookInfo[]> {
    return this.enqueue(async () => {
      const books = await this.shelf.books();
      if (!counts) return books;
      const whole: BookInfo[] = [];
      for (const book of books) {
        const { owner, entries } = await this.shelf.read(book);
        const writable = book.writable && !isOnlineOwner(owner);
        whole.push({ ...book, writable, ...(owner !== "" && { owner }), count: entries.length });
      }
      return whole;
    });
  }

  contacts(book: string | number): Promise<Contact[]> {
    return this.enqueue(async () => contactsOf(await this.shelf.read(await this.shelf.find(book))));
  }

  /** The contacts of all books, each with its book. */
  allContacts(): Promise<FoundContact[]> {
    return this.enqueue(async () => {
      const all: FoundContact[] = [];
      for (const book of await this.shelf.books()) {
        const contacts = contactsOf(await this.shelf.read(book));
        all.push(...contacts.map((contact) => ({ ...contact, book: book.name, bookId: book.id })));
      }
      return all;
    });
  }

  /** The contacts of a number, in one book if it is named. */
  find(number: string, book?: string): Promise<Found> {
    return this.index.find(number, book);
  }

  /** The same for those who do not mind whether the box was away. */
  async lookup(number: string, book?: string): Promise<FoundContact[]> {
    return (await this.find(number, book)).contacts;
  }

  /** Reads the books for look-ups anew. */
  refresh(): Promise<void> {
    return this.index.refresh();
  }

  async add(
    book: string | number,
    contacts: readonly Contact[],
    options?: PhonebookWriteOptions,
  ): Promise<WriteReport> {
    return this.writeBook(book, planAdd, toWrite(contacts), options);
  }

  async update(
    book: string | number,
    contacts: readonly Contact[],
    options?: PhonebookWriteOptions,
  ): Promise<WriteReport> {
    return this.writeBook(book, planUpdate, toFind(contacts), options);
  }

  async remove(
    book: string | number,
    contacts: readonly Contact[],
    options?: PhonebookWriteOptions,
  ): Promise<WriteReport> {
    return this.writeBook(book, planRemove, toFind(contacts), options);
  }

  createBook(name: string): Promise<BookInfo> {
    return this.changing(() => this.shelf.create(name));
  }

  async deleteBook(book: string | number): Promise<void> {
    await this.changing(() => this.shelf.remove(book));
  }

  hasBarring(): Promise<boolean> {
    return this.enqueue(() => this.shelf.hasBarring());
  }

  barring(): Promise<Contact[]> {
    return this.enqueue(async () => {
      await this.shelf.needBarring();
      return contactsOf(await this.shelf.read(BARRING_LIST));
    });
  }

  async bar(contacts: readonly Contact[], options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.write((keyOf) => this.shelf.openBarring(keyOf), planAdd, toWrite(contacts), options);
  }

  async unbar(contacts: readonly Contact[], options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.write((keyOf) => this.shelf.openBarring(keyOf), planRemove, toFind(contacts), options);
  }

  private async writeBook(
    book: string | number,
    plan: Plan,
    contacts: readonly Contact[],
    options?: PhonebookWriteOptions,
  ): Promise<WriteReport> {
    const report = this.write((keyOf) => this.shelf.open(book, keyOf), plan, contacts, options);
    return options?.dryRun ? report : report.finally(() => this.index.touch());
  }

  private write(
    open: (keyOf: KeyOf) => Promise<OpenBook>,
    plan: Plan,
    contacts: readonly Contact[],
    options: PhonebookWriteOptions = {},
  ): Promise<WriteReport> {
    return this.enqueue(async () => {
      const { clock, options: own } = this;
      const { limit = own.limit, ...given } = options;
      // With each opening: a box that was away at first knows its area code later.
      return new BookWriter(async () => open(await this.keyOf()), plan, contacts, {
        ...given,
        clock,
        ...(own.patienceMs !== undefined && { patienceMs: own.patienceMs }),
        ...(limit !== undefined && { limit }),
      }).run();
    });
  }

  private changing<T>(work: () => Promise<T>): Promise<T> {
    return this.enqueue(() => work().finally(() => this.index.touch()));
  }

  /** What reads and what writes waits for its turn, so that between a look and a write nobody else writes. */
  protected enqueue<T>(work: () => Promise<T>): Promise<T> {
    return oneAtATime(this.shelf, work);
  }

  private async keyOf(): Promise<KeyOf> {
    const plan = await this.planOf();
    return (written) => numberKey(written, plan);
  }

  private async readCached(book: BookInfo): Promise<readonly Contact[]> {
    const text = await this.shelf.download(book);
    const hash = createHash("sha256").update(text).digest("base64");
    const known = this.versions.get(book.id);
    if (known?.hash === hash) return known.contacts;
    const contacts = contactsOf(await this.shelf.parse(text));
    this.versions.set(book.id, { hash, contacts });
    return contacts;
  }
}

/** Clean texts only: what is read back must be what was written. Throws a `FritzError` for what is no contact. */
const toWrite = (contacts: readonly Contact[]) => readContacts(contacts, "write").flatMap(splitNumbers);
const toFind = (contacts: readonly Contact[]) => readContacts(contacts, "find");
const contactsOf = ({ entries }: PhonebookDocument) => entries.map(({ contact }) => contact);

function planOf(client: Tr064): () => Promise<DialPlan> {
  const home = new HomeNumberService(client);
  return () => home.dialPlan();
}
