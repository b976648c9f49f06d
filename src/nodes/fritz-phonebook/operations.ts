/** Executes the operations of `fritz-phonebook`. */
import type { Contact, ContactsUnknown, WriteReport } from "../../lib/phonebook/types";
import { FritzError } from "../../lib/core/errors";
import { propertiesOf } from "../../lib/core/unknown";
import { readCallKinds, readCallQuery } from "../../lib/calls/call-list";
import { defined } from "../../lib/core/defined";
import { exportContacts, importContacts } from "../../lib/phonebook/import-export";
import { readContacts, sortContacts } from "../../lib/phonebook/contact";
import type { ImportMode } from "../../lib/phonebook/phonebooks-options";
import type { PhonebookWriteOptions } from "../../lib/phonebook/phonebooks-options";
import type { Telephony } from "../../lib/box/telephony";

/** The operations of `fritz-phonebook`. */
const OPERATIONS = [
  "lookup",
  "contacts",
  "books",
  "add",
  "update",
  "remove",
  "createBook",
  "deleteBook",
  "barring",
  "calls",
  "import",
  "export",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A request: the message's properties override the node's. */
export interface PhonebookRequest {
  operation: Operation;
  /** Name or id; "" = none. */
  book: string;
  payload: unknown;
  /** "add" or "remove": writes the call barring list. */
  action?: unknown;
  format?: unknown;
  days?: unknown;
  max?: unknown;
  since?: unknown;
  /** Of calls: a kind, or a list of them; empty = all. */
  kind?: unknown;
  /** false: contacts without internal numbers. */
  internal?: boolean;
  /** Of an import: "exact" or "merge"; default depends on the book. */
  mode?: unknown;
  /** Reads the books again before the lookup. */
  refresh?: boolean;
  write: PhonebookWriteOptions;
}

/** The answer; `report` if contacts were written, `staleSince` (ISO 8601) if the box did not answer. */
export interface PhonebookAnswer {
  payload: unknown;
  report?: WriteReport;
  staleSince?: string;
  /** Of a lookup: why an empty answer is not reliable. */
  contactsUnknown?: ContactsUnknown;
}

type Run = (box: Telephony, request: PhonebookRequest) => Promise<PhonebookAnswer>;

const RUNS: Readonly<Record<Operation, Run>> = {
  lookup,
  books: async (box) => ({ payload: await box.books(true) }),
  contacts: async (box, { book, internal }) => {
    const contacts = book === "" ? await box.allContacts() : await box.contacts(book);
    return { payload: internal === false ? withoutInternal(contacts) : contacts };
  },
  add: async (box, { book, payload, write }) =>
    reported(await box.add(book, await readContacts(payload, "write"), write)),
  update: async (box, { book, payload, write }) =>
    reported(await box.update(book, await readContacts(payload, "find"), write)),
  remove: async (box, { book, payload, write }) =>
    reported(await box.remove(book, await readContacts(payload, "find"), write)),
  createBook: async (box, { book, payload, write: { dryRun } }) => {
    const name = book || (typeof payload === "string" ? payload : "");
    const present = dryRun === true ? (await box.books()).find((one) => one.name === name) : undefined;
    return { payload: dryRun === true ? (present ?? { name }) : await box.createBook(name) };
  },
  deleteBook: async (box, { book, write: { dryRun } }) => {
    if (dryRun !== true) await box.deleteBook(book);
    return { payload: { deleted: book } };
  },
  barring,
  calls: async (box, { days, max, since, kind }) => {
    const { max: most, ...query } = readCallQuery({ days, max, since });
    const kinds = readCallKinds(kind);
    if (kinds.length === 0) return { payload: await box.calls({ ...query, ...defined({ max: most }) }) };
    const calls = (await box.calls(query)).filter((call) => kinds.includes(call.kind));
    return { payload: calls.slice(0, most || undefined) };
  },
  import: importInto,
  export: async (box, { book, format }) => {
    const contacts = book === "" ? await box.allContacts() : await box.contacts(book);
    return { payload: await exportContacts(contacts, format ?? "json", book || undefined) };
  },
};

/** Runs it. Rejects with a `FritzError`; contacts of a list that failed are in the report. */
export async function runOperation(box: Telephony, request: PhonebookRequest): Promise<PhonebookAnswer> {
  const answer = await RUNS[request.operation](box, request);
  const { report } = answer;
  const [only] = report?.failed ?? [];
  const done = report ? report.added + report.updated + report.removed + report.alreadyThere : 1;
  if (only && done === 0 && report?.failed.length === 1) throw only.error;
  return answer;
}

/** Reads the name of an operation. */
export function readOperation(given: unknown): Operation {
  const found = OPERATIONS.find((one) => one === given);
  if (!found) throw new FritzError("operation-unknown", { operations: OPERATIONS.join(", ") });
  return found;
}

/** Without numbers inside the house, and without the entries that have no other. */
function withoutInternal(contacts: readonly Contact[]): Contact[] {
  return contacts.flatMap((contact) => {
    const numbers = contact.numbers.filter(({ number }) => !/^\s*[*#]/.test(number));
    if (numbers.length === contact.numbers.length) return [contact];
    return numbers.length === 0 ? [] : [{ ...contact, numbers }];
  });
}

const reported = (report: WriteReport): PhonebookAnswer => ({ payload: report, report });

async function lookup(box: Telephony, { payload, book, refresh }: PhonebookRequest): Promise<PhonebookAnswer> {
  const number = readNumber(payload);
  if (refresh === true) await box.refresh();
  if (number === "") return { payload: [] }; // withheld: cannot be known
  const wanted = book === "" ? undefined : book;
  let found = await box.find(number, wanted);
  if (found.unknown === "loading") {
    await box.refresh().catch(() => undefined); // a flow can wait longer than a ring; the answer says what failed
    found = await box.find(number, wanted);
  }
  const { contacts, staleSince, unknown, cause } = found;
  if (contacts.length === 0 && staleSince === undefined && cause) throw cause;
  return {
    payload: contacts,
    ...(staleSince !== undefined && { staleSince: new Date(staleSince).toISOString() }),
    ...defined({ contactsUnknown: unknown }),
  };
}

/** A number, or the remote number of a call event. */
function readNumber(payload: unknown): string {
  if (typeof payload === "string" || typeof payload === "number") return String(payload).trim();
  const { caller, called, direction, number } = propertiesOf(payload);
  const party = propertiesOf(direction === "outgoing" ? called : caller)["number"] ?? number;
  if (typeof party !== "string" && typeof party !== "number") throw new FritzError("lookup-input");
  return String(party).trim();
}

async function barring(box: Telephony, { action, payload, write }: PhonebookRequest): Promise<PhonebookAnswer> {
  if (action === undefined || action === "" || action === "list") return { payload: await box.barring() };
  if (action === "add") return reported(await box.bar(await readContacts(payload, "write"), write));
  if (action === "remove") return reported(await box.unbar(await readContacts(payload, "find"), write));
  throw new FritzError("operation-unknown", { operations: "list, add, remove" });
}

/** Address books contain entries without a number: those are reported, the others are written. */
async function importInto(
  box: Telephony,
  { book, payload, format, mode, write }: PhonebookRequest,
): Promise<PhonebookAnswer> {
  const wanted: { mode?: ImportMode } = mode === "exact" || mode === "merge" ? { mode } : {};
  if (mode !== undefined && mode !== "" && wanted.mode === undefined)
    throw new FritzError("operation-unknown", { operations: "exact, merge" });
  const { contacts, failed } = await sortContacts(await importContacts(payload, format));
  if (contacts.length === 0) throw new FritzError("import-input", { detail: "0" });
  const report = await box.import(book, contacts, { ...write, ...wanted });
  return reported({ ...report, failed: [...failed, ...report.failed] });
}
