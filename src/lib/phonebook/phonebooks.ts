/** Reads, writes and searches the phonebooks of a box: operations in sequence, lookups from memory. */
import type { BookInfo, Contact, FoundContact, WriteReport, Found, PhonebookStore } from "./types";
import type { DialPlan } from "../numbers/index";
import { isOnlineOwner } from "./document";
import type { Tr064 } from "../tr064/service";
import { DialPlanService } from "../tr064/dial-plan";
import { serialize } from "../core/async";
import { BoxBooks } from "./box-books";
import { CachedBooks, contactsOf, toFind, toWrite } from "./cached-books";
import { BARRING_LIST } from "./find-book";
import type { IndexSource } from "./book-knowledge";
import { type BookChange, runChange } from "./run-change";
import { type Plan, planAdd, planExact, planMerge, planRemove, planUpdate } from "./write-plan";
import { PhonebookIndex } from "./lookup-index";
import { systemClock } from "../core/clock";
import type { ImportMode, PhonebooksOptions, PhonebookWriteOptions } from "./phonebooks-options";

/** Reads, writes and searches the phonebooks of one box. Rejects with `FritzError` only. */
export class Phonebooks implements PhonebookStore {
  private readonly boxBooks: BoxBooks;
  private readonly index: PhonebookIndex;
  private readonly planOf: () => Promise<DialPlan>;

  constructor(
    client: Tr064,
    private readonly options: PhonebooksOptions = {},
  ) {
    this.boxBooks = new BoxBooks(client);
    const home = new DialPlanService(client);
    this.planOf = options.dialPlan ?? (() => home.dialPlan());
    const planIsKnown = options.planIsKnown ?? (() => options.dialPlan !== undefined || home.planIsKnown);
    const cached = new CachedBooks(this.boxBooks);
    const source: IndexSource = {
      books: () => this.boxBooks.list(),
      read: (book) => cached.read(book),
      plan: () => this.planOf(),
      get planIsKnown() {
        return planIsKnown();
      },
    };
    this.index = new PhonebookIndex(source, options.clock ?? systemClock, options.lookup);
  }

  /** The books; with `counts` each is read, so that its size and owner are known. */
  books(counts = false): Promise<BookInfo[]> {
    return this.enqueue(async () => {
      const books = await this.boxBooks.books();
      if (!counts) return books;
      const whole: BookInfo[] = [];
      for (const book of books) {
        const { owner, entries } = await this.boxBooks.read(book);
        const writable = book.writable && !isOnlineOwner(owner);
        whole.push({ ...book, writable, ...(owner !== "" && { owner }), count: entries.length });
      }
      return whole;
    });
  }

  contacts(book: string | number): Promise<Contact[]> {
    return this.enqueue(async () => contactsOf(await this.boxBooks.read(await this.boxBooks.find(book))));
  }

  /** The contacts of all books, each with its book. */
  allContacts(): Promise<FoundContact[]> {
    return this.enqueue(async () => {
      const all: FoundContact[] = [];
      for (const book of await this.boxBooks.books()) {
        const contacts = contactsOf(await this.boxBooks.read(book));
        all.push(...contacts.map((contact) => ({ ...contact, book: book.name, bookId: book.id })));
      }
      return all;
    });
  }

  /** The contacts of a number, in one book if it is named. */
  find(number: string, book?: string): Promise<Found> {
    return this.index.find(number, book);
  }

  /** As `find`, without the information whether the result is reliable. */
  async lookup(number: string, book?: string): Promise<FoundContact[]> {
    return (await this.find(number, book)).contacts;
  }

  /** Whether lookups are answered from memory. */
  get isLoaded(): boolean {
    return this.index.isLoaded;
  }

  /** Reads the books for lookups again. */
  refresh(): Promise<void> {
    return this.index.refresh();
  }

  add(book: string | number, contacts: readonly Contact[], options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.writeBook(book, planAdd, () => toWrite(contacts), options);
  }

  /**
   * Adds the contacts of a file; without `mode` exactly into an empty book, else merged. The report names
   * merged contacts.
   */
  async import(
    book: string | number,
    contacts: readonly Contact[],
    { mode, ...options }: PhonebookWriteOptions & { mode?: ImportMode } = {},
  ): Promise<WriteReport> {
    const chosen = mode ?? ((await this.contacts(book)).length === 0 ? "exact" : "merge");
    return this.writeBook(book, chosen === "exact" ? planExact() : planMerge, () => toWrite(contacts), options);
  }

  update(book: string | number, contacts: readonly Contact[], options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.writeBook(book, planUpdate, () => toFind(contacts), options);
  }

  remove(book: string | number, contacts: readonly Contact[], options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.writeBook(book, planRemove, () => toFind(contacts), options);
  }

  createBook(name: string): Promise<BookInfo> {
    return this.changing(() => this.boxBooks.create(name));
  }

  async deleteBook(book: string | number): Promise<void> {
    await this.changing(() => this.boxBooks.remove(book));
  }

  barring(): Promise<Contact[]> {
    return this.enqueue(async () => {
      await this.boxBooks.needBarring();
      return contactsOf(await this.boxBooks.read(BARRING_LIST));
    });
  }

  bar(contacts: readonly Contact[], options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.writeBarring(planAdd, () => toWrite(contacts), options);
  }

  unbar(contacts: readonly Contact[], options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.writeBarring(planRemove, () => toFind(contacts), options);
  }

  private async writeBook(
    book: string | number,
    plan: Plan,
    contacts: BookChange["contacts"],
    options?: PhonebookWriteOptions,
  ): Promise<WriteReport> {
    const report = this.write({ open: (keyOf) => this.boxBooks.open(book, keyOf), plan, contacts }, options);
    return options?.dryRun ? report : report.finally(() => this.index.touch());
  }

  private writeBarring(plan: Plan, contacts: BookChange["contacts"], options?: PhonebookWriteOptions) {
    return this.write({ open: (keyOf) => this.boxBooks.openBarring(keyOf), plan, contacts }, options);
  }

  private write(change: BookChange, options?: PhonebookWriteOptions): Promise<WriteReport> {
    return this.enqueue(() => runChange(change, this.planOf, this.options, options));
  }

  private changing<T>(work: () => Promise<T>): Promise<T> {
    return this.enqueue(() => work().finally(() => this.index.touch()));
  }

  /** Runs reads and writes in sequence, so that no other write comes between a read and its write. */
  enqueue<T>(work: () => Promise<T>): Promise<T> {
    return serialize(this.boxBooks, work);
  }
}
