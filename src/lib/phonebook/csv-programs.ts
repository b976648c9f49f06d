/** Reads rows from the address books of Google, Outlook, Thunderbird and JFritz, by their column names. */
import type { Contact, ContactNumber } from "./types";

/** A row by the names of its columns, in lower case. */
type ProgramRow = Readonly<Record<string, string | undefined>>;

const WHOLE_NAMES = ["name", "display name", "anzeigename", "file as", "speichern unter"];
const GIVEN_NAMES = ["first name", "given name", "vorname"];
const FAMILY_NAMES = ["last name", "family name", "nachname"];
const COMPANIES = ["company", "organization name", "organization 1 - name", "organization", "firma", "organisation"];

/** Number columns by type, first match; `undefined`: not a telephone number. */
const KINDS: readonly (readonly [column: RegExp, type: string | undefined])[] = [
  [/type|label|address|adresse|street|straße|country|city|postal|code|pager|telex|page|url|e-?mail/, undefined],
  [/fax.*(business|work|gesch|dienst)|(business|work|gesch|dienst).*fax/, "fax_work"],
  [/fax/, "fax_home"],
  [
    /^(mobile|mobil|handy|homezone)$|(mobile|cell|car|mobil|handy|auto).*(phone|number|telefon|tel|nr)|mobiltelefon|handynummer/,
    "mobile",
  ],
  [
    /^(business|work|dienstlich|geschäftlich)$|(business|work|company|gesch|dienst|firma).*(phone|tel)|tel.*(gesch|dienst|firma)/,
    "work",
  ],
  [/^(home|privat)$|(home|privat).*(phone|tel)|tel.*privat|^telefon \d$/, "home"],
  [
    /^(other|sip|isdn)$|(other|primary|radio|assistant|tty).*phone|callback|(weitere|haupt).*telefon|telefon.*(assistent|hör)|rückmeldung/,
    "other",
  ],
];

/**
 * Reads a row; with unknown columns the contact lacks a name or number, which is reported when it is written.
 */
export function readProgramRow(row: ProgramRow): Contact {
  const first = (names: readonly string[]) => names.map((name) => row[name]?.trim() ?? "").find(Boolean) ?? "";
  const person = [first(GIVEN_NAMES), first(FAMILY_NAMES)].filter(Boolean).join(" ");
  const emails = Object.entries(row)
    .filter(([column, value]) => /e-?mail/.test(column) && !/type|label|display/.test(column) && value?.includes("@"))
    .flatMap(([, value = ""]) => value.split(":::").map((one) => one.trim()));
  const numbers = [...googleNumbers(row), ...columnNumbers(row)];
  return {
    name: first(WHOLE_NAMES) || person || first(COMPANIES),
    numbers: numbers.filter(({ number }, i) => numbers.findIndex((one) => one.number === number) === i),
    ...(emails.length > 0 && { emails: [...new Set(emails)] }),
  };
}

/**
 * "Phone 1 - Value", its type in "Phone 1 - Type" or "Phone 1 - Label"; several numbers are separated by
 * ":::".
 */
function googleNumbers(row: ProgramRow): ContactNumber[] {
  return Object.entries(row).flatMap(([column, value = ""]) => {
    const [, phone] = /^(phone \d+) - value$/.exec(column) ?? [];
    if (phone === undefined) return [];
    const label = (row[`${phone} - type`] ?? row[`${phone} - label`] ?? "").toLowerCase();
    return value.split(":::").flatMap((number) => numberOf(number, googleType(label), label.startsWith("*")));
  });
}

function googleType(label: string): string {
  if (label.includes("fax")) return label.includes("work") ? "fax_work" : "fax_home";
  if (/mobil|cell/.test(label)) return "mobile";
  return /work|arbeit|gesch|main|haupt/.test(label) ? "work" : /home|privat/.test(label) ? "home" : "other";
}

function columnNumbers(row: ProgramRow): ContactNumber[] {
  return Object.entries(row).flatMap(([column, value = ""]) => {
    const type = KINDS.find(([kind]) => kind.test(column))?.[1];
    return type === undefined ? [] : numberOf(value, type, false);
  });
}

function numberOf(text: string, type: string, prio: boolean): ContactNumber[] {
  const number = text.trim();
  return /\d/.test(number) ? [{ number, type, ...(prio && { prio }) }] : [];
}
