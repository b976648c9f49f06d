/** Texts in a number field that are no number. */

const WITHHELD = /^(anonym|withheld|restricted)/i;
const UNKNOWN = /^(unknown|unavailable|unbekannt)$/i;

/**
 * Whether a text is a number, or a word for a withheld one; FHEM writes a single 0. An empty text is not
 * decided here.
 */
export function presentationOf(number: string): "allowed" | "restricted" | "unavailable" {
  if (number === "0" || WITHHELD.test(number)) return "restricted";
  return UNKNOWN.test(number) ? "unavailable" : "allowed";
}

/** Without the `#` that ends dialling: IP phones and mesh clients append it. */
export function withoutFinalHash(number: string): string {
  let end = number.length;
  while (number[end - 1] === "#") end--;
  return number.slice(0, end);
}
