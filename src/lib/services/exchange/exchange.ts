/** L3 services: contacts as text for other programs, and back: JSON, CSV, vCard. */
import type { Contact } from "../../model/contact";
import { FritzError } from "../../model/errors";
import { decodeText } from "../../protocol/text";
import { formatVcards, parseVcards, VcardError, type VcardVersion } from "../../protocol/vcard";
import { formatCsv, parseCsv } from "./csv";

/** The formats; "vcard" is 3.0, which more programs read. */
export type ExchangeFormat = "json" | "csv" | "vcard";

/** Reads the name of a format; "vcard4" is vCard 4.0. */
export function readFormat(given: unknown): { format: ExchangeFormat; version: VcardVersion } {
  const name = typeof given === "string" ? given.trim().toLowerCase() : "";
  if (name === "json" || name === "csv") return { format: name, version: "3.0" };
  if (name === "vcard" || name === "vcf" || name === "vcard3") return { format: "vcard", version: "3.0" };
  if (name === "vcard4") return { format: "vcard", version: "4.0" };
  throw new FritzError("format-unknown");
}

/** Contacts -> text. */
export function exportContacts(contacts: readonly Contact[], given: unknown): string {
  const { format, version } = readFormat(given);
  if (format === "json") return JSON.stringify(contacts, null, 2);
  return format === "csv" ? formatCsv(contacts) : formatVcards(contacts, version);
}

/** Text, or what JSON was already read into -> what may be contacts; the format is recognised if it is not given. */
export function importContacts(input: unknown, given: unknown): unknown[] {
  const text = Buffer.isBuffer(input) ? decodeText(input) : input;
  if (typeof text === "object" && text !== null) return Array.isArray(text) ? (text as unknown[]) : [text];
  if (typeof text !== "string" || text.trim() === "") throw new FritzError("import-input", { detail: "" });
  const format = given === undefined || given === "" ? recognise(text) : readFormat(given).format;
  if (format === "csv") return parseCsv(text);
  return format === "json" ? parseJson(text) : parseCards(text);
}

function recognise(text: string): ExchangeFormat {
  const start = text.trimStart(); // also the byte order mark
  if (/^BEGIN:VCARD/i.test(start)) return "vcard";
  return /^[[{]/.test(start) ? "json" : "csv";
}

function parseJson(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text.trim());
    return Array.isArray(value) ? (value as unknown[]) : [value];
  } catch {
    throw new FritzError("import-input", { detail: "JSON" });
  }
}

function parseCards(text: string): Contact[] {
  try {
    return parseVcards(text);
  } catch (error) {
    if (error instanceof VcardError) throw new FritzError("import-input", { detail: `vCard ${error.message}` });
    throw error;
  }
}
