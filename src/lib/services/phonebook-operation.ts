/** L3 services: what a message asks of a box's phonebooks and call list -> the answer for its payload. */
import type { WriteReport } from "../model/contact";
import { FritzError } from "../model/errors";
import { propertiesOf } from "../model/properties";
import { readCallQuery } from "./call-list";
import { exportContacts, importContacts } from "./exchange/exchange";
import { readContacts, sortContacts } from "./given-contacts";
import type { PhonebookWriteOptions } from "./phonebooks/phonebooks";
import type { Telephony } from "./telephony";

/** The operations of `fritz-phonebook`. */
export const OPERATIONS = [
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

/** A request: the message's properties over the node's. */
export interface PhonebookRequest {
  operation: Operation;
  /** Name or id; "" = none. */
  book: string;
  payload: unknown;
  /** "add" or "remove" to write the call barring list. */
  action?: unknown;
  format?: unknown;
  days?: unknown;
  max?: unknown;
  since?: unknown;
  /** Read the books anew before the look-up. */
  refresh?: boolean;
  write: PhonebookWriteOptions;
}

/** What came out; `report` if contacts were written, `staleSince` (ISO 8601) if the box was away. */
export interface PhonebookAnswer {
  payload: unknown;
  report?: WriteReport;
  staleSince?: string;
}

type Run = (box: Telephony, request: PhonebookRequest) => Promise<PhonebookAnswer>;

const RUNS: Readonly<Record<Operation, Run>> = {
  lookup,
  books: async (box) => ({ payload: await box.books(true) }),
  contacts: async (box, { book }) => ({ payload: book === "" ? await box.allContacts() : await box.contacts(book) }),
  add: async (box, { book, payload, write }) => reported(await box.add(book, readContacts(payload, "write"), write)),
  update: async (box, { book, payload, write }) =>
    reported(await box.update(book, readContacts(payload, "find"), write)),
  remove: async (box, { book, payload, write }) =>
    reported(await box.remove(book, readContacts(payload, "find"), write)),
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
  calls: async (box, { days, max, since }) => ({ payload: await box.calls(readCallQuery({ days, max, since })) }),
  import: importInto,
  export: async (box, { book, format }) => {
    const contacts = book === "" ? await box.allContacts() : await box.contacts(book);
    return { payload: exportContacts(contacts, format ?? "json") };
  },
};

/** Runs it. Rejects with a `FritzError`; contacts of a list that failed on the way are in the report. */
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

const reported = (report: WriteReport): PhonebookAnswer => ({ payload: report, report });

async function lookup(box: Telephony, { payload, book, refresh }: PhonebookRequest): Promise<PhonebookAnswer> {
  const number = readNumber(payload);
  if (refresh === true) await box.refresh();
  if (number === "") return { payload: [] }; // withheld: nobody can know
  const { contacts, staleSince } = await box.find(number, book === "" ? undefined : book);
  return { payload: contacts, ...(staleSince !== undefined && { staleSince: new Date(staleSince).toISOString() }) };
}

/** A number, or the other side of a call event. */
function readNumber(payload: unknown): string {
  if (typeof payload === "string" || typeof payload === "number") return String(payload).trim();
  const { caller, called, direction, number } = propertiesOf(payload);
  const party = propertiesOf(direction === "outgoing" ? called : caller)["number"] ?? number;
  if (typeof party !== "string" && typeof party !== "number") throw new FritzError("lookup-input");
  return String(party).trim();
}

async function barring(box: Telephony, { action, payload, write }: PhonebookRequest): Promise<PhonebookAnswer> {
  if (action === undefined || action === "" || action === "list") return { payload: await box.barring() };
  if (action === "add") return reported(await box.bar(readContacts(payload, "write"), write));
  if (action === "remove") return reported(await box.unbar(readContacts(payload, "find"), write));
  throw new FritzError("operation-unknown", { operations: "list, add, remove" });
}

/** Address books hold entries without a number: those are reported, the others are written. */
async function importInto(
  box: Telephony,
  { book, payload, format, write }: PhonebookRequest,
): Promise<PhonebookAnswer> {
  const { contacts, failed } = sortContacts(importContacts(payload, format));
  if (contacts.length === 0) throw new FritzError("import-input", { detail: "0" });
  const report = await box.add(book, contacts, write);
  return reported({ ...report, failed: [...failed, ...report.failed] });
}
