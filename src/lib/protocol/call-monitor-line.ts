/**
 * L1 protocol: one line of the call monitor -> a typed line, or the reason why it is none. Never throws.
 *
 *     <date>;RING;<id>;<caller>;<called own number>;<line>;
 *     <date>;CALL;<id>;<extension>;<own number>;<dialled number>;<line>;
 *     <date>;CONNECT;<id>;<extension>;<remote number>;
 *     <date>;DISCONNECT;<id>;<seconds>;
 *
 * AVM publishes no grammar; this is what independent clients agree on and what boxes from 2006 to 2026 sent: CRLF or LF,
 * the last `;` may be missing, so may the line field (firmware of 2006); more fields than known are ignored.
 */
import type { Extension, LineFailure, LineFault, MonitorLine } from "../model/monitor-line";
import { withoutFinalHash } from "../model/number-text";
import { describeExtension } from "./extensions";

export type ParsedLine = MonitorLine | LineFailure;

/** How many fields a line needs at least, from the date on. Fewer: it was cut, and half a line is never an event. */
const LEAST_FIELDS = { RING: 5, CALL: 6, CONNECT: 5, DISCONNECT: 4 } as const;
type Verb = keyof typeof LEAST_FIELDS;

const isVerb = (word: string): word is Verb => Object.hasOwn(LEAST_FIELDS, word);

/**
 * Understands one line, with or without its line end. Digits masked by `x` pass as digits, and a trailing comment
 * (`...;SIP1;  # mobile calls`) is cut, so that recorded and anonymised logs read like live lines.
 */
export function parseLine(line: string): ParsedLine {
  const raw = cutComment(String(line));
  const fault = (reason: LineFault): LineFailure => ({ ok: false, reason, raw });
  if (raw === "") return fault("empty");
  const fields = raw.split(";").map((field) => field.trim());
  const localTime = parseDate(fields[0] ?? "");
  if (localTime === undefined) return fault("bad-date");
  const verb = (fields[1] ?? "").toUpperCase();
  if (!isVerb(verb)) return fault("unknown-verb");
  if (fields.length < LEAST_FIELDS[verb]) return fault("too-few-fields");
  const connectionId = parseSmall(fields[2]);
  if (connectionId === undefined) return fault("bad-connection-id");
  const base = { ok: true, localTime, connectionId, raw } as const;
  const body = parseBody(verb, fields.slice(3));
  return typeof body === "string" ? fault(body) : { ...base, ...body };
}

type BodyOf<L> = L extends MonitorLine ? Omit<L, "ok" | "localTime" | "connectionId" | "raw"> : never;
type Body = BodyOf<MonitorLine>;

function parseBody(verb: Verb, [a = "", b = "", c = "", d = ""]: string[]): Body | LineFault {
  switch (verb) {
    case "RING":
      return withNumbers([a, b], c, (line) => ({ event: "ring", caller: withheld(a), called: b, ...line }));
    case "CALL": {
      const extension = parseExtension(a);
      if (!extension) return "bad-extension";
      return withNumbers([b, c], d, (line) => ({
        event: "call",
        ...extension,
        caller: b,
        called: withoutFinalHash(c),
        ...line,
      }));
    }
    case "CONNECT": {
      const extension = parseExtension(a);
      if (!extension) return "bad-extension";
      return withNumbers([b], "", () => ({ event: "connect", ...extension, remote: withoutFinalHash(withheld(b)) }));
    }
    case "DISCONNECT": {
      return /^\d{1,7}$/.test(a) ? { event: "disconnect", durationSeconds: Number(a) } : "bad-duration";
    }
  }
}

/** Guards against shifted fields: a number is no line ("SIP0"), and a line is no number. */
function withNumbers(numbers: string[], lineField: string, build: (line: { line?: string }) => Body): Body | LineFault {
  if (numbers.some((number) => LINE_NAME.test(number) || hasControlCharacter(number))) return "bad-number";
  const line = lineField.split(/\s/, 1)[0] ?? "";
  if (line === "") return build({});
  return /^[A-Za-z][\w.-]{0,15}$/.test(line) ? build({ line }) : "bad-line";
}

/** The lines known: "SIP0" to "SIP99", "POTS", "ISDN", "GSM". Another word may be one, too, where a line belongs. */
const LINE_NAME = /^(SIP\d{1,2}|POTS|ISDN|GSM)$/;

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** A comment needs a blank before its `#`, or stands behind the last `;`: `#` is also a key on a telephone. */
function cutComment(line: string): string {
  return line
    .replace(/^\ufeff/, "")
    .replace(/\s#.*$/s, "")
    .replace(/;#[^;]*$/s, ";")
    .trim();
}

/** Some boxes write a lone 0 for a withheld number (FHEM). */
function withheld(number: string): string {
  return number === "0" ? "" : number;
}

/** An id, at most three digits: more would be a telephone number in the wrong field. */
function parseSmall(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

/** An empty field is an unknown telephone; text is a fault. */
function parseExtension(text: string): Extension | undefined {
  if (text === "") return {};
  const id = parseSmall(text);
  return id === undefined ? undefined : describeExtension(id);
}

/** "16.06.20 12:25:42" -> "2020-06-16T12:25:42", only if there is such a day and time. */
function parseDate(text: string): string | undefined {
  const match = /^(\d{2})\.(\d{2})\.(\d{2}|\d{4})\s+(\d{2}):(\d{2}):(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [, day, month, year = "", hour, minute, second] = match;
  // Without its time server a box starts in 1970; no box is older than 2004.
  const fullYear = year.length === 4 ? year : `${Number(year) < 70 ? "20" : "19"}${year}`;
  const iso = `${fullYear}-${month}-${day}T${hour}:${minute}:${second}`;
  const utc = new Date(`${iso}Z`);
  return !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(iso) ? iso : undefined;
}
