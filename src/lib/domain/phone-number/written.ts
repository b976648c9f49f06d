/** L1 domain: what somebody wrote into a number field -> the digits that are meant, or what it is instead of a number. */
import { presentationOf } from "../../model/number-text";
import { readUri } from "./uri";

/** A number field, read. `text` is the form in which two equal ones are equal. */
export type Written =
  | { kind: "anonymous" | "invalid" }
  | { kind: "internal" | "code" | "sip"; text: string }
  | { kind: "number" | "prefix"; digits: string; plus: boolean; network?: string };

const INVALID: Written = { kind: "invalid" };
const ANONYMOUS: Written = { kind: "anonymous" };

/** No number with all its decoration is longer (characters). */
const LONGEST = 256;
/** Words of boxes, providers and people for a caller without a number. */
const NOBODY =
  /anonym|unbekannt|unterdr(ü|ue)ckt|unknown|withheld|restricted|unavailable|not available|privat|blocked|no number|keine (ruf)?nummer|^(n\/?a|null|none|undefined|-+)$/i;
/** Invisible: control characters, zero widths, bidirectional marks, soft hyphens. */
const INVISIBLE = /[\p{Cf}\p{Cc}]/gu;
/** Dialled in front of a number: hide mine (`*31#`), show it (`#31#`), use this line (`*121#`). */
const KEY_CODE = /^[*#]\d{2,3}#(?=[+\d*(])/;
/** What is dialled after the call was answered. */
const EXTENSION = /[,./-]?(?:ext(?:ension)?|x|dw|durchwahl|nst|nebenstelle|app(?:arat)?|p|w)[.:]?\d{1,15}\)?$/i;

/** Reads any value, of whatever type; never throws. */
export function readWritten(input: unknown): Written {
  if (typeof input !== "string") return ANONYMOUS;
  const given = input.trim();
  if (given.length > LONGEST) return INVALID;
  const text = given.normalize("NFKC").replace(/\s+/g, " ").replace(INVISIBLE, "").trim();
  const uri = readUri(text);
  if (isNobody(uri?.user ?? text)) return ANONYMOUS;
  if (uri?.host !== undefined) return { kind: "sip", text: `${uri.user}@${uri.host}`.toLowerCase() };
  return readNumber(uri?.user ?? text);
}

function isNobody(text: string): boolean {
  return text === "" || presentationOf(text) !== "allowed" || (!/\d/.test(text) && NOBODY.test(text));
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

/** `user(network)`: the box shows the number that the caller set, and in brackets the one that the network vouches for. */
function splitNetwork(text: string): { first: string; network?: string } {
  const whole = text.replace(/[\s#]+$/, "");
  const open = whole.lastIndexOf("(");
  const first = whole.slice(0, open).trim();
  const network = whole.slice(open + 1, -1).trim();
  const both = open > 0 && whole.endsWith(")") && /\d/.test(first) && /^[+0]/.test(network) && network.length > 4;
  return both ? { first, network } : { first: text };
}

function readDigits(text: string): Written {
  const number = text.replace(/[#,;].*$/s, "").replace(EXTENSION, "");
  if (/\p{L}/u.test(number)) return INVALID;
  const [, plus = "", rest = "", stars = ""] = /^(\+*)([^*+]*)(\**)$/.exec(number.replace(/[^\d+*]/g, "")) ?? [];
  if (rest === "") return INVALID;
  return { kind: stars === "" ? "number" : "prefix", digits: rest, plus: plus !== "" };
}
