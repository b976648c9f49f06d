/** L0 model: what a number field may hold besides a number. */

const WITHHELD = /^(anonym|withheld|restricted)/i;
const UNKNOWN = /^(unknown|unavailable|unbekannt)$/i;

/** Whether a written number is one, or a word for its absence; a lone 0 is one, too (FHEM). An empty text is not judged here. */
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
