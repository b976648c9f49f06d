/** Parses the box's call list (docs/protocol/phonebook-xml.md#the-call-list). */
import type { Call, CallKind, Party } from "./types";
import { presentationOf, withoutFinalHash } from "../numbers/index";
import { childText, descendants, type XmlElement } from "../core/xml";
import { readInPieces } from "../core/xml-pieces";

/** A call whose time is still the box's local time without zone, "2026-11-24T14:19:00". */
export type ListedCall = Omit<Call, "at"> & { localTime: string };

const KINDS: ReadonlyMap<string, CallKind> = new Map([
  ["1", "answered"],
  ["2", "missed"],
  ["3", "outgoing"],
  ["9", "active"],
  ["10", "rejected"],
  ["11", "active-outgoing"],
]);

/** "SIP: 56789" -> the line's kind, in the box's words, and the number. */
const OWN_SIDE = /^([a-z]{2,12}):(.*)$/is;
const DATE = /^(\d\d)\.(\d\d)\.(\d{4}|\d\d) (\d\d):(\d\d)(?::(\d\d))?$/;

/** Reads the list and yields after each piece; entries without a usable date or of an unknown type are left out. */
export function* readCallList(text: string): Generator<undefined, ListedCall[]> {
  const calls: ListedCall[] = [];
  for (const { children, frame } of readInPieces(text, "root", "Call")) {
    const entries = children ?? descendants(frame, "Call");
    calls.push(...entries.map(readCall).filter((call) => call !== undefined));
    yield;
  }
  return calls;
}

function readCall(entry: XmlElement): ListedCall | undefined {
  const field = (name: string) => childText(entry, name);
  const kind = KINDS.get(field("Type"));
  const localTime = readDate(field("Date"));
  if (!kind || localTime === undefined) return undefined;
  const outgoing = kind === "outgoing" || kind === "active-outgoing";
  const ownSide = field(outgoing ? "Caller" : "Called");
  const [, prefix = "", number = ownSide] = OWN_SIDE.exec(ownSide) ?? [];
  const own = party(field(outgoing ? "CallerNumber" : "CalledNumber") || number.trim(), "unavailable");
  const remote = party(
    withoutFinalHash(field(outgoing ? "Called" : "Caller")),
    outgoing ? "unavailable" : "restricted",
  );
  const [name, device, path, port] = [field("Name"), field("Device"), field("Path"), Number(field("Port") || NaN)];
  const line = (field("Numbertype") || prefix).toUpperCase();
  return {
    id: field("Id"),
    kind,
    localTime,
    durationSeconds: readDuration(field("Duration")),
    caller: outgoing ? own : remote,
    called: outgoing ? remote : own,
    ...(name !== "" && { name }),
    ...(line !== "" && { line }),
    ...(device !== "" && { device }),
    ...(Number.isInteger(port) && port >= 0 && { port }),
    ...(path !== "" && { path }),
  };
}

function party(number: string, ifEmpty: Party["presentation"]): Party {
  const presentation = number === "" ? ifEmpty : presentationOf(number);
  return { number: presentation === "allowed" ? number : "", presentation };
}

function readDate(text: string): string | undefined {
  const [, day, month, year = "", hour, minute, second = "00"] = DATE.exec(text) ?? [];
  if (day === undefined) return undefined;
  const local = `${year.length === 2 ? `20${year}` : year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${local}Z`);
  // The 31st of February would silently become a day in March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(local) ? local : undefined;
}

/** "1:05" is an hour and five minutes, rounded up. */
function readDuration(text: string): number {
  const [, hours, minutes] = /^(\d{1,6}):(\d\d)$/.exec(text) ?? [];
  return hours === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * 60;
}
