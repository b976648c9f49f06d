/** Contacts -> the file that a box's own export writes (FRITZ.Box_Telefonbuch_*.xml), which its restore reads. */
import type { Contact } from "./types";
import { contactElement } from "./contact-xml";
import { escapeXml, renderXml, type XmlElement } from "../core/xml";

/** Yields after each contact. */
export function* formatXml(contacts: readonly Contact[], book: string): Generator<undefined, string> {
  let text = `<?xml version="1.0" encoding="utf-8"?>\n<phonebooks>\n<phonebook owner="0" name="${escapeXml(book)}">\n`;
  for (const contact of contacts) {
    text += `${renderXml(exported(contact))}\n`;
    yield;
  }
  return `${text}</phonebook>\n</phonebooks>\n`;
}

/** With the box's key and date; of numbers without a main one none becomes it. */
function exported(contact: Contact): XmlElement {
  const { uniqueId, modified, numbers } = contact;
  const { children, ...element } = contactElement(contact);
  const hasMain = numbers.some(({ prio }) => prio);
  const seconds = modified === undefined ? NaN : Math.floor(Date.parse(modified) / 1000);
  return {
    ...element,
    children: [
      ...children.map((part) => (part.name === "telephony" && !hasMain ? withoutMain(part) : part)),
      ...(Number.isFinite(seconds) ? [leaf("mod_time", String(seconds))] : []),
      ...(uniqueId !== undefined ? [leaf("uniqueid", uniqueId)] : []),
    ],
  };
}

const leaf = (name: string, text: string): XmlElement => ({ name, attributes: {}, children: [], text });

function withoutMain(telephony: XmlElement): XmlElement {
  const children = telephony.children.map((one) =>
    one.name === "number" ? { ...one, attributes: { ...one.attributes, prio: "0" } } : one,
  );
  return { ...telephony, children };
}
