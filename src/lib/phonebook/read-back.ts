/** Expected state of a phonebook after a batch, to detect writes that a box confirmed and then lost. */
import { isSameName, coversAll } from "./contact";
import type { Contact } from "./types";
import { FritzError } from "../core/errors";
import type { StoredContact } from "./document";
import type { BookEntries } from "./entries";

type WriteKind = "added" | "updated" | "removed";

interface Expected {
  /** As the caller gave it. */
  contact: Contact;
  kind: WriteKind;
  error: FritzError;
  holds: (entries: BookEntries) => boolean;
}

/** Boxes truncate longer names (their handsets at about 30 characters). */
const SHORTEST_CUT_NAME = 30;

/** For each entry the last expectation counts. */
export class ReadBack {
  private list: (Expected & { entry: StoredContact })[] = [];

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  expectPresent(contact: Contact, entry: StoredContact, counts: WriteKind, instead?: StoredContact): void {
    if (instead) this.forget(instead);
    const holds = (entries: BookEntries) => isThere(entry.contact, counts, entries);
    this.list.push({ contact, entry, kind: counts, error: new FritzError("contact-dropped"), holds });
  }

  expectAbsent(contact: Contact, entry: StoredContact): void {
    this.forget(entry);
    const holds = (entries: BookEntries) => entries.withId(entry.contact.uniqueId).length === 0;
    this.list.push({ contact, entry, kind: "removed", error: new FritzError("contact-kept"), holds });
  }

  /** Returns what the book does not hold as written. */
  failed(entries: BookEntries): Expected[] {
    return this.list.filter(({ holds }) => !holds(entries));
  }

  /** The unique id identifies an entry after a restart of the box, when all entries are read again. */
  private forget(old: StoredContact): void {
    const { uniqueId } = old.contact;
    const isOld = ({ entry }: { entry: StoredContact }) =>
      entry === old || (uniqueId !== undefined && entry.contact.uniqueId === uniqueId);
    this.list = this.list.filter((one) => !isOld(one));
  }
}

/** Compares leniently: a box may rewrite numbers and truncate a long name. */
function isThere(wanted: Contact, counts: WriteKind, entries: BookEntries): boolean {
  const keysOf = ({ numbers }: Contact) => new Set(numbers.map(({ number }) => entries.keyText(number)));
  const [keys, [first]] = [keysOf(wanted), wanted.numbers];
  const candidates = first ? entries.withNumber(first.number) : entries.named(wanted.name);
  return candidates.some(({ contact }) => {
    const isCut = contact.name.length >= SHORTEST_CUT_NAME && wanted.name.startsWith(contact.name);
    const present = keysOf(contact);
    const same = present.size === keys.size && [...keys].every((key) => present.has(key));
    if (!same || (!isSameName(contact.name, wanted.name) && !isCut)) return false;
    // Not every box keeps all properties of a new contact; a change must be visible.
    const { vip = false, emails = [] } = wanted;
    return counts === "added" || coversAll(contact, { name: "", numbers: [], vip, emails });
  });
}
