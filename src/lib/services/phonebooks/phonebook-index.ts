/** L3 services: all phonebooks in memory, found by number: answers at once, also while the box is away. */
import type { BookInfo, FoundContact } from "../../model/contact";
import type { Clock } from "../../model/ports";
import type { Found } from "../../model/telephony";
import type { PhonebookDocument } from "../../protocol/phonebook-document";
import { pickBook } from "./book-shelf";
import type { KeyOf } from "./book-entries";

/** What an index needs of the box. */
export interface IndexSource {
  books(): Promise<BookInfo[]>;
  /** The same object as the last time if the book has not changed. */
  read(book: BookInfo): Promise<PhonebookDocument>;
  keyOf(): Promise<KeyOf>;
}

export interface IndexOptions {
  /** Names or ids of the books to look into, in this order; all if left out. */
  books?: readonly string[];
  /** After this time the books are read anew, ms. */
  maxAgeMs?: number;
}

const MAX_AGE_MS = 3_600_000;
/** For an unknown caller the books are read anew, but not more often than this, ms. */
const UNKNOWN_PAUSE_MS = 60_000;

interface Loaded {
  atMs: number;
  keyOf: KeyOf;
  exact: Map<string, FoundContact[]>;
  /** By the beginning of the numbers. */
  ranges: Map<string, FoundContact[]>;
  size: number;
}

/** The index of a box's books. */
export class PhonebookIndex {
  private loaded: Loaded | undefined;
  private loading: Promise<void> | undefined;
  private triedMs = -Infinity;
  private failed = false;
  private dirty = false;

  constructor(
    private readonly source: IndexSource,
    private readonly clock: Clock,
    private readonly options: IndexOptions = {},
  ) {}

  /** How many contacts are in memory. */
  get size(): number {
    return this.loaded?.size ?? 0;
  }

  /** The books have changed: they are read anew, at the latest before the next answer. */
  touch(): void {
    if (!this.loaded) return;
    this.dirty = true;
    void this.refresh().catch(() => undefined);
  }

  /** Exact hits first, then ranges, the narrowest first; in the order of the books. */
  async find(number: string): Promise<Found> {
    await this.prepare();
    let contacts = this.search(number);
    if (contacts.length === 0 && this.clock.now() - this.triedMs >= UNKNOWN_PAUSE_MS) {
      await this.refresh().catch(() => undefined);
      contacts = this.search(number);
    }
    const away = this.failed && this.loaded;
    return { contacts: contacts.map((one) => structuredClone(one)), ...(away && { staleSince: away.atMs }) };
  }

  private async prepare(): Promise<void> {
    if (!this.loaded) return this.refresh();
    const now = this.clock.now();
    if (this.dirty) await this.refresh().catch(() => undefined);
    else if (
      now - this.loaded.atMs >= (this.options.maxAgeMs ?? MAX_AGE_MS) &&
      now - this.triedMs >= UNKNOWN_PAUSE_MS
    ) {
      void this.refresh().catch(() => undefined); // this time from memory
    }
  }

  /** Reads the books anew. Rejects if the box is away; what is in memory stays. */
  refresh(): Promise<void> {
    this.loading ??= this.load().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async load(): Promise<void> {
    this.triedMs = this.clock.now();
    const wasDirty = this.dirty;
    this.dirty = false;
    try {
      const next: Loaded = {
        ...{ atMs: this.clock.now(), keyOf: await this.source.keyOf() },
        ...{ exact: new Map(), ranges: new Map(), size: 0 },
      };
      for (const book of this.chosen(await this.source.books())) addBook(next, book, await this.source.read(book));
      this.loaded = next;
      this.failed = false;
    } catch (error) {
      this.failed = true;
      this.dirty ||= wasDirty;
      throw error;
    }
  }

  private chosen(books: BookInfo[]): BookInfo[] {
    return this.options.books?.map((name) => pickBook(books, name)) ?? books;
  }

  private search(number: string): FoundContact[] {
    if (!this.loaded) return [];
    const { keyOf, exact, ranges } = this.loaded;
    const { text, wildcard } = keyOf(number);
    const found = new Set(wildcard ? [] : exact.get(text));
    for (let length = text.length; length > 0; length--) {
      for (const contact of ranges.get(text.slice(0, length)) ?? []) found.add(contact);
    }
    return [...found];
  }
}

function addBook(to: Loaded, { id, name }: BookInfo, { entries }: PhonebookDocument): void {
  for (const { contact } of entries) {
    const found: FoundContact = { ...contact, book: name, bookId: id };
    to.size++;
    for (const { number } of contact.numbers) {
      const { text, wildcard } = to.keyOf(number);
      if (text === "") continue;
      const map = wildcard ? to.ranges : to.exact;
      const list = map.get(text);
      if (list) list.push(found);
      else map.set(text, [found]);
    }
  }
}
