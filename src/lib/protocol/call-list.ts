/** L1 protocol: the box's call list -> calls (section 3.10 of the protocol notes). */
import type { Call, CallKind } from "../model/call";
import type { Party } from "../model/call-event";
import { presentationOf, withoutFinalHash } from "../model/number-text";
import { childText, descendants, parseXml, type XmlElement } from "./xml";

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

/** Reads the list; entries without a usable date or of an unknown type are counted in `unreadable`. */
export function parseCallList(text: string): { calls: ListedCall[]; unreadable: number } {
  const entries = descendants(parseXml(text), "Call");
  const calls = entries.map(readCall).filter((call) => call !== undefined);
  return { calls, unreadable: entries.length - calls.length };
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
