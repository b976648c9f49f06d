/**
 * Index of all phonebooks in memory, by number. Answers at once, also during an outage, and says when a miss
 * is not reliable.
 */
import { defined } from "../core/defined";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Clock } from "../core/clock";
import { withTimeout } from "../core/async";
import { FritzError } from "../core/errors";
import { quoted } from "../numbers/index";
import { BookReader, type IndexSource, indexOf, type Knowledge } from "./book-knowledge";
import { findBook, unknownBecause } from "./find-book";
import type { BookMemory } from "./stored-books";
import type { ContactsUnknown, Found, FoundContact } from "./types";

export interface IndexOptions {
  /** Names or ids of the books to search, in this order; all if left out. */
  books?: readonly string[];
  /** Age at which the books are read again, ms. */
  maxAgeMs?: number;
  /** Longest time that a lookup waits for a reading, ms. */
  patienceMs?: number;
  /** Keeps the last complete reading over restarts. */
  memory?: BookMemory;
}

const MAX_AGE_MS = HOUR_MS;
/** A miss in an older reading is not reliable, ms. */
const TRUSTED_MS = DAY_MS;
/** Shortest time between two readings for unknown callers and during an outage, ms. */
const PAUSE_MS = MINUTE_MS;
/** The same before the first reading, ms. */
const FIRST_PAUSE_MS = 5_000;
const PATIENCE_MS = 2_500;
interface Loading {
  changes: number;
  done: Promise<void>;
}

/** The index of a box's books. */
export class PhonebookIndex {
  private loaded: Knowledge | undefined;
  private restored: Promise<void> | undefined;
  private loading: Loading | undefined;
  private next: Promise<void> | undefined;
  private triedMs = -Infinity;
  private failure: { error: unknown; reason: ContactsUnknown } | undefined;
  private changes = 0;
  private readonly reader: BookReader;

  constructor(
    private readonly source: IndexSource,
    private readonly clock: Clock,
    private readonly options: IndexOptions = {},
  ) {
    this.reader = new BookReader(source, options.books);
  }

  /** How many contacts are in memory. */
  get size(): number {
    return this.loaded?.index.size ?? 0;
  }

  /** Whether the books were read from the box. */
  get isLoaded(): boolean {
    return this.loaded !== undefined && this.loaded.problem === undefined && !this.failure;
  }

  /** The books have changed: they are read again before the next answer. */
  touch(): void {
    this.changes++;
    if (this.loaded || this.loading) void this.tryRefresh();
  }

  /** Rejects only with `book-unknown`, if `book` is given and the box has no such book. */
  async find(number: string, book?: string): Promise<Found> {
    await this.restore();
    const waited = this.mustRead && !this.isKept(number, book);
    if (waited) await this.waitForReading();
    let contacts = this.search(number, book);
    if (!contacts?.length && !waited && (this.mayTry || this.loading)) {
      await this.waitForReading();
      contacts = this.search(number, book);
    } else if ((this.isOld || this.loaded?.problem) && this.mayTry) void this.tryRefresh(); // this time from memory
    if (!contacts) throw new FritzError("book-unknown", { book: quoted(book ?? "") });
    const unknown = this.whyUnknown(number);
    const { error } = this.failure ?? {};
    return {
      contacts,
      ...(this.failure && this.loaded && { staleSince: this.loaded.atMs }),
      ...defined({ unknown }),
      ...(unknown && error instanceof FritzError && { cause: error }),
    };
  }

  /** Whether the answer has to wait for a reading. */
  private get mustRead(): boolean {
    if (!this.loaded) return this.mayTry || this.loading !== undefined;
    const { changes, planKnown, atMs, problem } = this.loaded;
    if (problem) return this.mayTry;
    const isCurrent = changes === this.changes && planKnown === this.source.planIsKnown;
    return isCurrent && this.clock.now() - atMs < TRUSTED_MS ? false : !this.failure || this.mayTry;
  }

  /** Whether it is a contact of the reading from before the start, which counts as long as the books were not read anew. */
  private isKept(number: string, book?: string): boolean {
    return this.loaded?.problem === "loading" && (this.search(number, book)?.length ?? 0) > 0;
  }

  private get isOld(): boolean {
    const { atMs = 0 } = this.loaded ?? {};
    return this.failure !== undefined || this.clock.now() - atMs >= (this.options.maxAgeMs ?? MAX_AGE_MS);
  }

  private get mayTry(): boolean {
    return this.clock.now() - this.triedMs >= (this.loaded ? PAUSE_MS : FIRST_PAUSE_MS);
  }

  private async waitForReading(): Promise<void> {
    await withTimeout(this.clock, this.options.patienceMs ?? PATIENCE_MS, this.tryRefresh());
  }

  private async tryRefresh(): Promise<void> {
    await this.refresh().catch(() => undefined);
  }

  private whyUnknown(number: string): ContactsUnknown | undefined {
    const { loaded, failure } = this;
    if (!loaded || failure) return failure?.reason ?? "loading";
    if (loaded.problem) return loaded.problem;
    if (loaded.changes < this.changes) return "loading";
    if (this.clock.now() - loaded.atMs >= TRUSTED_MS) return "too-old";
    if (!loaded.planKnown || loaded.index.mayBeLocal(number)) return "dial-plan";
    return loaded.gone.size > 0 && loaded.index.keysOf(number).some((key) => loaded.gone.has(key))
      ? "unreadable-book"
      : undefined;
  }

  /** Reads the books again. Rejects if the box cannot be reached; the contacts in memory are kept. */
  refresh(): Promise<void> {
    // A reading that began before the last change does not show it.
    if (this.loading && this.loading.changes !== this.changes) return (this.next ??= this.refreshAfter(this.loading));
    this.loading ??= { changes: this.changes, done: this.load().finally(() => (this.loading = undefined)) };
    return this.loading.done;
  }

  private async refreshAfter({ done }: Loading): Promise<void> {
    await done.catch(() => undefined);
    this.next = undefined;
    return this.refresh();
  }

  /** Restores the reading kept from before the start, once. */
  private async restore(): Promise<void> {
    this.restored ??= this.readMemory();
    await withTimeout(this.clock, this.options.patienceMs ?? PATIENCE_MS, this.restored);
  }

  private async readMemory(): Promise<void> {
    const kept = await this.options.memory?.load();
    if (!kept || this.loaded) return;
    const index = await indexOf(kept.readings, kept.plan);
    // No reading yet: a miss is not reliable.
    this.loaded ??= { ...kept, index, changes: this.changes, planKnown: this.source.planIsKnown, problem: "loading" };
  }

  private async load(): Promise<void> {
    this.triedMs = this.clock.now();
    const { changes } = this;
    try {
      await this.restore();
      const { next, error } = await this.reader.read(changes, this.loaded, this.clock.now());
      const isNew = next.readings !== this.loaded?.readings;
      this.loaded = next;
      if (error) throw error;
      this.failure = undefined;
      if (isNew && !next.problem) void this.options.memory?.save({ ...next, plan: next.index.plan });
    } catch (error) {
      this.failure = { error, reason: unknownBecause(error) };
      throw error;
    }
  }

  /** Undefined if there is no such book. */
  private search(number: string, wanted?: string): FoundContact[] | undefined {
    if (!this.loaded) return [];
    const { readings, index } = this.loaded;
    if (wanted === undefined) return index.find(number);
    const books = readings.map(({ book }) => book);
    const book = findBook(books, wanted);
    return book && index.find(number, book.id);
  }
}
