/** L3 services: the entries of an open book, found by number, name or key, and kept up while a batch changes them. */
import type { StoredContact } from "../../protocol/phonebook-document";
import { inTurns } from "../in-turns";
import type { NumberKey } from "./number-key";

/** The key of a number, in whatever form it is written. */
export type KeyOf = (written: string) => NumberKey;

/** A batch of 1000 must not look at each entry for each of its contacts: numbers are found by their key. */
export class BookEntries {
  private readonly byNumber = new Map<string, StoredContact[]>();

  private constructor(
    /** In the box's order. */
    readonly list: StoredContact[],
    private readonly keyOf: KeyOf,
  ) {}

  /** Takes the list over; it is kept up. */
  static async of(list: StoredContact[], keyOf: KeyOf): Promise<BookEntries> {
    const entries = new BookEntries(list, keyOf);
    await inTurns(list, (entry) => entries.note(entry));
    return entries;
  }

  /** The same text for the same number in any written form; a range is none of its numbers. */
  keyText(number: string): string {
    const { text, wildcard } = this.keyOf(number);
    return wildcard ? `${text}*` : text || number;
  }

  withNumber(number: string): readonly StoredContact[] {
    return this.byNumber.get(this.keyText(number)) ?? [];
  }

  named(name: string): StoredContact[] {
    return name === "" ? [] : this.list.filter(({ contact }) => contact.name === name);
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
    for (const key of this.keysOf(entry)) {
      const known = this.byNumber.get(key);
      if (known) known.push(entry);
      else this.byNumber.set(key, [entry]);
    }
  }

  private forget(entry: StoredContact): void {
    for (const key of this.keysOf(entry)) {
      const left = this.byNumber.get(key)?.filter((one) => one !== entry) ?? [];
      if (left.length > 0) this.byNumber.set(key, left);
      else this.byNumber.delete(key);
    }
  }

  private keysOf({ contact }: StoredContact): Set<string> {
    return new Set(contact.numbers.map(({ number }) => this.keyText(number)));
  }
}
