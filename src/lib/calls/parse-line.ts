/**
 * Parses one line of the call monitor; returns the reason if it is invalid. Never throws.
 *
 *     <date>;RING;<id>;<caller>;<called own number>;<line>;
 *     <date>;CALL;<id>;<extension>;<own number>;<dialled number>;<line>;
 *     <date>;CONNECT;<id>;<extension>;<remote number>;
 *     <date>;DISCONNECT;<id>;<seconds>;
 *
 * See docs/protocol/call-monitor.md#lines: CRLF or LF, the last `;` may be missing, so may the line field;
 * further fields are ignored.
 */
import type { ConnectLine, DialLine, Extension, LineFailure, LineFault, MonitorLine, RingLine } from "./monitor-line";
import { describeExtension, setTelephone } from "./monitor-line";
import type { CallEventName } from "./types";
import { withoutFinalHash } from "../numbers/index";

export type ParsedLine = MonitorLine | LineFailure;

type LineOf<E extends CallEventName> = Extract<MonitorLine, { event: E }>;
/**
 * What all lines have. Copied field by field: each property that an object literal adds behind a spread costs a microsecond and
 * more, and every line comes through here.
 */
type Head = Pick<MonitorLine, "ok" | "localTime" | "connectionId" | "raw">;

/** How the lines of one verb are read. */
interface VerbReader<L = MonitorLine> {
  verb: string;
  /** How many fields a line needs, from the date on. Fewer: it was cut, and half a line is never an event. */
  least: number;
  read(head: Head, fields: readonly string[]): L | LineFault;
}

const VERBS: { [E in CallEventName]: VerbReader<LineOf<E>> } = {
  ring: {
    ...{ verb: "RING", least: 5 },
    read: (head, fields) => {
      const caller = textAt(fields, 3);
      const called = textAt(fields, 4);
      const line = lineAt(fields, 5);
      const fault = numberFault(caller) ?? numberFault(called) ?? lineFault(line);
      if (fault) return fault;
      const { localTime, connectionId, raw } = head;
      return withLine(
        { ok: true, event: "ring", localTime, connectionId, raw, caller: withheld(caller), called },
        line,
      );
    },
  },
  call: {
    ...{ verb: "CALL", least: 6 },
    read: (head, fields) => {
      const telephone = parseExtension(textAt(fields, 3));
      if (!telephone) return "bad-extension";
      const caller = textAt(fields, 4);
      const dialled = textAt(fields, 5);
      const line = lineAt(fields, 6);
      const fault = numberFault(caller) ?? numberFault(dialled) ?? lineFault(line);
      if (fault) return fault;
      const { localTime, connectionId, raw } = head;
      const called = withoutFinalHash(dialled);
      const call: DialLine = { ok: true, event: "call", localTime, connectionId, raw, caller, called };
      return withLine(setTelephone(call, telephone), line);
    },
  },
  connect: {
    ...{ verb: "CONNECT", least: 5 },
    read: (head, fields) => {
      const telephone = parseExtension(textAt(fields, 3));
      if (!telephone) return "bad-extension";
      const remote = textAt(fields, 4);
      const fault = numberFault(remote);
      if (fault) return fault;
      const { localTime, connectionId, raw } = head;
      const number = withoutFinalHash(withheld(remote));
      const connect: ConnectLine = { ok: true, event: "connect", localTime, connectionId, raw, remote: number };
      return setTelephone(connect, telephone);
    },
  },
  disconnect: {
    ...{ verb: "DISCONNECT", least: 4 },
    read: (head, fields) => {
      const seconds = textAt(fields, 3);
      if (!/^\d{1,7}$/.test(seconds)) return "bad-duration";
      const { localTime, connectionId, raw } = head;
      return { ok: true, event: "disconnect", localTime, connectionId, raw, durationSeconds: Number(seconds) };
    },
  },
};

const READERS = new Map(Object.values<VerbReader>(VERBS).map((reader) => [reader.verb, reader]));

/**
 * Parses one line, with or without line end. Digits masked by `x` count as digits, and a trailing comment
 * (`...;SIP1;  # mobile calls`) is removed, so that recorded and anonymised logs can be parsed like live
 * lines.
 */
export function parseLine(line: string): ParsedLine {
  const raw = cutComment(String(line));
  const parsed = raw === "" ? "empty" : readLine(raw);
  return typeof parsed === "string" ? { ok: false, reason: parsed, raw } : parsed;
}

function readLine(raw: string): MonitorLine | LineFault {
  const fields = raw.split(";");
  const localTime = parseDate(textAt(fields, 0));
  if (localTime === undefined) return "bad-date";
  const reader = READERS.get(textAt(fields, 1).toUpperCase());
  if (!reader) return "unknown-verb";
  if (fields.length < reader.least) return "too-few-fields";
  const connectionId = parseSmall(textAt(fields, 2));
  if (connectionId === undefined) return "bad-connection-id";
  return reader.read({ ok: true, localTime, connectionId, raw }, fields);
}

const textAt = (fields: readonly string[], index: number) => fields[index]?.trim() ?? "";

/** A line's name, without what stands behind a blank. */
const lineAt = (fields: readonly string[], index: number) => textAt(fields, index).split(/\s/, 1)[0] ?? "";

/** Guards against shifted fields: a number is no line ("SIP0"), and a line is no number. */
function numberFault(number: string): "bad-number" | undefined {
  return LINE_NAME.test(number) || hasControlCharacter(number) ? "bad-number" : undefined;
}

function lineFault(line: string): "bad-line" | undefined {
  return line === "" || /^[A-Za-z][\w.-]{0,15}$/.test(line) ? undefined : "bad-line";
}

function withLine<L extends RingLine | DialLine>(read: L, line: string): L {
  if (line !== "") read.line = line;
  return read;
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
  if (!line.includes("#")) return line.trim();
  return line
    .replace(/^\ufeff/, "")
    .replace(/\s#.*$/s, "")
    .replace(/;#[^;]*$/s, ";")
    .trim();
}

/** Some boxes write a single 0 for a withheld number (docs/protocol/call-monitor.md#numbers). */
function withheld(number: string): string {
  return number === "0" ? "" : number;
}

/** A connection id has at most three digits: more would be a telephone number in the wrong field. */
function parseSmall(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

/** An empty field is an unknown telephone; text is a fault. */
function parseExtension(text: string): Extension | undefined {
  if (text === "") return {};
  const id = parseSmall(text);
  return id === undefined ? undefined : describeExtension(id);
}

/**
 * "16.06.20 12:25:42" -> "2020-06-16T12:25:42", if there is such a day and time.
 * See docs/protocol/call-monitor.md#date-and-time.
 */
function parseDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, day = "", month = "", year = "", hour = "", minute = "", second = ""] = match;
  // Without a time server a box starts in 1970; no box is older than 2004.
  const fullYear = year.length === 4 ? year : `${Number(year) < 70 ? "20" : "19"}${year}`;
  const iso = `${fullYear}-${month}-${day}T${hour}:${minute}:${second}`;
  const isTime = hour <= "23" && minute <= "59" && second <= "59";
  const isEachMonths = day >= "01" && day <= "28" && month >= "01" && month <= "12";
  return isTime && (isEachMonths || isDay(iso)) ? iso : undefined;
}

const DATE = /^(\d{2})\.(\d{2})\.(\d{2}|\d{4})\s+(\d{2}):(\d{2}):(\d{2})$/;

/** Whether the month has such a day. */
function isDay(iso: string): boolean {
  const utc = new Date(`${iso}Z`);
  return !Number.isNaN(utc.getTime()) && utc.toISOString().startsWith(iso);
}
