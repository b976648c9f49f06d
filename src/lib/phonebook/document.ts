/** Parses a phonebook document into contacts, each with its element. */
import type { Contact } from "./types";
import { readContact } from "./contact-xml";
import { descendants, XmlError, type XmlElement } from "../core/xml";
import { readInPieces } from "../core/xml-pieces";

/** A contact and its element at the box, for a later change that keeps unknown parts. */
export interface StoredContact {
  contact: Contact;
  element: XmlElement;
}

export interface PhonebookDocument {
  /** False: `<phonebooks/>` without a book, as a starting box answers. */
  hasBook: boolean;
  /** The book's id as the document has it; 240-257 is an online book (Dingsbums). "" if it does not say. */
  owner: string;
  name: string;
  entries: StoredContact[];
}

/** The owners of online books. */
const ONLINE = { first: 240, last: 257 };

/**
 * Reads a phonebook or the barring list, and yields after each piece: ten thousand contacts take more than a
 * second. A document of another kind, such as a web page, is an `XmlError`.
 */
export function* readPhonebook(text: string): Generator<undefined, PhonebookDocument> {
  const entries: StoredContact[] = [];
  for (const piece of readInPieces(text, "phonebook", "contact")) {
    if (piece?.frame) {
      const document = toDocument(piece.frame, entries);
      refuseDamaged(text, document);
      return document;
    }
    if (piece?.children) entries.push(...contactsIn(piece.children));
    yield;
  }
  throw new XmlError("cut");
}

/** A book without contacts that holds NUL characters is a damaged one, not an empty one. */
function refuseDamaged(text: string, { entries }: PhonebookDocument): void {
  if (entries.length === 0 && text.includes("\0")) throw new XmlError("no phonebook");
}

function toDocument(root: XmlElement, entries: StoredContact[]): PhonebookDocument {
  if (root.name !== "phonebook" && root.name !== "phonebooks") throw new XmlError("no phonebook");
  const book = root.name === "phonebook" ? root : descendants(root, "phonebook")[0];
  return {
    hasBook: book !== undefined,
    owner: book?.attributes["owner"] ?? "",
    name: book?.attributes["name"] ?? "",
    entries: [...entries, ...contactsIn(book?.children ?? [])],
  };
}

function contactsIn(children: readonly XmlElement[]): StoredContact[] {
  return children
    .filter(({ name }) => name === "contact")
    .map((element) => ({ contact: readContact(element), element }));
}

/** Whether the document belongs to an online book. */
export function isOnlineOwner(owner: string): boolean {
  const number = owner.trim() === "" ? NaN : Number(owner);
  return number >= ONLINE.first && number <= ONLINE.last;
}
