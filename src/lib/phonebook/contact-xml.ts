/**
 * Converts AVM's contact element (docs/protocol/phonebook-xml.md#the-document) to a contact and back. Keeps
 * unknown parts on writing.
 */
import { defined } from "../core/defined";
import type { Contact, ContactNumber } from "./types";
import { child, childText, descendants, renderXml, type XmlElement } from "../core/xml";

/** Most numbers of one contact at a box (carddav2fb). */
export const MOST_NUMBERS = 9;

const PROLOG = '<?xml version="1.0" encoding="utf-8"?>';

/** Reads a `<contact>`; missing parts are left out. */
export function readContact(element: XmlElement): Contact {
  const person = child(element, "person");
  const emails = descendants(element, "email").map(textOf).filter(Boolean);
  const [imageUrl, uniqueId] = [childText(person, "imageURL"), childText(element, "uniqueid")];
  const seconds = Number(childText(element, "mod_time"));
  return {
    name: exactText(child(person, "realName")),
    numbers: numberElements(element)
      .map(readNumber)
      .filter(({ number }) => number !== ""),
    ...(childText(element, "category") === "1" && { vip: true }),
    ...(emails.length > 0 && { emails }),
    ...(imageUrl !== "" && { imageUrl }),
    ...(uniqueId !== "" && { uniqueId }),
    ...(seconds > 0 && seconds < 1e11 && { modified: new Date(seconds * 1000).toISOString() }),
  };
}

/** With blanks around it, but not with the lines and indentation of a document that was formatted. */
const exactText = ({ text }: XmlElement = NOTHING) => (/[\r\n\t]|^\s*$/.test(text) ? text.trim() : text);
const NOTHING: XmlElement = { name: "", attributes: {}, children: [], text: "" };

const textOf = ({ text }: XmlElement) => text.trim();

function numberElements(contact: XmlElement): XmlElement[] {
  const telephony = child(contact, "telephony");
  return telephony ? descendants(telephony, "number") : [];
}

function readNumber(element: XmlElement): ContactNumber {
  const { type = "", prio, quickdial = "", vanity = "" } = element.attributes;
  return {
    number: textOf(element),
    ...(type !== "" && { type }),
    ...(prio === "1" && { prio: true }),
    ...(quickdial !== "" && { quickdial }),
    ...(vanity !== "" && { vanity }),
  };
}

/**
 * Builds the element to write: a new contact without the box's unique id, or with `original` its change.
 * Properties that the contact leaves out are kept; its numbers replace the old ones.
 */
export function contactElement(contact: Contact, original?: XmlElement): XmlElement {
  const parts = new Map<string, XmlElement>();
  const others: XmlElement[] = [];
  for (const part of original?.children ?? []) {
    if (KNOWN.includes(part.name) && !parts.has(part.name)) parts.set(part.name, part);
    else if (part.name !== "uniqueid" && part.name !== "mod_time") others.push(part);
  }
  const vip = contact.vip ?? childText(original, "category") === "1";
  const [telephony, outside] = [parts.get("telephony"), parts.get("services")];
  const services = contact.emails ? servicesElement(contact.emails, outside, child(telephony, "services")) : outside;
  const children = [
    leaf("category", vip ? "1" : (notVip(childText(original, "category")) ?? "0")),
    personElement(contact, parts.get("person")),
    telephonyElement(contact, telephony),
    ...(services ? [services] : []),
    ...others,
    ...(original && contact.uniqueId !== undefined ? [leaf("uniqueid", contact.uniqueId)] : []),
  ];
  return { name: "contact", attributes: original?.attributes ?? {}, children, text: "" };
}

/** The document for SetPhonebookEntryUID. */
export function contactDocument(element: XmlElement): string {
  return PROLOG + renderXml(element);
}

const KNOWN = ["category", "person", "telephony", "services"];
const notVip = (category: string) => (category === "" || category === "1" ? undefined : category);

function leaf(name: string, text: string, attributes: XmlElement["attributes"] = {}): XmlElement {
  return { name, attributes, children: [], text };
}

function personElement({ name, imageUrl }: Contact, original?: XmlElement): XmlElement {
  const others = (original?.children ?? []).filter((part) => part.name !== "realName" && part.name !== "imageURL");
  const image = imageUrl ?? childText(original, "imageURL");
  return {
    name: "person",
    attributes: original?.attributes ?? {},
    children: [leaf("realName", name), leaf("imageURL", image), ...others],
    text: "",
  };
}

function telephonyElement({ numbers, emails }: Contact, original?: XmlElement): XmlElement {
  const before = original ? descendants(original, "number") : [];
  // E-mail addresses in here are moved out on writing.
  const others = (original?.children ?? []).filter(({ name }) => name !== "number" && !(emails && name === "services"));
  const olds = numbers.map(({ number }) => {
    const same = before.findIndex((old) => textOf(old) === number);
    return same < 0 ? undefined : before.splice(same, 1)[0];
  });
  const main = Math.max(
    0,
    numbers.some(({ prio }) => prio)
      ? numbers.findIndex(({ prio }) => prio)
      : olds.findIndex((old) => old?.attributes["prio"] === "1"),
  );
  return {
    name: "telephony",
    attributes: { ...original?.attributes, nid: String(numbers.length) },
    children: [...numbers.map((number, i) => numberElement(number, i, i === main, olds[i])), ...others],
    text: "",
  };
}

function numberElement(given: ContactNumber, id: number, main: boolean, old?: XmlElement): XmlElement {
  const { type, quickdial, vanity } = given;
  return leaf("number", given.number, {
    ...old?.attributes,
    type: type ?? old?.attributes["type"] ?? "home",
    prio: main ? "1" : "0",
    id: String(id),
    ...defined({ quickdial, vanity }),
  });
}

/** E-mail addresses are a sibling of telephony, as in real exports. */
function servicesElement(emails: readonly string[], ...given: (XmlElement | undefined)[]): XmlElement {
  const originals = given.filter((part) => part !== undefined);
  const before = originals.flatMap((part) => descendants(part, "email"));
  const others = originals.flatMap(({ children }) => children).filter(({ name }) => name !== "email");
  const written = emails.map((email, i) => {
    const old = before.find((one) => textOf(one) === email);
    return leaf("email", email, { classifier: "private", ...old?.attributes, id: String(i) });
  });
  const attributes = { ...originals[0]?.attributes, nid: String(emails.length) };
  return { name: "services", attributes, children: [...written, ...others], text: "" };
}
