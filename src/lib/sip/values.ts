/** What stands in the values of SIP headers: lists, addresses, Via, CSeq and URIs (RFC 3261 §20, §25). */
import { hasControls, headerOf, type SipMessage } from "./message";

/** Where SIP listens unless an address says otherwise. */
export const SIP_PORT = 5060;

export type Params = ReadonlyMap<string, string>;

/** `"Anna" <sip:0301@box>;tag=1`: the name is "" where there is none. */
export interface Address {
  readonly name: string;
  readonly uri: string;
  readonly params: Params;
}

export interface Via {
  /** "UDP", "TCP", ... */
  readonly transport: string;
  readonly host: string;
  readonly port?: number;
  readonly params: Params;
}

export interface SipUri {
  readonly scheme: string;
  /** "" if there is none. */
  readonly user: string;
  /** An IPv6 address comes without its brackets. */
  readonly host: string;
  readonly port?: number;
  readonly params: Params;
}

/** All values of a list header, also of several lines, split at the commas that stand outside quotes and brackets. */
export function valuesOf({ headers }: SipMessage, name: string): string[] {
  return headers.filter(([known]) => known === name).flatMap(([, value]) => splitOutside(value, ","));
}

/** Splits at a character that stands outside of quotes and angle brackets; parts are trimmed, empty ones dropped. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let [start, quoted, inside] = [0, false, false];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === "\\") i++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "<" || char === ">")) inside = char === "<";
    else if (!quoted && !inside && char === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim()).filter((part) => part !== "");
}

function readParams(parts: readonly string[]): Params {
  const params = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (!params.has(name)) params.set(name, equals < 0 ? "" : unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

/** A quoted string without its quotes and escapes; anything else as it is. */
function unquote(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, "$1") : text;
}

/** Reads a From, To, Contact, Route or P-Called-Party-ID value. Without brackets the parameters are the header's (§20.10). */
export function parseAddress(text: string | undefined): Address | undefined {
  if (text === undefined) return undefined;
  const [first = "", ...rest] = splitOutside(text, ";");
  const open = outsideQuotes(first, "<");
  if (open < 0)
    return /^[a-z][\w+.-]*:\S+$/i.test(first) ? { name: "", uri: first, params: readParams(rest) } : undefined;
  const close = first.indexOf(">", open);
  const name = unquote(first.slice(0, open).trim()).trim();
  const uri = first.slice(open + 1, Math.max(open, close)).trim();
  return uri === "" || hasControls(name) ? undefined : { name, uri, params: readParams(rest) };
}

function outsideQuotes(text: string, wanted: string): number {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (quoted && text[i] === "\\") i++;
    else if (text[i] === '"') quoted = !quoted;
    else if (!quoted && text[i] === wanted) return i;
  }
  return -1;
}

/** The address of a header that occurs once. */
export function addressOf(message: SipMessage, name: string): Address | undefined {
  return parseAddress(headerOf(message, name));
}

/** The topmost Via. */
export function topVia(message: SipMessage): Via | undefined {
  const [sentWith = "", ...rest] = splitOutside(valuesOf(message, "via")[0] ?? "", ";");
  const found = /^SIP\s*\/\s*2\.0\s*\/\s*(\w+)\s+(\S.*)$/i.exec(sentWith);
  const at = hostAndPort(found?.[2]?.replace(/\s/g, "") ?? "");
  return found && at ? { transport: (found[1] ?? "").toUpperCase(), ...at, params: readParams(rest) } : undefined;
}

/** `host`, `host:port`, `[::1]:port`; undefined for anything else. */
export function hostAndPort(text: string): { host: string; port?: number } | undefined {
  const found = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = found?.[1] ?? found?.[2];
  if (host === undefined) return undefined;
  const port = Number(found?.[3] ?? NaN);
  if (port === 0 || port > 65_535) return undefined;
  return Number.isNaN(port) ? { host } : { host, port };
}

/** CSeq: its number (below 2^31) and method. */
export function cseqOf(message: SipMessage): { number: number; method: string } | undefined {
  const found = /^(\d{1,10})\s+(\S+)$/.exec(headerOf(message, "cseq") ?? "");
  const number = Number(found?.[1] ?? NaN);
  return number < 2 ** 31 ? { number, method: found?.[2] ?? "" } : undefined;
}

/** A header whose value is seconds, with or without parameters behind it. */
export function secondsOf(message: SipMessage, name: string): number | undefined {
  const found = /^(\d{1,10})(?:\s*[;(].*)?$/.exec(headerOf(message, name) ?? "");
  return found ? Number(found[1]) : undefined;
}

/** Reads `sip:user:password@host:port;params?headers`, also `tel:`; the password and the headers are left out. */
export function parseUri(text: string): SipUri | undefined {
  const found = /^([a-z]+):([^?]*)/i.exec(text);
  const scheme = found?.[1]?.toLowerCase() ?? "";
  const rest = found?.[2] ?? "";
  if (scheme === "tel") return { scheme, user: decode(rest.split(";")[0] ?? ""), host: "", params: new Map() };
  if (scheme !== "sip" && scheme !== "sips") return undefined;
  const at = rest.lastIndexOf("@");
  const [place = "", ...params] = rest.slice(at + 1).split(";");
  const where = hostAndPort(place);
  const user = at < 0 ? "" : (rest.slice(0, at).split(/[:;]/)[0] ?? "");
  return where && { scheme, user: decode(user), ...where, params: readParams(params) };
}

function decode(user: string): string {
  try {
    const plain = decodeURIComponent(user);
    return hasControls(plain) ? user : plain;
  } catch {
    return user; // a lone percent sign
  }
}
