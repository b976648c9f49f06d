/** L3 services: contacts as a message gives them -> contacts, or the failure that says which one is none and why. */
import { type ContactFault, type ContactPurpose, readGivenContact } from "../domain/contact";
import type { Contact, WriteReport } from "../model/contact";
import { FritzError, type FritzErrorCode } from "../model/errors";

const CODES: Readonly<Record<ContactFault, FritzErrorCode>> = {
  "no-object": "contact-no-object",
  "no-name": "contact-no-name",
  "no-number": "contact-no-number",
  "bad-number": "contact-bad-number",
};

/** One contact or a list of them; throws a `FritzError` if one of them is none, so that nothing is written by halves. */
export function readContacts(payload: unknown, purpose: ContactPurpose): Contact[] {
  const list = (Array.isArray(payload) ? payload : [payload]) as readonly unknown[];
  return list.map((given, i) => {
    const read = readGivenContact(given, purpose);
    if (!read.ok) throw new FritzError(CODES[read.fault], { position: i + 1 });
    return read.value;
  });
}

/** The same for a list of which some may be none. */
export function sortContacts(list: readonly unknown[]): { contacts: Contact[]; failed: WriteReport["failed"] } {
  const contacts: Contact[] = [];
  const failed: WriteReport["failed"] = [];
  for (const [i, given] of list.entries()) {
    const read = readGivenContact(given, "write");
    if (read.ok) contacts.push(read.value);
    else {
      const rest = typeof given === "object" ? given : {};
      const error = new FritzError(CODES[read.fault], { position: i + 1 });
      failed.push({ contact: { name: "", numbers: [], ...rest }, error });
    }
  }
  return { contacts, failed };
}
