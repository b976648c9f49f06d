/**
 * Keeps the last complete reading of the phonebooks over restarts, so that contacts are known during an
 * outage.
 */
import { runYielding, yieldingly } from "../core/async";
import type { Store } from "../core/store";
import { propertiesOf } from "../core/unknown";
import type { DialPlan } from "../numbers/index";
import { readDialPlan } from "../tr064/dial-plan";
import type { BookInfo, Contact, ContactNumber } from "./types";

/** One book as it was read. */
export interface BookReading {
  book: BookInfo;
  contacts: readonly Contact[];
}

/** The stored value. */
export interface StoredBooks {
  /** When the books were read, ms since 1970. */
  atMs: number;
  plan: DialPlan;
  readings: readonly BookReading[];
  gone: LostKeys;
}

/** Key of a number -> name of a book from which it disappeared -> when that was first seen, ms since 1970. */
export type LostKeys = ReadonlyMap<string, ReadonlyMap<string, number>>;

const VERSION = 1;
/** Upper bound: the file must stay small enough for a single write. */
const MOST_CONTACTS = 100_000;

/** name, numbers with their types, VIP, image */
type Row = [name: string, numbers: [number: string, type: string][], vip: 0 | 1, image: string];

/**
 * Keeps a reading in a store. An unreadable file counts as none: then the contacts are unknown until the box
 * answers.
 */
export class BookMemory {
  constructor(
    private readonly store: Store,
    private readonly onFailure: (error: unknown) => void = () => undefined,
  ) {}

  /** Resolves to undefined if the stored value is missing or invalid. Never rejects. */
  async load(): Promise<StoredBooks | undefined> {
    try {
      return await runYielding(readStored(await this.store.load()));
    } catch (error) {
      this.onFailure(error);
      return undefined;
    }
  }

  /** Never rejects: a full disk must not prevent a lookup. */
  async save({ atMs, plan, readings, gone }: StoredBooks): Promise<void> {
    let left = MOST_CONTACTS;
    const books: unknown[] = [];
    for (const { book, contacts } of readings) {
      const rows: Row[] = [];
      await yieldingly(contacts.slice(0, left), (contact) => rows.push(toRow(contact)));
      left -= rows.length;
      books.push({ id: book.id, name: book.name, writable: book.writable, contacts: rows });
    }
    try {
      await this.store.save({ version: VERSION, atMs, plan, books, gone: lostRows(gone) });
    } catch (error) {
      this.onFailure(error);
    }
  }
}

const toRow = ({ name, numbers, vip, imageUrl = "" }: Contact): Row => [
  name,
  numbers.map(({ number, type = "" }) => [number, type]),
  vip ? 1 : 0,
  imageUrl,
];

/** A file of another version or shape is not used. */
function* readStored(value: unknown): Generator<undefined, StoredBooks | undefined> {
  const { version, atMs, plan, books, gone } = propertiesOf(value);
  if (version !== VERSION || typeof atMs !== "number" || !Array.isArray(books)) return undefined;
  const readings: BookReading[] = [];
  for (const one of books) {
    const { id, name, writable, contacts } = propertiesOf(one);
    if (typeof id !== "number" || typeof name !== "string" || !Array.isArray(contacts)) return undefined;
    const read: Contact[] = [];
    for (const row of contacts) {
      read.push(fromRow(row));
      yield;
    }
    readings.push({ book: { id, name, writable: writable === true }, contacts: read });
  }
  return { atMs, plan: readDialPlan(plan), readings, gone: readGone(gone) };
}

function fromRow(row: unknown): Contact {
  const [name, numbers, vip, imageUrl] = Array.isArray(row) ? (row as unknown[]) : [];
  return {
    name: textOf(name),
    numbers: (Array.isArray(numbers) ? numbers : []).map(fromPair),
    ...(vip === 1 && { vip: true }),
    ...(textOf(imageUrl) !== "" && { imageUrl: textOf(imageUrl) }),
  };
}

function fromPair(pair: unknown): ContactNumber {
  const [number, type] = Array.isArray(pair) ? (pair as unknown[]) : [];
  return { number: textOf(number), ...(textOf(type) !== "" && { type: textOf(type) }) };
}

type LostRow = [key: string, sinceMs: number, book: string];

const lostRows = (gone: LostKeys): LostRow[] =>
  [...gone]
    .flatMap(([key, books]) => [...books].map(([book, sinceMs]): LostRow => [key, sinceMs, book]))
    .slice(0, MOST_CONTACTS);

/** Rows without a book are of an older version, and name no book. */
function readGone(value: unknown): LostKeys {
  const gone = new Map<string, Map<string, number>>();
  for (const row of Array.isArray(value) ? (value as unknown[]) : []) {
    const [key, sinceMs, book] = Array.isArray(row) ? (row as unknown[]) : [];
    if (typeof key !== "string" || typeof sinceMs !== "number") continue;
    gone.set(key, (gone.get(key) ?? new Map<string, number>()).set(textOf(book), sinceMs));
  }
  return gone;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
