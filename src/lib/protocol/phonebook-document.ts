/** L1 protocol: the document behind a phonebook's URL -> its contacts, each with the element that it came from. */
import type { Contact } from "../model/contact";
import { readContact } from "./contact-xml";
import { descendants, MAX_XML_CHARS, parseXml, refuseDocumentType, XmlError, type XmlElement } from "./xml";

/** A contact and what the box wrote, for a later change that keeps what is not known here. */
export interface StoredContact {
  contact: Contact;
  element: XmlElement;
}

export interface PhonebookDocument {
  /** The book's id as the document has it; 240-257 is an online book (Dingsbums). "" if it does not say. */
  owner: string;
  name: string;
  entries: StoredContact[];
}

/** The owners of online books. */
const ONLINE = { first: 240, last: 257 };
/** So much is parsed in one go, characters: some milliseconds. */
const PIECE_CHARS = 4 * 1024;
/** Longest stretch without the end of a contact. Also of a document with comments and the like, which no box is known to send. */
const MAX_WHOLE_CHARS = 1024 * 1024;

/**
 * Reads a phonebook or the barring list, and gives way after each piece: ten thousand contacts take more than a second. A document
 * without a book is an empty one.
 */
export function* readPhonebook(text: string): Generator<undefined, PhonebookDocument> {
  if (text.length > MAX_XML_CHARS) throw new XmlError("too large");
  refuseDocumentType(text);
  if (/<!|.<\?/s.test(text)) {
    if (text.length > MAX_WHOLE_CHARS) throw new XmlError("too large");
    return toDocument(text, []);
  }
  let frame = "";
  const entries: StoredContact[] = [];
  for (const { before, contacts } of splitBook(text)) {
    frame += before;
    if (frame.length > MAX_WHOLE_CHARS) throw new XmlError("too large");
    if (contacts !== "") entries.push(...contactsIn(parseXml(`<phonebook>${contacts}</phonebook>`)));
    yield;
  }
  return toDocument(frame, entries);
}

function toDocument(frame: string, entries: StoredContact[]): PhonebookDocument {
  const root = parseXml(frame);
  const book = root.name === "phonebook" ? root : descendants(root, "phonebook")[0];
  return {
    owner: book?.attributes["owner"] ?? "",
    name: book?.attributes["name"] ?? "",
    entries: [...entries, ...(book ? contactsIn(book) : [])],
  };
}

function contactsIn(book: XmlElement): StoredContact[] {
  return book.children
    .filter(({ name }) => name === "contact")
    .map((element) => ({ contact: readContact(element), element }));
}

/**
 * Cuts the contacts of the first book out of the document, some at a time, each with what stood before them. Whether all of it is
 * well-formed is seen when the pieces are parsed: here tags are only counted.
 */
function* splitBook(text: string): Generator<{ before: string; contacts: string }> {
  let [depth, bookDepth, contactAt, done] = [0, Infinity, -1, 0];
  let [before, contacts] = ["", ""];
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const end = tagEnd(text, at);
    const closes = text[at + 1] === "/";
    const empty = text[end - 2] === "/" || text[at + 1] === "?";
    if (closes) depth--;
    if (bookDepth === Infinity && !closes && !empty && hasName(text, at, "phonebook")) bookDepth = depth;
    const inBook = depth === bookDepth + 1;
    if (inBook && !closes && hasName(text, at, "contact")) contactAt = at;
    if (inBook && contactAt >= 0 && (closes || empty)) {
      before += text.slice(done, contactAt);
      contacts += text.slice(contactAt, end);
      [done, contactAt] = [end, -1];
    }
    if (closes && depth === bookDepth) bookDepth = -Infinity; // what follows is not the first book's
    if (!closes && !empty) depth++;
    at = end;
    if (end - done > MAX_WHOLE_CHARS) throw new XmlError("too large");
    if (contacts.length < PIECE_CHARS) continue;
    yield { before, contacts };
    [before, contacts] = ["", ""];
  }
  yield { before: before + text.slice(done), contacts };
}

/** Behind the `>` that ends the tag; one in an attribute's value does not. */
function tagEnd(text: string, from: number): number {
  let quote = "";
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === ">") return at + 1;
    else if (char === '"' || char === "'") quote = char;
  }
  throw new XmlError("cut");
}

function hasName(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at + 1) && /[\s/>]/.test(text[at + 1 + name.length] ?? "");
}

/** Whether a document is an online book's. */
export function isOnlineOwner(owner: string): boolean {
  const number = owner.trim() === "" ? NaN : Number(owner);
  return number >= ONLINE.first && number <= ONLINE.last;
}
