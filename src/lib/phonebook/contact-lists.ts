/** Contacts to write or to find, and those of a document. */
import type { PhonebookDocument } from "./document";
import { readContacts } from "./given-contacts";
import type { Contact } from "./types";
import { splitNumbers } from "./write-plan";

/** Cleaned texts only, so that the read-back matches. Throws a `FritzError` for an invalid contact. */
export const toWrite = async (contacts: readonly Contact[]) =>
  (await readContacts(contacts, "write")).flatMap(splitNumbers);
/** Contacts to find. */
export const toFind = (contacts: readonly Contact[]) => readContacts(contacts, "find");
/** The contacts of a document. */
export const contactsOf = ({ entries }: PhonebookDocument) => entries.map(({ contact }) => contact);
