/** Reads the contacts of a message, or throws an error with the position of the invalid one. */
import { UnreadablePart } from "./unreadable-part";
import { type ContactFault, type ContactPurpose, readGivenContact } from "./contact";
import type { Contact, WriteReport } from "./types";
import { yieldingly } from "../core/async";
import { FritzError, type FritzErrorCode } from "../core/errors";

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
