/**
 * Converts contacts to CSV and back: a row for each number, columns by name, for editing in a spreadsheet.
 */
import type { parse as Parse } from "csv-parse";
import { Readable } from "node:stream";
import { pacer } from "../core/async";
import type { Contact, ContactNumber } from "./types";
import { readProgramRow } from "./csv-programs";
import { FritzError } from "../core/errors";

const COLUMNS = ["name", "number", "type", "prio", "quickdial", "vanity", "vip", "email", "id"] as const;
type Column = (typeof COLUMNS)[number];
type Row = Partial<Record<Column, string>>;

/** Column names of other programs, in lower case. */
const OTHER_NAMES: Readonly<Record<string, Column>> = {
  rufnummer: "number",
  nummer: "number",
  telefon: "number",
  phone: "number",
  telephone: "number",
  typ: "type",
  kurzwahl: "quickdial",
  "e-mail": "email",
  mail: "email",
  kontakt: "name",
  contact: "name",
};

/** The text of a table with `;`, as German spreadsheets open it. Yields after each contact. */
export function* formatCsv(contacts: readonly Contact[]): Generator<undefined, string> {
  let text = `${COLUMNS.join(";")}\r\n`;
  for (const [i, contact] of contacts.entries()) {
    const numbers: Partial<ContactNumber>[] = contact.numbers.length > 0 ? contact.numbers : [{}];
    for (const [k, number] of numbers.entries()) text += `${row(contact, number, k === 0, String(i + 1))}\r\n`;
    yield;
  }
  return text;
}

function row({ name, vip, emails = [] }: Contact, number: Partial<ContactNumber>, first: boolean, id: string): string {
  const cells: Record<Column, string> = {
    ...{ name, number: number.number ?? "", type: number.type ?? "", prio: number.prio ? "1" : "" },
    ...{ quickdial: number.quickdial ?? "", vanity: number.vanity ?? "" },
    ...{ vip: vip ? "1" : "", email: first ? emails.join(" ") : "", id },
  };
  return COLUMNS.map((column) => cell(SHOWN.includes(column) ? harmless(cells[column]) : cells[column])).join(";");
}

/** Columns with free text. */
const SHOWN: readonly Column[] = ["name", "type", "vanity", "email"];
/** Spreadsheets read a text with such a beginning as a formula. */
const FORMULA = /^'*[=+\-@]/;
const harmless = (text: string) => (FORMULA.test(text) ? `'${text}` : text);
const asMeant = (text: string) => (/^'+[=+\-@]/.test(text) ? text.slice(1) : text);

const cell = (text: string) =>
  /[";,\t\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;

/** Reads a table with a header; rows of one `id`, else neighbours of one name, are one contact. Yields to the event loop. */
export async function parseCsv(text: string): Promise<Contact[]> {
  const contacts: Contact[] = [];
  let last: Row = {};
  for await (const one of readRows(text)) {
    if (!one.isOwn) {
      contacts.push(readProgramRow(one.row));
      continue;
    }
    const { row } = one;
    for (const column of COLUMNS) if (row[column] !== undefined) row[column] = asMeant(row[column]);
    const same = row.id ? row.id === last.id : row.name !== "" && row.name === last.name && !last.id;
    const before = contacts.at(-1);
    if (same && before) before.numbers.push(...numberOf(row));
    else contacts.push(contactOf(row));
    last = row;
  }
  return contacts;
}

/** `isOwn`: the table has a column of numbers, as ours have; else it is another program's. */
async function* readRows(text: string): AsyncGenerator<{ row: Row; isOwn: boolean }> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only for an import
  const { parse } = require("csv-parse") as { parse: typeof Parse };
  let isOwn = false;
  const parser = parse({
    bom: true,
    columns: (header: string[]) => {
      const names = header.map(columnOf);
      isOwn = names.includes("number");
      return names;
    },
    delimiter: delimiterOf(text),
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  try {
    const pause = pacer();
    const rows = Readable.from(inSlices(Buffer.from(text), pause)).pipe(parser);
    for await (const row of rows as AsyncIterable<Row>) {
      await pause();
      yield { row, isOwn };
    }
  } catch (error) {
    const line = error instanceof Error && "lines" in error ? String(error.lines) : "1";
    throw new FritzError("import-input", { detail: `CSV ${line}` });
  }
}

/** Rows that are too short cost csv-parse more than a tenth of a millisecond each, so a slice must not hold many of them, bytes. */
const SLICE_BYTES = 256;

async function* inSlices(bytes: Buffer, pause: () => Promise<void>): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    await pause();
    yield bytes.subarray(at, at + SLICE_BYTES);
  }
}

/** The most frequent delimiter in the header: a name may contain the others. */
function delimiterOf(text: string): string {
  const [header = ""] = text.trimStart().split(/[\r\n]/, 1);
  const count = (delimiter: string) => header.split(delimiter).length;
  return [";", ",", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a));
}

function columnOf(header: string): string {
  const name = header.trim().toLowerCase();
  return Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? name) : name;
}

function contactOf(one: Row): Contact {
  const emails = (one.email ?? "").split(/\s+/).filter(Boolean);
  return {
    name: one.name ?? "",
    numbers: numberOf(one),
    ...(isYes(one.vip) && { vip: true }),
    ...(emails.length > 0 && { emails }),
  };
}

const isYes = (text = "") => /^(1|x|ja|yes|true)$/i.test(text);

function numberOf({ number = "", type, prio, quickdial, vanity }: Row): ContactNumber[] {
  if (number === "") return [];
  return [
    {
      number,
      ...(type && { type }),
      ...(isYes(prio) && { prio: true }),
      ...(quickdial && { quickdial }),
      ...(vanity && { vanity }),
    },
  ];
}
