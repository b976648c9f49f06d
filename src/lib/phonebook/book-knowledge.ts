/** Contacts of all books from one reading, with what remains valid of the previous one. */
import { defined } from "../core/defined";
import { MINUTE_MS } from "../core/clock";
import { yieldingly } from "../core/async";
import { FritzError } from "../core/errors";
import type { DialPlan } from "../numbers/index";
import { pickBook, isOfOneBook } from "./find-book";
import { NumberIndex } from "./number-index";
import type { BookReading, LostKeys } from "./stored-books";
import type { BookInfo, Contact, ContactsUnknown } from "./types";

/** Functions of the box that an index uses. */
export interface IndexSource {
  /** `complete`: false if a listed book could not be asked for. */
  books(): Promise<{ books: BookInfo[]; complete: boolean }>;
  /** Returns the same array again while the book is unchanged. */
  read(book: BookInfo): Promise<readonly Contact[]>;
  plan(): Promise<DialPlan>;
  /** Whether country and area code are known for certain, from the box or the configuration. */
  readonly planIsKnown: boolean;
}

/**
 * A starting or failing box returns empty or incomplete books. A number that disappeared from a book counts
 * as possibly a contact until readings over this time confirm it, ms.
 */
const GONE_MS = 15 * MINUTE_MS;

/** All books as they were last read. */
export interface Knowledge {
  /** How many changes it shows. */
  changes: number;
  /** When, ms since 1970. */
  atMs: number;
  readings: readonly BookReading[];
  index: NumberIndex;
  planKnown: boolean;
  gone: LostKeys;
  /** Why this reading is incomplete. */
  problem?: ContactsUnknown | undefined;
}

/** Reads all books, or those that are named. */
export class BookReader {
  constructor(
    private readonly source: IndexSource,
    private readonly names: readonly string[] | undefined,
  ) {}

  /** `error`: a book failed, and keeps its contacts from before. Rejects if no book could be read. */
  async read(changes: number, before: Knowledge | undefined, nowMs: number): Promise<Result> {
    const { books, complete } = await this.source.books();
    if (books.length === 0) throw new FritzError("no-books", {}, true);
    const chosen = this.names?.map((name) => pickBook(books, name)) ?? books;
    const { readings, error } = await this.readEach(chosen, before?.readings ?? []);
    if (!complete) readings.push(...missingFrom(readings, before));
    const plan = await this.source.plan();
    const state = {
      changes,
      atMs: error && before ? before.atMs : nowMs,
      planKnown: this.source.planIsKnown,
      ...(!complete && ({ problem: "unreadable-book" } as const)),
    };
    const same = before && isSame(before, readings, plan);
    const { index, readings: list } = same ? before : { index: await indexOf(readings, plan), readings };
    const gone = await goneSince(before, index, nowMs, complete && !error);
    return { next: { ...state, index, readings: list, gone }, ...defined({ error }) };
  }

  private async readEach(
    books: readonly BookInfo[],
    before: readonly BookReading[],
  ): Promise<{ readings: BookReading[]; error?: FritzError }> {
    const readings: BookReading[] = [];
    const errors: FritzError[] = [];
    for (const book of books) {
      try {
        readings.push({ book, contacts: await this.source.read(book) });
      } catch (error) {
        if (!(error instanceof FritzError) || !isOfOneBook(error)) throw error;
        errors.push(error);
        readings.push({ book, contacts: before.find((one) => one.book.name === book.name)?.contacts ?? [] });
      }
    }
    const [error] = errors;
    if (error && errors.length === books.length) throw error;
    return { readings, ...defined({ error }) };
  }
}

interface Result {
  next: Knowledge;
  error?: FritzError;
}

/** The contacts by number. */
export async function indexOf(readings: readonly BookReading[], plan: DialPlan): Promise<NumberIndex> {
  const index = new NumberIndex(plan);
  for (const { book, contacts } of readings) await yieldingly(contacts, (contact) => index.add(book, contact));
  return index;
}

/** Books of the previous reading that are not listed now. */
function missingFrom(readings: readonly BookReading[], before: Knowledge | undefined): BookReading[] {
  const names = new Set(readings.map(({ book }) => book.name));
  return (before?.readings ?? []).filter(({ book }) => !names.has(book.name));
}

function isSame({ readings, index }: Knowledge, now: readonly BookReading[], plan: DialPlan): boolean {
  const sameBook = ({ book, contacts }: BookReading, i: number) =>
    contacts === now[i]?.contacts && JSON.stringify(book) === JSON.stringify(now[i]?.book);
  return readings.length === now.length && readings.every(sameBook) && isSamePlan(index.plan, plan);
}

const isSamePlan = (a: DialPlan, b: DialPlan) =>
  (["countryCode", "areaCode", "trunkPrefix", "intlPrefix"] as const).every((key) => a[key] === b[key]);

/**
 * Keys that disappeared from a book, also if another book has them; `certain` readings confirm a loss after some
 * time.
 */
async function goneSince(
  before: Knowledge | undefined,
  index: NumberIndex,
  nowMs: number,
  certain: boolean,
): Promise<LostKeys> {
  if (!before) return new Map();
  const gone = new Map([...before.gone].map(([key, books]) => [key, new Map(books)]));
  if (before.index !== index) {
    const same = isSamePlan(before.index.plan, index.plan);
    const old = same ? before.index : await indexOf(before.readings, index.plan);
    await yieldingly(old.keys(), (key) => {
      const now = index.booksWith(key);
      for (const book of old.booksWith(key)) {
        if (now.includes(book) || gone.get(key)?.has(book)) continue;
        gone.set(key, (gone.get(key) ?? new Map<string, number>()).set(book, nowMs));
      }
    });
  }
  for (const [key, books] of gone) {
    const now = index.booksWith(key);
    for (const [book, sinceMs] of books) {
      const isBack = book === "" ? now.length > 0 : now.includes(book);
      if (isBack || (certain && nowMs - sinceMs >= GONE_MS)) books.delete(book);
    }
    if (books.size === 0) gone.delete(key);
  }
  return gone;
}
