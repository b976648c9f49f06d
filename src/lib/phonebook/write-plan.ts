/** Plans adding, updating and removing contacts, given the current entries of a book. Pure. */
import type { Contact, ContactNumber } from "./types";
import { FritzError } from "../core/errors";
import type { StoredContact } from "./document";
import type { BookEntries } from "./entries";
import { isSameName, coversAll } from "./contact";
import { contactElement, MOST_NUMBERS, readContact } from "./contact-xml";

/** The step for one contact, given the book's entries; `into`: the contacts that it is merged into. */
export type Step = { into?: string[] } & (
  | { do: "write"; entry: StoredContact; instead?: StoredContact; counts: "added" | "updated" }
  | { do: "delete"; entries: readonly StoredContact[] }
  | { do: "nothing" }
  | { do: "fail"; error: FritzError }
);

/** Decides a step; pure. */
export type Plan = (contact: Contact, entries: BookEntries) => Step;

/**
 * Does not add a number that is in the book already, in any written form: of such a contact only the other
 * numbers are added, to the contact of the same name if it has one of them, else as a contact of their own.
 */
export const planAdd: Plan = (contact, entries) => {
  const found = contact.numbers.map(({ number }) => entries.withNumber(number)).filter((list) => list.length > 0);
  const numbers = onlyNew(contact.numbers, entries);
  if (numbers.length === 0) return { do: "nothing" };
  const room = MOST_NUMBERS - numbers.length;
  const same = found
    .flat()
    .find(({ contact: { name, numbers } }) => isSameName(name, contact.name) && numbers.length <= room);
  if (!same) return { do: "write", entry: stored({ ...contact, numbers }), counts: "added" };
  const more = numbers.map((number) => ({ ...number, prio: false })); // keeps the main number
  return withNumbers(same, [...same.contact.numbers, ...more]);
};

/** As `planAdd`; the step names the contacts that already have one of the numbers. */
export const planMerge: Plan = (contact, entries) => {
  const found = contact.numbers.flatMap(({ number }) => entries.withNumber(number));
  const into = [...new Set(found.map(({ contact: { name } }) => name))];
  return { ...planAdd(contact, entries), ...(into.length > 0 && { into }) };
};

/**
 * For one batch: adds each contact as it is, also if others have its numbers. One that is there already, all of it, is not added
 * again, but in the end it is there as often as the batch has it.
 */
export function planExact(): Plan {
  const counts = new Map<string, number>();
  const ordinals = new WeakMap<Contact, number>(); // a contact is planned again after an outage
  return (contact, entries) => {
    const { name, numbers, vip = false } = contact;
    const key = JSON.stringify([name, numbers, vip]);
    const ordinal = ordinals.get(contact) ?? (counts.get(key) ?? 0) + 1;
    ordinals.set(contact, ordinal);
    counts.set(key, Math.max(ordinal, counts.get(key) ?? 0));
    let missing = ordinal;
    for (const { contact: one } of entries.named(name)) {
      if (coversAll(one, { name, numbers, vip }) && --missing === 0) return { do: "nothing" };
    }
    return { do: "write", entry: stored(contact), counts: "added" };
  };
}

function onlyNew(numbers: readonly ContactNumber[], entries: BookEntries): ContactNumber[] {
  const keys = numbers.map(({ number }) => entries.keyText(number));
  return numbers.filter(
    ({ number }, i) => keys.indexOf(keys[i] ?? "") === i && entries.withNumber(number).length === 0,
  );
}

/** Replaces the given properties; finds the contact by unique id, else by name, else by number. */
export const planUpdate: Plan = (wanted, entries) => {
  const instead = findToUpdate(wanted, entries);
  if (typeof instead === "string") return failed(instead);
  const { contact } = instead;
  if (wanted.numbers.length > MOST_NUMBERS) return failed("contact-numbers");
  if (coversAll(contact, wanted)) return { do: "nothing" };
  const changed = {
    ...wanted,
    name: wanted.name || contact.name,
    numbers: wanted.numbers.length > 0 ? wanted.numbers : contact.numbers,
  };
  return { do: "write", entry: stored(changed, instead), instead, counts: "updated" };
};

/**
 * Removes a contact, or only the numbers named, so that no other number is lost. Several contacts that have
 * only the named numbers are all removed: a box accepts one number twice.
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

/** The entry as it will be in the book, with its unique id. */
function stored(given: Contact, instead?: StoredContact): StoredContact {
  const contact = { ...given };
  delete contact.uniqueId;
  if (instead?.contact.uniqueId !== undefined) contact.uniqueId = instead.contact.uniqueId;
  const element = contactElement(contact, instead?.element);
  return { contact: readContact(element), element };
}

/**
 * Names may repeat, and a number may be given to distinguish two contacts of one name, or to find one under a
 * new name.
 */
function findToUpdate(wanted: Contact, entries: BookEntries): StoredContact | Miss {
  const byName = entries.named(wanted.name);
  const byNumber = withSomeNumber(wanted, entries);
  const byBoth = byName.filter((entry) => byNumber.includes(entry));
  const lists = [entries.withId(wanted.uniqueId), byBoth, byName, byNumber];
  return theOnly(lists.find((list) => list.length > 0));
}

/** All given properties must match: nothing is removed on a guess. */
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

/** Splits a contact with more numbers than a box keeps into several of the same name. */
export function splitNumbers(contact: Contact): Contact[] {
  const parts: ContactNumber[][] = [];
  for (let i = 0; i < contact.numbers.length; i += MOST_NUMBERS) parts.push(contact.numbers.slice(i, i + MOST_NUMBERS));
  return parts.length <= 1 ? [contact] : parts.map((numbers) => ({ ...contact, numbers }));
}
