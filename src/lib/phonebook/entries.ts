/** The entries of an open book, indexed by number, name and unique id, and updated while a batch writes. */
import type { StoredContact } from "./document";
import { yieldingly } from "../core/async";
import type { NumberKey } from "../numbers/index";

/** The key of a number, in whatever form it is written. */
export type KeyOf = (written: string) => NumberKey;

/** Index by key, so that a batch of 1000 contacts does not scan all entries for each one. */
export class BookEntries {
  private readonly byNumber = new Map<string, StoredContact[]>();
  private readonly byName = new Map<string, StoredContact[]>();

  private constructor(
    /** In the box's order. */
    readonly list: StoredContact[],
    private readonly keyOf: KeyOf,
  ) {}

  /** Takes ownership of the list. */
  static async of(list: StoredContact[], keyOf: KeyOf): Promise<BookEntries> {
    const entries = new BookEntries(list, keyOf);
    await yieldingly(list, (entry) => entries.note(entry));
    return entries;
  }

  /** The same text for every written form of a number; a range matches none of its numbers. */
  keyText(number: string): string {
    const { text, wildcard } = this.keyOf(number);
    return wildcard ? `${text}*` : text || number;
  }

  withNumber(number: string): readonly StoredContact[] {
    return this.byNumber.get(this.keyText(number)) ?? [];
  }

  /** Whatever blanks stand around the name. */
  named(name: string): readonly StoredContact[] {
    return name === "" ? [] : (this.byName.get(name.trim()) ?? []);
  }

  withId(uniqueId: string | undefined): StoredContact[] {
    return uniqueId === undefined ? [] : this.list.filter(({ contact }) => contact.uniqueId === uniqueId);
  }

  add(entry: StoredContact): void {
    this.list.push(entry);
    this.note(entry);
  }

  replace(old: StoredContact, entry: StoredContact): void {
    this.list[this.list.indexOf(old)] = entry;
    this.forget(old);
    this.note(entry);
  }

  remove(entry: StoredContact): void {
    this.list.splice(this.list.indexOf(entry), 1);
    this.forget(entry);
  }

  private note(entry: StoredContact): void {
    for (const key of this.keysOf(entry)) append(this.byNumber, key, entry);
    append(this.byName, entry.contact.name.trim(), entry);
  }

  private forget(entry: StoredContact): void {
    for (const key of this.keysOf(entry)) drop(this.byNumber, key, entry);
    drop(this.byName, entry.contact.name.trim(), entry);
  }

  private keysOf({ contact }: StoredContact): Set<string> {
    return new Set(contact.numbers.map(({ number }) => this.keyText(number)));
  }
}

type Lists = Map<string, StoredContact[]>;

function append(lists: Lists, key: string, entry: StoredContact): void {
  const known = lists.get(key);
  if (known) known.push(entry);
  else lists.set(key, [entry]);
}

function drop(lists: Lists, key: string, entry: StoredContact): void {
  const left = lists.get(key)?.filter((one) => one !== entry) ?? [];
  if (left.length > 0) lists.set(key, left);
  else lists.delete(key);
}

// Port: an open phonebook, or the call barring list, whose entries are read, written and deleted.

/** A book as just read. Its id is valid for a moment only. */
export interface OpenBook {
  entries: BookEntries;
  /** Writes a contact; resolves to its unique id, "" if the box does not return it. */
  write(entry: StoredContact): Promise<string>;
  delete(entry: StoredContact): Promise<void>;
}

/** Finds the book by name and reads it again. */
export type BookOpener = () => Promise<OpenBook>;
