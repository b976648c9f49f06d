/** Contacts of books as last read: an unchanged document is not parsed again. */
import { createHash } from "node:crypto";
import type { BoxBooks } from "./box-books";
import type { BookInfo, Contact } from "./types";
import type { PhonebookDocument } from "./document";
import { readContacts } from "./contact";
import { splitNumbers } from "./write-plan";

// Contacts to write or to find, and those of a document.

/** Cleaned texts only, so that the read-back matches. Throws a `FritzError` for an invalid contact. */
export const toWrite = async (contacts: readonly Contact[]) =>
  (await readContacts(contacts, "write")).flatMap(splitNumbers);
/** Contacts to find. */
export const toFind = (contacts: readonly Contact[]) => readContacts(contacts, "find");
/** The contacts of a document. */
export const contactsOf = ({ entries }: PhonebookDocument) => entries.map(({ contact }) => contact);

/** Reads the books of one box. */
export class CachedBooks {
  private readonly versions = new Map<number, { hash: string; contacts: readonly Contact[] }>();

  constructor(private readonly boxBooks: BoxBooks) {}

  /** Downloads the book; returns the same array as before if its document is unchanged. */
  async read(book: BookInfo): Promise<readonly Contact[]> {
    const text = await this.boxBooks.download(book);
    const hash = createHash("sha256").update(text).digest("base64");
    const known = this.versions.get(book.id);
    if (known?.hash === hash) return known.contacts;
    const contacts = contactsOf(await this.boxBooks.parse(text, book));
    this.versions.set(book.id, { hash, contacts });
    return contacts;
  }
}
