/** Contacts as text for other programs, and back: JSON, CSV, vCard, the box's own XML. Yields to the event loop. */
import type { Contact } from "./types";
import { runYielding } from "../core/async";
import { FritzError } from "../core/errors";
import { decodePieces } from "../core/text";
import { formatVcards, parseVcards, VcardError, type VcardVersion } from "./vcard";
import { readPhonebook } from "./document";
import { MAX_XML_CHARS, XmlError, escapeXml, renderXml, type XmlElement } from "../core/xml";
import { formatCsv, parseCsv } from "./csv";
import { contactElement } from "./contact-xml";

// A JSON list, read one element after the other, so that the reader can yield in between.

/** No contact is longer, characters. */
const LONGEST_ELEMENT = 1024 * 1024;
const CHARS_AT_ONCE = 64 * 1024;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENS = new Set([0x5b, 0x7b]); // [ {
const CLOSES = new Set([0x5d, 0x7d]); // ] }

/** The elements of a list, or the one value; yields now and then. Throws a `SyntaxError` for what is no JSON. */
function* readJsonList(text: string): Generator<undefined, unknown[]> {
  const json = text.trim();
  if (!json.startsWith("[")) return [parse(json)];
  const elements: unknown[] = [];
  let [depth, inString, from] = [0, false, 1];
  for (let at = 0; at < json.length; at++) {
    if (at % CHARS_AT_ONCE === 0) yield;
    const code = json.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
      continue;
    }
    if (code === QUOTE) inString = true;
    else if (OPENS.has(code)) depth++;
    else if (CLOSES.has(code)) depth--;
    const isEnd = depth === 0;
    if (!isEnd && !(code === COMMA && depth === 1)) continue;
    const element = json.slice(from, at);
    if (isEnd && at !== json.length - 1) throw new SyntaxError("text behind the list");
    if (isEnd && code !== 0x5d) throw new SyntaxError("no end");
    if (isEnd && elements.length === 0 && element.trim() === "") return elements;
    elements.push(parse(element));
    yield;
    if (isEnd) return elements;
    from = at + 1;
  }
  throw new SyntaxError("no end");
}

function parse(json: string): unknown {
  if (json.length > LONGEST_ELEMENT) throw new SyntaxError("too long");
  return JSON.parse(json) as unknown;
}

// Contacts -> the file that a box's own export writes (FRITZ.Box_Telefonbuch_*.xml), which its restore reads.

/** Yields after each contact. */
function* formatXml(contacts: readonly Contact[], book: string): Generator<undefined, string> {
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

/** The formats; "vcard" is 3.0, which more programs read; "xml" is the box's own. */
export type ExchangeFormat = "json" | "csv" | "vcard" | "xml";

/** Longest text to import, characters: several times the largest book of a box. */
const LONGEST_TEXT = MAX_XML_CHARS;
const BOOK_NAME = "Telefonbuch";

/** Reads the name of a format; "vcard4" is vCard 4.0. */
function readFormat(given: unknown): { format: ExchangeFormat; version: VcardVersion } {
  const name = typeof given === "string" ? given.trim().toLowerCase() : "";
  if (name === "json" || name === "csv" || name === "xml") return { format: name, version: "3.0" };
  if (name === "vcard" || name === "vcf" || name === "vcard3") return { format: "vcard", version: "3.0" };
  if (name === "vcard4") return { format: "vcard", version: "4.0" };
  throw new FritzError("format-unknown");
}

/** Contacts -> text. `book` is the name that the box's own format gives it. */
export async function exportContacts(contacts: readonly Contact[], given: unknown, book = BOOK_NAME): Promise<string> {
  const { format, version } = readFormat(given);
  if (format === "xml") return runYielding(formatXml(contacts, book));
  if (format === "vcard") return runYielding(formatVcards(contacts, version));
  return runYielding(format === "csv" ? formatCsv(contacts) : formatJson(contacts));
}

/** As `JSON.stringify(contacts, null, 2)`. */
function* formatJson(contacts: readonly Contact[]): Generator<undefined, string> {
  let text = "";
  for (const contact of contacts) {
    text += (text === "" ? "" : ",") + JSON.stringify([contact], null, 2).slice(1, -2);
    yield;
  }
  return text === "" ? "[]" : `[${text}\n]`;
}

/** Reads text, or parsed JSON, as possible contacts; detects the format if it is not given. */
export async function importContacts(input: unknown, given: unknown): Promise<unknown[]> {
  if (typeof input === "object" && input !== null && !Buffer.isBuffer(input))
    return Array.isArray(input) ? (input as unknown[]) : [input];
  if (typeof input !== "string" && !Buffer.isBuffer(input)) throw new FritzError("import-input", { detail: "" });
  if (input.length > LONGEST_TEXT) throw new FritzError("import-size", { mb: LONGEST_TEXT / 1024 / 1024 });
  const text = typeof input === "string" ? input : await runYielding(decodePieces(input));
  if (text.trim() === "") throw new FritzError("import-input", { detail: "" });
  const isXml = text.trimStart().startsWith("<"); // a byte order mark counts as space
  const format = isXml ? "xml" : given === undefined || given === "" ? recognise(text) : readFormat(given).format;
  return READERS[format](text);
}

const READERS: Readonly<Record<ExchangeFormat, (text: string) => Promise<unknown[]>>> = {
  csv: parseCsv,
  json: (text) => runYielding(readJsonList(text)).catch(refuse("JSON", SyntaxError)),
  vcard: (text) => runYielding(parseVcards(text)).catch(refuse("vCard", VcardError)),
  xml: (text) => runYielding(readBoxExport(text)).catch(refuse("XML", XmlError)),
};

function recognise(text: string): ExchangeFormat {
  const start = text.trimStart(); // also the byte order mark
  if (/^BEGIN:VCARD/i.test(start)) return "vcard";
  return /^[[{]/.test(start) ? "json" : "csv";
}

/** The box's own export, FRITZ.Box_Telefonbuch_*.xml. */
function* readBoxExport(text: string): Generator<undefined, Contact[]> {
  const { entries } = yield* readPhonebook(text.replace(/^\ufeff/, ""));
  return entries.map(({ contact }) => contact);
}

/** A text that is not what it is said to be; only our own errors say more, since others may quote the text. */
function refuse(format: string, kind: new (...values: never[]) => Error): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof kind)) throw error;
    throw new FritzError("import-input", {
      detail: error instanceof SyntaxError ? format : `${format} ${error.message}`,
    });
  };
}
