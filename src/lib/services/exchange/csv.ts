/** L3 services: contacts <-> CSV: a row for each number, columns by name, so that a spreadsheet can edit it. */
import type { parse as Parse } from "csv-parse/sync";
import type { Contact, ContactNumber } from "../../model/contact";
import { FritzError } from "../../model/errors";

const COLUMNS = ["name", "number", "type", "prio", "quickdial", "vanity", "vip", "email", "id"] as const;
type Column = (typeof COLUMNS)[number];
type Row = Partial<Record<Column, string>>;

/** What people and other programs call the columns, in lower case. */
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

/** The text of a table with `;`, as German spreadsheets open it. */
export function formatCsv(contacts: readonly Contact[]): string {
  const rows = contacts.flatMap((contact, i) => {
    const numbers: Partial<ContactNumber>[] = contact.numbers.length > 0 ? contact.numbers : [{}];
    return numbers.map((number, k) => row(contact, number, k === 0, String(i + 1)));
  });
  return [COLUMNS.join(";"), ...rows].map((line) => `${line}\r\n`).join("");
}

function row({ name, vip, emails = [] }: Contact, number: Partial<ContactNumber>, first: boolean, id: string): string {
  const cells: Record<Column, string> = {
    ...{ name, number: number.number ?? "", type: number.type ?? "", prio: number.prio ? "1" : "" },
    ...{ quickdial: number.quickdial ?? "", vanity: number.vanity ?? "" },
    ...{ vip: vip ? "1" : "", email: first ? emails.join(" ") : "", id },
  };
  return COLUMNS.map((column) => cell(cells[column])).join(";");
}

const cell = (text: string) =>
  /[";,\t\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;

/** Reads a table with a header; rows of one `id`, else neighbours of one name, are one contact. */
export function parseCsv(text: string): Contact[] {
  const contacts: Contact[] = [];
  let last: Row = {};
  for (const one of readRows(text)) {
    const same = one.id ? one.id === last.id : one.name !== "" && one.name === last.name && !last.id;
    const before = contacts.at(-1);
    if (same && before) before.numbers.push(...numberOf(one));
    else contacts.push(contactOf(one));
    last = one;
  }
  return contacts;
}

function readRows(text: string): Row[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only when somebody imports
  const { parse } = require("csv-parse/sync") as { parse: typeof Parse };
  try {
    return parse<Row>(text, {
      bom: true,
      columns: (header: string[]) => header.map(columnOf),
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    const line = error instanceof Error && "lines" in error ? String(error.lines) : "1";
    throw new FritzError("import-input", { detail: `CSV ${line}` });
  }
}

/** The one that the header has most of: a name may hold the others. */
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
