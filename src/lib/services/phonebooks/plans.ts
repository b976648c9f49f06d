/** L3 services: what adding, updating and removing mean for a book as it is now. Pure. */
import { saysAll } from "../../domain/contact";
import type { Contact, ContactNumber } from "../../model/contact";
import { FritzError } from "../../model/errors";
import { contactElement, MOST_NUMBERS, readContact } from "../../protocol/contact-xml";
import type { StoredContact } from "../../protocol/phonebook-document";
import type { BookEntries } from "./book-entries";
import type { Plan, Step } from "./book-writer";

/**
 * A number that is in the book already, in any written form, is not added again: of a contact only the other numbers are, to the
 * contact of the same name if it has one of them, else as a contact of their own.
 */
export const planAdd: Plan = (contact, entries) => {
  const found = contact.numbers.map(({ number }) => entries.withNumber(number)).filter((list) => list.length > 0);
  const numbers = onlyNew(contact.numbers, entries);
  if (numbers.length === 0) return { do: "nothing" };
  const room = MOST_NUMBERS - numbers.length;
  const same = found.flat().find(({ contact: { name, numbers } }) => name === contact.name && numbers.length <= room);
  if (!same) return { do: "write", entry: stored({ ...contact, numbers }), counts: "added" };
  const more = numbers.map((number) => ({ ...number, prio: false })); // the main number stays
  return withNumbers(same, [...same.contact.numbers, ...more]);
};

function onlyNew(numbers: readonly ContactNumber[], entries: BookEntries): ContactNumber[] {
  const keys = numbers.map(({ number }) => entries.keyText(number));
  return numbers.filter(
    ({ number }, i) => keys.indexOf(keys[i] ?? "") === i && entries.withNumber(number).length === 0,
  );
}

/** Replaces what the contact gives; found by its key, else by its name, else by a number. */
export const planUpdate: Plan = (wanted, entries) => {
  const instead = findToUpdate(wanted, entries);
  if (typeof instead === "string") return failed(instead);
  const { contact } = instead;
  if (wanted.numbers.length > MOST_NUMBERS) return failed("contact-numbers");
  if (saysAll(contact, wanted)) return { do: "nothing" };
  const changed = {
    ...wanted,
    name: wanted.name || contact.name,
    numbers: wanted.numbers.length > 0 ? wanted.numbers : contact.numbers,
  };
  return { do: "write", entry: stored(changed, instead), instead, counts: "updated" };
};

/**
 * Removes a contact; if only some of its numbers are named, only those, so that nothing more is lost than was asked for. Several
 * contacts that have no other numbers than those named all go: a box takes one number twice.
 */
export const planRemove: Plan = (wanted, entries) => {
  const fitting = findToRemove(wanted, entries);
  const gone = new Set(wanted.numbers.map(({ number }) => entries.keyText(number)));
  const left = ({ contact }: StoredContact) =>
    gone.size === 0 ? [] : contact.numbers.filter(({ number }) => !gone.has(entries.keyText(number)));
  const all = gone.size > 0 && fitting.every((entry) => left(entry).length === 0);
  const found = theOnly(all ? fitting.slice(0, 1) : fitting);
  if (typeof found === "string") return failed(found);
  if (left(found).length === 0) return { do: "delete", entries: fitting };
  return withNumbers(found, left(found));
};

type Miss = "contact-unknown" | "contact-ambiguous";

const failed = (code: Miss | "contact-numbers"): Step => ({ do: "fail", error: new FritzError(code) });

function withNumbers(instead: StoredContact, numbers: ContactNumber[]): Step {
  const entry = stored({ name: instead.contact.name, numbers }, instead);
  return { do: "write", entry, instead, counts: "updated" };
}

/** The entry as it will stand in the book, under the key that it has there. */
function stored(given: Contact, instead?: StoredContact): StoredContact {
  const contact = { ...given };
  delete contact.uniqueId;
  if (instead?.contact.uniqueId !== undefined) contact.uniqueId = instead.contact.uniqueId;
  const element = contactElement(contact, instead?.element);
  return { contact: readContact(element), element };
}

/** A name need not be unique, and a number may be given to tell two of one name apart, or to find one under a new name. */
function findToUpdate(wanted: Contact, entries: BookEntries): StoredContact | Miss {
  const byName = entries.named(wanted.name);
  const byNumber = withSomeNumber(wanted, entries);
  const byBoth = byName.filter((entry) => byNumber.includes(entry));
  const lists = [entries.withId(wanted.uniqueId), byBoth, byName, byNumber];
  return theOnly(lists.find((list) => list.length > 0));
}

/** All that is given must fit: nothing is removed on a guess. */
function findToRemove(wanted: Contact, entries: BookEntries): StoredContact[] {
  const { uniqueId, name, numbers } = wanted;
  const fitting = [
    ...(uniqueId === undefined ? [] : [entries.withId(uniqueId)]),
    ...(name === "" ? [] : [entries.named(name)]),
    ...(numbers.length === 0 ? [] : [withSomeNumber(wanted, entries)]),
  ];
  const [first = [], ...others] = fitting;
  return first.filter((entry) => others.every((list) => list.includes(entry)));
}

function withSomeNumber({ numbers }: Contact, entries: BookEntries): StoredContact[] {
  return [...new Set(numbers.flatMap(({ number }) => entries.withNumber(number)))];
}

function theOnly([first, second]: readonly StoredContact[] = []): StoredContact | Miss {
  if (!first) return "contact-unknown";
  return second ? "contact-ambiguous" : first;
}

/** A contact with more numbers than a box keeps becomes several of the same name. */
export function splitNumbers(contact: Contact): Contact[] {
  const parts: ContactNumber[][] = [];
  for (let i = 0; i < contact.numbers.length; i += MOST_NUMBERS) parts.push(contact.numbers.slice(i, i + MOST_NUMBERS));
  return parts.length <= 1 ? [contact] : parts.map((numbers) => ({ ...contact, numbers }));
}
