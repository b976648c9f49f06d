/** Parses a number field into digits, or the kind of text that it is instead. */
import { presentationOf } from "./presentation";

// Parses tel: and SIP addresses: returns the number inside, or the address if there is none.

/** Without a host the user is a number to read on. */
export interface Uri {
  user: string;
  host?: string;
}

/** Undefined if the text is no address. RFC 3966 (tel:), RFC 3261 (sip:), `"Anna" <sip:...>` included. */
function readUri(text: string): Uri | undefined {
  const address = /<([^<>]*)>/.exec(text)?.[1]?.trim() ?? text;
  const [, scheme = "", rest = ""] = /^(tel|callto|sips?):(.*)$/i.exec(address) ?? [];
  if (/^[tc]/i.test(scheme)) return { user: readTel(decode(rest)) };
  if (scheme !== "") return readSip(decode(rest));
  return /^[^\s@]+@[^\s@]+$/.test(address) ? readSip(address) : undefined;
}

/** A local number is completed by its context, if that is a number: `tel:123;phone-context=+49711`. */
function readTel(text: string): string {
  const [number = "", ...parameters] = text.split(";");
  if (number.trim().startsWith("+")) return number;
  const context = parameters.map((parameter) => /^phone-context=(\+.*)$/i.exec(parameter.trim())?.[1]).find(Boolean);
  return `${context ?? ""}${number}`;
}

/** A user part is a number only if it is marked as one: `+4971...@host`, or `;user=phone`. */
function readSip(text: string): Uri {
  const at = text.lastIndexOf("@");
  const [name, home] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  const user = name.replace(/[;:].*$/, "");
  const host = home.replace(/[;?].*$/, "");
  return /^\+[\d\s().-]+$/.test(user) || /;user=phone\b/i.test(text) ? { user } : { user, host };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A parsed number field. `text` is the same for two equal fields. */
export type Written =
  | { kind: "anonymous" | "invalid" }
  | { kind: "internal" | "code" | "sip"; text: string }
  | { kind: "number" | "prefix"; digits: string; plus: boolean; network?: string }
  /** Its last digits were made unrecognisable: `start` and so many `x`. */
  | { kind: "masked"; start: string; plus: boolean; hidden: number };

const INVALID: Written = { kind: "invalid" };
const ANONYMOUS: Written = { kind: "anonymous" };

/** No number with all its decoration is longer (characters). */
const LONGEST = 256;
/** How boxes write most numbers: nothing to remove. */
const PLAIN = /^\+?\d{2,40}$/;
/** Texts of boxes and providers for a withheld or missing number. */
const NO_NUMBER =
  /anonym|unbekannt|unterdr(ü|ue)ckt|unknown|withheld|restricted|unavailable|not available|privat|blocked|no number|keine (ruf)?nummer|^(n\/?a|null|none|undefined|-+)$/i;
/** The same in Dutch, French, Italian and Polish. */
const NO_NUMBER_ABROAD =
  /anoniem|onbekend|afgeschermd|verborgen|inconnu|masqu(é|e)|priv(é|e)$|anonim|sconosciut|nascost|riservat|nieznany|zastrze(ż|z)ony/i;
/** 00+49: both ways to write an international prefix. */
const TWICE_INTERNATIONAL = /^\(?0{1,2}\+/;
/** Invisible: control characters, zero widths, bidirectional marks, soft hyphens. */
const INVISIBLE = /[\p{Cf}\p{Cc}]/gu;
/** Dialled in front of a number: hide mine (`*31#`), show it (`#31#`), use this line (`*121#`). */
const KEY_CODE = /^[*#]\d{2,3}#(?=[+\d*(])/;
/** What is dialled after the call was answered. */
const EXTENSION = /[,./-]?(?:ext(?:ension)?|x|dw|durchwahl|nst|nebenstelle|app(?:arat)?|p|w)[.:]?\d{1,15}\)?$/i;

/** "(privat)", "(Büro)": what a number is for, not a part of it. */
const LABEL = /\s*\((?=[^()\d]*\p{L})[^()\d]*\)\s*/gu;
/** Between two numbers in one field; the second one is written with its trunk or international prefix. */
const BETWEEN = /(?:\s+[/&|]\s+|\s*[;,]\s+|\s+(?:oder|or|und|and)\s+)(?=\(?[+0])/i;
/** Fewer digits, without the prefix in front, are an area code: nothing but a part of a number. */
const LEAST_OF_TWO = { national: 6, international: 8 };

/** The numbers in a field: mostly one, the field itself; "+49 30 123456 / 0171 1234567" are two. */
export function writtenNumbers(field: string): string[] {
  if (field.length > LONGEST) return [field];
  const parts = field.split(BETWEEN);
  return parts.length > 1 && parts.every(isWhole) ? parts.map((part) => part.trim()) : [field];
}

function isWhole(part: string): boolean {
  const bare = part.replace(/[^\d+]/g, "");
  const least = LEAST_OF_TWO[/^(\+|00)/.test(bare) ? "international" : "national"];
  return bare.replace(/^[+0]+/, "").length >= least && !/[@:*#]/.test(part);
}

/** Reads any value, of whatever type; never throws. */
export function readWritten(input: unknown): Written {
  if (typeof input !== "string") return ANONYMOUS;
  const given = input.trim();
  if (given.length > LONGEST) return INVALID;
  if (PLAIN.test(given)) return { kind: "number", digits: given.replace("+", ""), plus: given.startsWith("+") };
  const text = given.normalize("NFKC").replace(/\s+/g, " ").replace(INVISIBLE, "").trim();
  const uri = readUri(text);
  if (isWithheld(uri?.user ?? text)) return ANONYMOUS;
  if (uri?.host !== undefined) return { kind: "sip", text: `${uri.user}@${uri.host}`.toLowerCase() };
  const [first = ""] = writtenNumbers((uri?.user ?? text).replace(LABEL, " "));
  return readNumber(first.trim());
}

function isWithheld(text: string): boolean {
  return (
    text === "" ||
    presentationOf(text) !== "allowed" ||
    (!/\d/.test(text) && [NO_NUMBER, NO_NUMBER_ABROAD].some((words) => words.test(text)))
  );
}

function readNumber(text: string): Written {
  const { first, network } = splitNetwork(text);
  let dialled = first.replace(/\s/g, "");
  while (KEY_CODE.test(dialled)) dialled = dialled.replace(KEY_CODE, "");
  if (/^\*\*\d+#?$/.test(dialled)) return { kind: "internal", text: dialled.replace("#", "") };
  if (/^[*#]/.test(dialled)) return /\d/.test(dialled) ? { kind: "code", text: dialled } : INVALID;
  const read = readDigits(dialled);
  return network !== undefined && "digits" in read ? { ...read, network } : read;
}

/** `user(network)`: the number set by the caller, and in brackets the one that the network verified. */
function splitNetwork(text: string): { first: string; network?: string } {
  const whole = text.replace(/[\s#]+$/, "");
  const open = whole.lastIndexOf("(");
  const first = whole.slice(0, open).trim();
  const network = whole.slice(open + 1, -1).trim();
  const both = open > 0 && whole.endsWith(")") && /\d/.test(first) && /^[+0]/.test(network) && network.length > 4;
  return both ? { first, network } : { first: text };
}

/** A number masked by `maskNumber`, or a placeholder in a pattern. */
function readMasked(text: string): Written | undefined {
  const [, plus = "", start = "", hidden = ""] =
    /^(\+?)(\d{2,})(x{1,3})#*$/i.exec(text.replace(/[^\dx+#]/gi, "")) ?? [];
  const isMasked = start !== "" && !/[^\dx\s()+/.#\p{Pd}]/iu.test(text);
  return isMasked ? { kind: "masked", start, plus: plus !== "", hidden: hidden.length } : undefined;
}

function readDigits(text: string): Written {
  const masked = readMasked(text.replace(TWICE_INTERNATIONAL, "+"));
  if (masked) return masked;
  const number = text
    .replace(TWICE_INTERNATIONAL, "+")
    .replace(/[#,;].*$/s, "")
    .replace(EXTENSION, "");
  if (/\p{L}/u.test(number)) return INVALID;
  const [, plus = "", rest = "", stars = ""] = /^(\+*)([^*+]*)(\**)$/.exec(number.replace(/[^\d+*]/g, "")) ?? [];
  if (rest === "") return INVALID;
  return { kind: stars === "" ? "number" : "prefix", digits: rest, plus: plus !== "" };
}
