/** Validators of fields. Pure: return nothing, or the key of the sentence of the error. */
import { isPattern } from "../lib/numbers/pattern-syntax";

/** An error: a key of the node's catalogue under `invalid`, with its values. */
export interface Fault {
  key: string;
  values?: Record<string, string | number>;
}

/** `${NAME}`: only known at run time. */
const ENVIRONMENT = /^\$\{.+\}$/;

/** The value of a field, a saved value, or undefined in flows of older versions. */
function isOpen(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (typeof value === "string" && ENVIRONMENT.test(value))
  );
}

/** An integer within limits, or empty. */
export function wholeNumber(value: unknown, least: number, most: number): boolean {
  if (isOpen(value)) return true;
  const number = Number(value);
  return Number.isInteger(number) && number >= least && number <= most;
}

/** A TCP port; required. */
export function port(value: unknown): boolean {
  return value !== undefined && value !== "" && wholeNumber(value, 1, 65_535);
}

/** A SHA-256 fingerprint, with or without colons. */
export function fingerprint(value: unknown): boolean {
  return isOpen(value) || /^[0-9a-f]{64}$/i.test(String(value).replace(/[\s:]/g, ""));
}

/** A dialling code: digits, optionally with a plus. */
export function diallingCode(value: unknown): boolean {
  return isOpen(value) || /^\+?\d{1,6}$/.test(String(value));
}

/** A time zone that this browser supports. */
export function timeZone(value: unknown): boolean {
  if (isOpen(value)) return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: String(value) }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** The first invalid number pattern of a list, by the runtime's parser. */
export function badPattern(patterns: unknown): string | undefined {
  const texts = Array.isArray(patterns) ? patterns.map(String) : [];
  return texts.find((text) => !ENVIRONMENT.test(text) && !isPattern(text));
}

/** Country codes of two letters, or "001" for numbers of no country. */
export function countryCodes(list: readonly unknown[]): boolean {
  return list.every((code) => /^([a-z]{2}|001)$/i.test(String(code)));
}

/** Begin or end of quiet hours; both or none must be set. */
export function quietTime(value: unknown, other: unknown): boolean {
  const isSet = (time: unknown) => typeof time === "string" && time.trim() !== "";
  if (!isSet(value)) return !isSet(other);
  return isOpen(value) || /^([01]?\d|2[0-3]):[0-5]\d$/.test(String(value).trim());
}
