/** Validates a contact that a user or a flow gives. */
import type { Contact, ContactNumber, WriteReport } from "./types";
import { FritzError, type FritzErrorCode } from "../core/errors";
import { yieldingly } from "../core/async";
import { UnreadablePart } from "./unreadable-part";

/** Why a value is no valid contact. */
export type ContactFault = "no-object" | "no-name" | "no-number" | "bad-number";

/** Required properties: for writing all, for finding any. */
export type ContactPurpose = "write" | "find";

/** A number of a log whose last digits are hidden ("808xxx"): no telephone can be called by it. */
const MASKED = /\d[\s/.-]*x{2,}$/i;

type Read<T> = { ok: true; value: T } | { ok: false; fault: ContactFault };

/**
 * Reads a contact, or the short form `{ name, number }`. To write it needs a name and a number; to find one, a unique id, a
 * name or a number will do. Texts are trimmed, but for names, and control characters dropped.
 */
export function readGivenContact(given: unknown, purpose: ContactPurpose): Read<Contact> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return { ok: false, fault: "no-object" };
  const { name, number, numbers, vip, emails, imageUrl, uniqueId } = given as Record<string, unknown>;
  const list = [...(Array.isArray(numbers) ? (numbers as unknown[]) : []), ...(number === undefined ? [] : [number])];
  const read = list.map(readNumber);
  if (purpose === "write" && read.some((one) => one !== undefined && MASKED.test(one.number)))
    return { ok: false, fault: "bad-number" };
  if (read.some((one) => one === undefined)) return { ok: false, fault: "bad-number" };
  const contact: Contact = {
    name: exactText(name),
    numbers: read.filter((one) => one !== undefined),
    ...(typeof vip === "boolean" && { vip }),
    ...(Array.isArray(emails) && { emails: emails.map(cleanText).filter(Boolean) }),
    ...(cleanText(imageUrl) !== "" && { imageUrl: cleanText(imageUrl) }),
    ...(cleanText(uniqueId) !== "" && { uniqueId: cleanText(uniqueId) }),
  };
  const { uniqueId: key = "" } = contact;
  if (purpose === "find" && key !== "") return { ok: true, value: contact };
  if (contact.name === "" && (purpose === "write" || contact.numbers.length === 0))
    return { ok: false, fault: "no-name" };
  if (contact.numbers.length === 0 && purpose === "write") return { ok: false, fault: "no-number" };
  return { ok: true, value: contact };
}

function readNumber(given: unknown): ContactNumber | undefined {
  const parts = typeof given === "object" && given !== null ? (given as Record<string, unknown>) : { number: given };
  const number = cleanText(parts["number"]);
  if (!/[\d*#@]/.test(number)) return undefined;
  const [type, quickdial, vanity] = ["type", "quickdial", "vanity"].map((key) => cleanText(parts[key]));
  return {
    number,
    ...(type && { type }),
    ...(parts["prio"] === true && { prio: true }),
    ...(quickdial && { quickdial }),
    ...(vanity && { vanity }),
  };
}

/** A name as it is written, with blanks around it; "" if there is nothing else. */
function exactText(value: unknown): string {
  const text = withoutControls(value);
  return text.trim() === "" ? "" : text;
}

const cleanText = (value: unknown) => withoutControls(value).trim();

/**
 * A text or number as clean text; undefined for anything else. Removes lone surrogates, which UTF-8 cannot
 * encode.
 */
function withoutControls(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  return String(value)
    .replace(/\p{Cs}|[\ufffe\uffff]/gu, "")
    .replace(/\p{Cc}+/gu, " ");
}

/** Not every box keeps blanks around a name. */
export const isSameName = (a: string, b: string): boolean => a === b || a.trim() === b.trim();

/**
 * Whether a contact already has all given properties; those left out (no name, no numbers, no type ...) are
 * not compared.
 */
export function coversAll(present: Contact, wanted: Contact): boolean {
  const { name, numbers, vip, emails, imageUrl } = wanted;
  return (
    (name === "" || isSameName(name, present.name)) &&
    (numbers.length === 0 || sameList(numbers, present.numbers, coversNumber)) &&
    (vip === undefined || vip === (present.vip ?? false)) &&
    (emails === undefined || sameList(emails, present.emails ?? [], (a, b) => a === b)) &&
    (imageUrl === undefined || imageUrl === present.imageUrl)
  );
}

function coversNumber(wanted: ContactNumber, present: ContactNumber): boolean {
  const given = Object.entries(wanted) as [keyof ContactNumber, unknown][];
  return given.every(([key, value]) => value === undefined || value === present[key]);
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((x, i) => same(x, b[i] as T));
}

// Reads the contacts of a message, or throws an error with the position of the invalid one.

const CODES: Readonly<Record<ContactFault, FritzErrorCode>> = {
  "no-object": "contact-no-object",
  "no-name": "contact-no-name",
  "no-number": "contact-no-number",
  "bad-number": "contact-bad-number",
};

/**
 * One contact or a list of them; throws a `FritzError` if one is invalid, so that no list is written
 * partially.
 */
export async function readContacts(payload: unknown, purpose: ContactPurpose): Promise<Contact[]> {
  const list = (Array.isArray(payload) ? payload : [payload]) as readonly unknown[];
  const contacts: Contact[] = [];
  await yieldingly(list, (given) => {
    const read = readGivenContact(given, purpose);
    if (!read.ok) throw new FritzError(CODES[read.fault], { position: contacts.length + 1 });
    contacts.push(read.value);
  });
  return contacts;
}

/** As `readContacts`, for a list in which some may be invalid. */
export async function sortContacts(
  list: readonly unknown[],
): Promise<{ contacts: Contact[]; failed: WriteReport["failed"] }> {
  const contacts: Contact[] = [];
  const failed: WriteReport["failed"] = [];
  await yieldingly(list.entries(), ([i, given]) => {
    if (given instanceof UnreadablePart) {
      failed.push({ contact: { name: "", numbers: [] }, error: given.error });
      return;
    }
    const read = readGivenContact(given, "write");
    if (read.ok) contacts.push(read.value);
    else {
      const rest = typeof given === "object" ? given : {};
      const error = new FritzError(CODES[read.fault], { position: i + 1 });
      failed.push({ contact: { name: "", numbers: [], ...rest }, error });
    }
  });
  return { contacts, failed };
}
