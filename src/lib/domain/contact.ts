/** L1 domain: what people and flows give as a contact -> a contact that a phonebook can hold, or what is wrong with it. */
import type { Contact, ContactNumber } from "../model/contact";

/** Why something is no contact. */
export type ContactFault = "no-object" | "no-name" | "no-number" | "bad-number";

/** What is asked of a contact: all to write one, little to find one. */
export type ContactPurpose = "write" | "find";

type Read<T> = { ok: true; value: T } | { ok: false; fault: ContactFault };

/**
 * Reads a contact, or the short form `{ name, number }`. To write it needs a name and a number; to find one, a unique id, a
 * name or a number will do. Texts are trimmed and control characters dropped.
 */
export function readGivenContact(given: unknown, purpose: ContactPurpose): Read<Contact> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return { ok: false, fault: "no-object" };
  const { name, number, numbers, vip, emails, imageUrl, uniqueId } = given as Record<string, unknown>;
  const list = [...(Array.isArray(numbers) ? (numbers as unknown[]) : []), ...(number === undefined ? [] : [number])];
  const read = list.map(readNumber);
  if (read.some((one) => one === undefined)) return { ok: false, fault: "bad-number" };
  const contact: Contact = {
    name: cleanText(name),
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

/** A text or number as clean text; anything else is none. Lone halves of surrogate pairs go, too: UTF-8 cannot hold them. */
function cleanText(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  return String(value)
    .replace(/\p{Cs}|[\ufffe\uffff]/gu, "")
    .replace(/\p{Cc}+/gu, " ")
    .trim();
}

/** Whether a contact says already all that is wanted; what is not given (no name, no numbers, no type ...) is not asked for. */
export function saysAll(present: Contact, wanted: Contact): boolean {
  const { name, numbers, vip, emails, imageUrl } = wanted;
  return (
    (name === "" || name === present.name) &&
    (numbers.length === 0 || sameList(numbers, present.numbers, saysAllOfNumber)) &&
    (vip === undefined || vip === (present.vip ?? false)) &&
    (emails === undefined || sameList(emails, present.emails ?? [], (a, b) => a === b)) &&
    (imageUrl === undefined || imageUrl === present.imageUrl)
  );
}

function saysAllOfNumber(wanted: ContactNumber, present: ContactNumber): boolean {
  const given = Object.entries(wanted) as [keyof ContactNumber, unknown][];
  return given.every(([key, value]) => value === undefined || value === present[key]);
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((x, i) => same(x, b[i] as T));
}
