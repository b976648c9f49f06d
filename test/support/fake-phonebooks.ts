/** Test support: a box's phonebooks in memory, which can be unreachable, slow, and drop writes. */
import { type DialPlan, type OwnNumbers, keyOf } from "../../src/lib/numbers/index";
import type { BookInfo, Contact, FoundContact, WriteReport } from "../../src/lib/phonebook/types";
import { FritzError, type FritzErrorCode } from "../../src/lib/core/errors";
import type { IndexSource } from "../../src/lib/phonebook/book-knowledge";
import type { Found, PhonebookStore } from "../../src/lib/phonebook/types";

const NOTHING: WriteReport = { added: 0, updated: 0, removed: 0, alreadyThere: 0, failed: [] };

export class FakePhonebooks implements PhonebookStore, OwnNumbers {
  readonly stored = new Map<string, { writable: boolean; contacts: Contact[] }>([
    ["Telefonbuch", { writable: true, contacts: [] }],
  ]);
  readonly barred: Contact[] = [];
  plan: DialPlan = { countryCode: "49", areaCode: "7191", trunkPrefix: "0", intlPrefix: "00" };
  own: string[] = ["732123"];
  canBar = true;
  /** As long as it is set, everything fails with it. */
  away: FritzError | undefined;
  /** Number of writes that the box confirms and drops. */
  forgets = 0;
  /** The box refuses each single entry with it. */
  refuses: FritzErrorCode | undefined;
  /** Waited for before each write. */
  gate: Promise<void> = Promise.resolve();
  /** "add Spam 030…", in order. */
  readonly writes: string[] = [];
  reads = 0;
  /** For an index: false if a listed book cannot be asked for, and while the box has not told its plan. */
  complete = true;
  planIsKnown = true;
  /** For an index: why single books cannot be read, by name; waited for before a list of books, and after a book was read. */
  readonly unreadable = new Map<string, FritzError>();
  listGate = Promise.resolve();
  readGate = Promise.resolve();
  listings = 0;

  /** Replaces all books. */
  setBooks(books: Readonly<Record<string, readonly Contact[]>>): this {
    this.stored.clear();
    for (const [name, list] of Object.entries(books)) this.stored.set(name, { writable: true, contacts: [...list] });
    return this;
  }

  /** What an index reads. */
  readonly source: IndexSource = Object.defineProperty(
    {
      books: async () => {
        this.listings++;
        await this.listGate;
        return { books: await this.books(), complete: this.complete };
      },
      read: async ({ name }: BookInfo) => {
        const failure = this.unreadable.get(name);
        if (failure) throw failure;
        const contacts = await this.contacts(name); // as they are now, however long it takes
        await this.readGate;
        return contacts;
      },
      plan: () => this.dialPlan(),
      planIsKnown: true,
    },
    "planIsKnown",
    { get: () => this.planIsKnown },
  );

  /** Names and numbers of a book, as "name: number number". */
  texts(book: string): string[] {
    const contacts = book === "" ? this.barred : (this.stored.get(book)?.contacts ?? []);
    return contacts.map(({ name, numbers }) => `${name}: ${numbers.map(({ number }) => number).join(" ")}`);
  }

  put(book: string, who: string | Omit<Contact, "numbers">, ...numbers: string[]): this {
    const stored = this.stored.get(book) ?? { writable: true, contacts: [] };
    this.stored.set(book, stored);
    const contact = typeof who === "string" ? { name: who } : who;
    stored.contacts.push({ ...contact, numbers: numbers.map((number) => ({ number, type: "home" })) });
    return this;
  }

  dialPlan = () => Promise.resolve(this.plan);
  ownNumbers = () => this.present(() => this.own);

  async find(number: string): Promise<Found> {
    const key = this.key(number);
    const hits = await this.present(() =>
      [...this.stored].flatMap(([book, { contacts }], bookId) =>
        contacts
          .filter(({ numbers }) => numbers.some((one) => this.key(one.number) === key))
          .map((contact): FoundContact => ({ ...contact, book, bookId })),
      ),
    );
    return { contacts: hits };
  }

  books(): Promise<BookInfo[]> {
    return this.present(() => [...this.stored].map(([name, { writable }], id) => ({ id, name, writable })));
  }

  contacts(book: string | number): Promise<Contact[]> {
    return this.present(() => {
      this.reads++;
      return structuredClone(this.book(book).contacts);
    });
  }

  async barring(): Promise<Contact[]> {
    if (!this.canBar) throw new FritzError("barring-missing");
    return this.present(() => structuredClone(this.barred));
  }

  async add(book: string | number, contacts: readonly Contact[]): Promise<WriteReport> {
    await this.present(() => {
      if (!this.book(book).writable) throw new FritzError("book-read-only", { book });
    });
    return this.write(`add ${book}`, () => this.book(book).contacts, contacts);
  }

  bar(contacts: readonly Contact[]): Promise<WriteReport> {
    return this.write("bar", () => this.barred, contacts);
  }

  remove(book: string | number, contacts: readonly Contact[]): Promise<WriteReport> {
    return this.deleteEntry(`remove ${book}`, () => this.book(book).contacts, contacts);
  }

  unbar(contacts: readonly Contact[]): Promise<WriteReport> {
    return this.deleteEntry("unbar", () => this.barred, contacts);
  }

  update(): Promise<WriteReport> {
    return Promise.reject(new Error("no update is expected"));
  }

  createBook(name: string): Promise<BookInfo> {
    return this.present(() => {
      this.writes.push(`create ${name}`);
      this.stored.set(name, { writable: true, contacts: [] });
      return { id: this.stored.size - 1, name, writable: true };
    });
  }

  deleteBook(): Promise<void> {
    return Promise.reject(new Error("no book should be deleted"));
  }

  private async write(what: string, into: () => Contact[], [contact]: readonly Contact[]): Promise<WriteReport> {
    await this.gate;
    return this.present(() => {
      if (!contact) return NOTHING;
      const [number = ""] = contact.numbers.map((one) => one.number);
      const there = into().some(({ numbers }) => numbers.some((one) => this.key(one.number) === this.key(number)));
      if (there) return { ...NOTHING, alreadyThere: 1 };
      const failed = (code: FritzErrorCode) => ({ ...NOTHING, failed: [{ contact, error: new FritzError(code) }] });
      if (this.refuses) return failed(this.refuses);
      this.writes.push(`${what} ${number}`);
      if (this.forgets > 0) {
        this.forgets--;
        return failed("contact-dropped");
      }
      into().push(structuredClone(contact));
      return { ...NOTHING, added: 1 };
    });
  }

  private async deleteEntry(what: string, from: () => Contact[], [contact]: readonly Contact[]): Promise<WriteReport> {
    await this.gate;
    return this.present(() => {
      const error = new FritzError("contact-unknown");
      if (!contact) return NOTHING;
      if (this.refuses) return { ...NOTHING, failed: [{ contact, error: new FritzError(this.refuses) }] };
      const gone = contact.numbers.map(({ number }) => this.key(number));
      const found = from().find(
        ({ name, numbers }) => name === contact.name && numbers.some(({ number }) => gone.includes(this.key(number))),
      );
      if (!found) return { ...NOTHING, failed: [{ contact, error }] };
      this.writes.push(`${what} ${contact.numbers.map(({ number }) => number).join(" ")}`);
      found.numbers = found.numbers.filter(({ number }) => !gone.includes(this.key(number)));
      if (found.numbers.length === 0) from().splice(from().indexOf(found), 1);
      return { ...NOTHING, removed: 1 };
    });
  }

  private book(book: string | number): { writable: boolean; contacts: Contact[] } {
    const name = [...this.stored.keys()].find(
      (one, id) => one.toLowerCase() === String(book).toLowerCase() || id === book,
    );
    const found = this.stored.get(name ?? "");
    if (!found) throw new FritzError("book-unknown", { book });
    return found;
  }

  private key = (number: string) => keyOf(number.replace(/\*$/, ""), this.plan) + (number.endsWith("*") ? "*" : "");

  private async present<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.away) throw this.away;
    return work();
  }
}
