/** Masks telephone numbers for logs and messages. */
import { presentationOf } from "./presentation";

const MASKED_DIGITS = 3;
/** A longer text is no number (characters). */
const LONGEST_NUMBER = 1_000;
/** In a longer text every digit is masked, since searching it for numbers would take too long. */
const LONGEST_TEXT = 20_000;

/**
 * Replaces the last three digits with `x`, whatever stands between or behind them ("0222#" -> "0xxx#"). A part in
 * brackets (the network's number) is masked on its own; a name, as in a SIP address, goes altogether. Masking twice changes
 * nothing.
 */
export function maskNumber(number: string): string {
  if (number.length > LONGEST_NUMBER) return "xxx";
  if (presentationOf(number) !== "allowed") return number;
  const at = number.indexOf("@");
  if (at >= 0) return `${maskPart(number.slice(0, at))}${maskText(number.slice(at))}`;
  return number.replace(/[^()]+/g, maskPart);
}

function maskPart(part: string): string {
  if (/[^\dx\s+*#/.-]/.test(part)) return "xxx"; // a name, not a number
  let end = part.length;
  let masked = "";
  for (let left = MASKED_DIGITS; end > 0 && left > 0;) {
    const char = part.charAt(--end);
    const isDigit = /[\dx]/.test(char);
    masked = (isDigit ? "x" : char) + masked;
    if (isDigit) left--;
  }
  return part.slice(0, end) + masked;
}

const BOX_DATE = /^\s*\d\d\.\d\d\.(\d{4}|\d\d) \d\d:\d\d:\d\d/;
const LIKE_A_NUMBER = /\+?\d(?:[\s/().-]{0,3}[\dx]){3,}/g;

/** Masks every number in a free text, but not the box's date at its beginning. */
export function maskText(text: string): string {
  if (text.length > LONGEST_TEXT) return text.replace(/\d/g, "x");
  const date = BOX_DATE.exec(text)?.[0] ?? "";
  return date + text.slice(date.length).replace(LIKE_A_NUMBER, maskRun);
}

function maskRun(run: string): string {
  return maskPart(run.replace(/[()]/g, " "));
}

const LONGEST_QUOTE = 100;

/** What a message says, for an error: short, and without numbers. */
export function quoted(text: string): string {
  const line = text
    .slice(0, LONGEST_QUOTE)
    .replace(/\p{Cc}+/gu, " ")
    .trim();
  return maskText(line) + (text.length > LONGEST_QUOTE ? "…" : "");
}
