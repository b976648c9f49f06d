/** L3 services: what adding, updating and removing mean for a book as it is now. Pure. */
import { saysTheSame } from "../../domain/contact";
import type { NumberKey } from "../../domain/number-key";
import type { Contact, ContactNumber } from "../../model/contact";
import { FritzError } from "../../model/errors";
import { contactDocument, MOST_NUMBERS } from "../../protocol/contact-xml";
import type { StoredContact } from "../../protocol/phonebook-document";
import type { Plan } from "./book-writer";

/** The key of a number, in whatever form it is written. */
export type KeyOf = (written: string) => NumberKey;

const keyText = (keyOf: KeyOf, number: string) => {
  const { text, wildcard } = keyOf(number);
  return wildcard ? `${text}*` : text || number;
};

const keysOf = (keyOf: KeyOf, { numbers }: Contact) => numbers.map(({ number }) => keyText(keyOf, number));

/** A contact one of whose numbers is in the book already, in any written form, is not added again. */
export function planAdd(keyOf: KeyOf): Plan {
  const known = new KnownKeys(keyOf);
  return (contact, entries) => {
    const found = keysOf(keyOf, contact)
      .map((key) => known.find(key, entries))
      .find(Boolean);
    if (found) return { do: "nothing", found };
    return { do: "write", document: contactDocument(contact), contact, counts: "added" };
  };
}

/** The keys of a book's entries, kept up as entries come and go: a batch of 1000 must not look at each entry for each. */
class KnownKeys {
  private readonly byKey = new Map<string, StoredContact>();
  private book: readonly StoredContact[] = [];
  private length = 0;

  constructor(private readonly keyOf: KeyOf) {}

  find(key: string, entries: readonly StoredContact[]): StoredContact | undefined {
    if (entries !== this.book || entries.length < this.length) {
      this.byKey.clear();
      this.book = entries;
      this.length = 0;
    }
    for (const entry of entries.slice(this.length)) {
      for (const known of keysOf(this.keyOf, entry.contact)) if (!this.byKey.has(known)) this.byKey.set(known, entry);
    }
    this.length = entries.length;
    return this.byKey.get(key);
  }
}

/** Replaces what the contact gives; found by its key, else by its name, else by a number. */
export function planUpdate(keyOf: KeyOf): Plan {
  return (wanted, entries) => {
    const found = findToUpdate(wanted, entries, keyOf);
    if (typeof found === "string") return { do: "fail", error: new FritzError(found) };
    const { contact, element } = found;
    const changed: Contact = {
      ...contact,
      ...wanted,
      name: wanted.name || contact.name,
      numbers: wanted.numbers.length > 0 ? wanted.numbers : contact.numbers,
      ...(contact.uniqueId !== undefined && { uniqueId: contact.uniqueId }),
    };
    if (changed.numbers.length > MOST_NUMBERS) return { do: "fail", error: new FritzError("contact-numbers") };
    if (saysTheSame(changed, contact)) return { do: "nothing", found };
    const document = contactDocument({ ...changed, ...keptEmails(wanted) }, element);
    return { do: "write", document, contact: changed, instead: found, counts: "updated" };
  };
}

const keptEmails = ({ emails }: Contact) => (emails === undefined ? {} : { emails });

/** Removes the contact; if only some of its numbers are named, only those, so that nothing more is lost than was asked for. */
export function planRemove(keyOf: KeyOf): Plan {
  return (wanted, entries) => {
    const found = findToRemove(wanted, entries, keyOf);
    if (typeof found === "string") return { do: "fail", error: new FritzError(found) };
    const { contact, element } = found;
    const gone = new Set(keysOf(keyOf, wanted));
    const left = contact.numbers.filter(({ number }) => !gone.has(keyText(keyOf, number)));
    if (wanted.uniqueId !== undefined || gone.size === 0 || left.length === 0) return { do: "delete", entry: found };
    const changed = { ...contact, numbers: left };
    return {
      do: "write",
      document: contactDocument(changed, element),
      contact: changed,
      instead: found,
      counts: "updated",
    };
  };
}

type Miss = "contact-unknown" | "contact-ambiguous";

/** A name need not be unique, and a number may be given to tell two of one name apart, or to find one under a new name. */
function findToUpdate(wanted: Contact, entries: readonly StoredContact[], keyOf: KeyOf): StoredContact | Miss {
  const byKey = entries.filter(({ contact }) => wanted.uniqueId !== undefined && contact.uniqueId === wanted.uniqueId);
  const byName = entries.filter(hasName(wanted));
  const byNumber = entries.filter(hasNumber(wanted, keyOf));
  const byBoth = byName.filter((entry) => byNumber.includes(entry));
  return theOnly([byKey, byBoth, byName, byNumber].find((list) => list.length > 0));
}

/** All that is given must fit: nothing is removed on a guess. */
function findToRemove(wanted: Contact, entries: readonly StoredContact[], keyOf: KeyOf): StoredContact | Miss {
  const { uniqueId, name, numbers } = wanted;
  const fitting = entries
    .filter((entry) => name === "" || hasName(wanted)(entry))
    .filter((entry) => uniqueId === undefined || entry.contact.uniqueId === uniqueId);
  return theOnly(uniqueId !== undefined || numbers.length === 0 ? fitting : fitting.filter(hasNumber(wanted, keyOf)));
}

const hasName =
  (wanted: Contact) =>
  ({ contact }: StoredContact) =>
    wanted.name !== "" && contact.name === wanted.name;

function hasNumber(wanted: Contact, keyOf: KeyOf): (entry: StoredContact) => boolean {
  const keys = new Set(keysOf(keyOf, wanted));
  return ({ contact }) => keysOf(keyOf, contact).some((key) => keys.has(key));
}

function theOnly([first, second]: StoredContact[] = []): StoredContact | Miss {
  if (!first) return "contact-unknown";
  return second ? "contact-ambiguous" : first;
}

/** A contact with more numbers than a box keeps becomes several of the same name. */
export function splitNumbers(contact: Contact): Contact[] {
  const parts: ContactNumber[][] = [];
  for (let i = 0; i < contact.numbers.length; i += MOST_NUMBERS) parts.push(contact.numbers.slice(i, i + MOST_NUMBERS));
  return parts.length <= 1 ? [contact] : parts.map((numbers) => ({ ...contact, numbers }));
}
