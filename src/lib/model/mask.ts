/** L0 model: the one rule by which numbers are made unrecognisable. */
import { presentationOf } from "./number-text";

const MASKED_DIGITS = 3;

/**
 * Replaces the last three digits with `x`, whatever stands between or behind them ("0222#" -> "0xxx#"). A part in
 * brackets (the network's number) is masked on its own; a name, as in a SIP address, goes altogether. Masking twice changes
 * nothing.
 */
export function maskNumber(number: string): string {
  if (presentationOf(number) !== "allowed") return number;
  const at = number.indexOf("@");
  if (at >= 0) return `${maskPart(number.slice(0, at))}${maskText(number.slice(at))}`;
  return number.replace(/[^()]+/g, maskPart);
}

function maskPart(part: string): string {
  if (/[^\dx\s+*#/.-]/.test(part)) return "xxx"; // a name, not a number
  const chars = [...part];
  let left = MASKED_DIGITS;
  for (let i = chars.length - 1; i >= 0 && left > 0; i--) {
    if (!/[\dx]/.test(chars[i] ?? "")) continue;
    chars[i] = "x";
    left--;
  }
  return chars.join("");
}

const BOX_DATE = /^\s*\d\d\.\d\d\.(\d{4}|\d\d) \d\d:\d\d:\d\d/;
const LIKE_A_NUMBER = /\+?\d(?:[\s/().-]{0,3}[\dx]){3,}/g;

/** The same for free text: all that could be a telephone number is masked, but not the box's date in front. */
export function maskText(text: string): string {
  const date = BOX_DATE.exec(text)?.[0] ?? "";
  return date + text.slice(date.length).replace(LIKE_A_NUMBER, maskRun);
}

function maskRun(run: string): string {
  return maskPart(run.replace(/[()]/g, " "));
}
