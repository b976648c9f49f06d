/** L3 services: all phonebooks in memory, found by number: answers at once, also while the box is away. */
import type { BookInfo, Contact, FoundContact } from "../../model/contact";
import { FritzError } from "../../model/errors";
import type { Clock } from "../../model/ports";
import type { Found } from "../../model/telephony";
import { inTurns } from "../in-turns";
import { findBook, pickBook } from "./book-shelf";
import type { KeyOf } from "./book-entries";

/** What an index needs of the box. */
export interface IndexSource {
  books(): Promise<BookInfo[]>;
  read(book: BookInfo): Promise<readonly Contact[]>;
  keyOf(): Promise<KeyOf>;
}

export interface IndexOptions {
  /** Names or ids of the books to look into, in this order; all if left out. */
  books?: readonly string[];
  /** After this time the books are read anew, ms. */
  maxAgeMs?: number;
}

const MAX_AGE_MS = 3_600_000;
/** For an unknown caller, and while the box is away, the books are read anew not more often than this, ms. */
const PAUSE_MS = 60_000;

interface Loaded {
  /** How many changes it shows. */
  changes: number;
  atMs: number;
  books: readonly BookInfo[];
  keyOf: KeyOf;
  exact: Map<string, FoundContact[]>;
  /** By the beginning of the numbers. */
  ranges: Map<string, FoundContact[]>;
  size: number;
}

interface Loading {
  changes: number;
  done: Promise<void>;
}

/** The index of a box's books. */
export class PhonebookIndex {
  private loaded: Loaded | undefined;
  private loading: Loading | undefined;
  private next: Promise<void> | undefined;
  private triedMs = -Infinity;
  private failed = false;
  private changes = 0;

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
    this.changes++;
    if (this.loaded || this.loading) void this.refresh().catch(() => undefined);
  }

  /** Exact hits first, then ranges, the narrowest first; in the order of the books. In one book if it is named. */
  async find(number: string, book?: string): Promise<Found> {
    const { loaded } = this;
    if (!loaded) await this.refresh();
    else if (loaded.changes !== this.changes && (!this.failed || this.mayTry)) await this.tryRefresh();
    let contacts = this.search(number, book);
    if (!contacts?.length && this.mayTry) {
      await this.tryRefresh();
      contacts = this.search(number, book);
    } else if (this.isOld && this.mayTry) void this.tryRefresh(); // this time from memory
    const away = this.failed && this.loaded;
    if (!contacts) throw new FritzError("book-unknown", { book: book ?? "" });
    return { contacts: contacts.map((one) => structuredClone(one)), ...(away && { staleSince: away.atMs }) };
  }

  private get isOld(): boolean {
    const { atMs = 0 } = this.loaded ?? {};
    return this.clock.now() - atMs >= (this.options.maxAgeMs ?? MAX_AGE_MS);
  }

  private get mayTry(): boolean {
    return this.clock.now() - this.triedMs >= PAUSE_MS;
  }

  private async tryRefresh(): Promise<void> {
    await this.refresh().catch(() => undefined);
  }

  /** Reads the books anew. Rejects if the box is away; what is in memory stays. */
  refresh(): Promise<void> {
    // A reading that began before the last change would not show it.
    if (this.loading && this.loading.changes !== this.changes) return (this.next ??= this.refreshAfter(this.loading));
    this.loading ??= { changes: this.changes, done: this.load().finally(() => (this.loading = undefined)) };
    return this.loading.done;
  }

  private async refreshAfter({ done }: Loading): Promise<void> {
    await done.catch(() => undefined);
    this.next = undefined;
    return this.refresh();
  }

  private async load(): Promise<void> {
    this.triedMs = this.clock.now();
    const { changes } = this;
    try {
      const next: Loaded = {
        ...{ changes, atMs: this.clock.now(), books: this.chosen(await this.source.books()) },
        ...{ keyOf: await this.source.keyOf(), exact: new Map(), ranges: new Map(), size: 0 },
      };
      for (const book of next.books) {
        const contacts = await this.source.read(book);
        await inTurns(contacts, (contact) => addContact(next, book, contact));
      }
      this.loaded = next;
      this.failed = false;
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  private chosen(books: BookInfo[]): BookInfo[] {
    return this.options.books?.map((name) => pickBook(books, name)) ?? books;
  }

  /** undefined: there is no such book. */
  private search(number: string, wanted?: string): FoundContact[] | undefined {
    if (!this.loaded) return [];
    const { books, keyOf, exact, ranges } = this.loaded;
    const book = wanted === undefined ? undefined : findBook(books, wanted);
    if (wanted !== undefined && !book) return undefined;
    const { text, wildcard, meant = "" } = keyOf(number);
    const under = (key: string) =>
      [
        ...(wildcard ? [] : (exact.get(key) ?? [])),
        ...prefixes(key).flatMap((prefix) => ranges.get(prefix) ?? []),
      ].filter(({ bookId }) => !book || bookId === book.id);
    // Nobody has the number as it came: then it may be the one that lost its zero on the way.
    return [...new Set([under(text), under(meant)].find((found) => found.length > 0))];
  }
}

/** The text itself and all its beginnings, the longest first. */
const prefixes = (text: string) => Array.from({ length: text.length }, (_, i) => text.slice(0, text.length - i));

function addContact(to: Loaded, { id, name }: BookInfo, contact: Contact): void {
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
