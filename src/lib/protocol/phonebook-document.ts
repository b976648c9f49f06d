/** L1 protocol: the document behind a phonebook's URL -> its contacts, each with the element that it came from. */
import type { Contact } from "../model/contact";
import { readContact } from "./contact-xml";
import { descendants, parseXml, type XmlElement } from "./xml";

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

/** Reads a phonebook or the barring list. A document without a book is an empty one. */
export function parsePhonebook(text: string): PhonebookDocument {
  const root = parseXml(text);
  const book = root.name === "phonebook" ? root : descendants(root, "phonebook")[0];
  return {
    owner: book?.attributes["owner"] ?? "",
    name: book?.attributes["name"] ?? "",
    entries: (book?.children ?? [])
      .filter(({ name }) => name === "contact")
      .map((element) => ({ contact: readContact(element), element })),
  };
}

/** Whether a document is an online book's. */
export function isOnlineOwner(owner: string): boolean {
  const number = owner.trim() === "" ? NaN : Number(owner);
  return number >= ONLINE.first && number <= ONLINE.last;
}
