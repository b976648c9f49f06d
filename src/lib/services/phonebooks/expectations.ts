/** L3 services: what a phonebook must hold after a batch, so that what a box forgot without a word is found out. */
import { saysAll } from "../../domain/contact";
import type { Contact } from "../../model/contact";
import { FritzError } from "../../model/errors";
import type { StoredContact } from "../../protocol/phonebook-document";
import type { BookEntries } from "./book-entries";

type Counts = "added" | "updated" | "removed";

interface Expectation {
  /** As it was given. */
  contact: Contact;
  counts: Counts;
  error: FritzError;
  holds: (entries: BookEntries) => boolean;
}

/** Boxes cut longer names (their handsets at about 30 characters). */
const SHORTEST_CUT_NAME = 30;

/** The last word on each entry counts. */
export class Expectations {
  private list: (Expectation & { entry: StoredContact })[] = [];

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  there(contact: Contact, entry: StoredContact, counts: Counts, instead?: StoredContact): void {
    if (instead) this.forget(instead);
    const holds = (entries: BookEntries) => isThere(entry.contact, counts, entries);
    this.list.push({ contact, entry, counts, error: new FritzError("contact-dropped"), holds });
  }

  gone(contact: Contact, entry: StoredContact): void {
    this.forget(entry);
    const holds = (entries: BookEntries) => entries.withId(entry.contact.uniqueId).length === 0;
    this.list.push({ contact, entry, counts: "removed", error: new FritzError("contact-kept"), holds });
  }

  /** Those that the book does not meet. */
  failed(entries: BookEntries): Expectation[] {
    return this.list.filter(({ holds }) => !holds(entries));
  }

  /** The box's key is good over a restart of the box, where all entries are read anew. */
  private forget(old: StoredContact): void {
    const { uniqueId } = old.contact;
    const isOld = ({ entry }: { entry: StoredContact }) =>
      entry === old || (uniqueId !== undefined && entry.contact.uniqueId === uniqueId);
    this.list = this.list.filter((one) => !isOld(one));
  }
}

/** A box may write numbers its own way, and cut a long name. */
function isThere(wanted: Contact, counts: Counts, entries: BookEntries): boolean {
  const keysOf = ({ numbers }: Contact) => new Set(numbers.map(({ number }) => entries.keyText(number)));
  const [keys, [first]] = [keysOf(wanted), wanted.numbers];
  const candidates = first ? entries.withNumber(first.number) : entries.named(wanted.name);
  return candidates.some(({ contact }) => {
    const isCut = contact.name.length >= SHORTEST_CUT_NAME && wanted.name.startsWith(contact.name);
    const present = keysOf(contact);
    const same = present.size === keys.size && [...keys].every((key) => present.has(key));
    if (!same || (contact.name !== wanted.name && !isCut)) return false;
    // Not every box keeps everything of a new contact; a change must show.
    const { vip = false, emails = [] } = wanted;
    return counts === "added" || saysAll(contact, { name: "", numbers: [], vip, emails });
  });
}
