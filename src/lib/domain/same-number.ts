/** L1 domain: whether two written forms may mean the same telephone, as far as digits alone can tell. */

/** Only digits, masked digits and the keys `*`; a part in brackets (the network's number) and the final `#` go. */
function digits(number: string): string {
  return number
    .replace(/\(\+?[\dx]{5,}\)$/, "")
    .replace(/#+$/, "")
    .replace(/[^\dx*+]/g, "");
}

const LEAST_COMMON_DIGITS = 3;

/** The same line of a box names a number in full, without area code, or with a call-by-call prefix: one ends with the other. */
export function sameNumber(a: string, b: string): boolean {
  const [x, y] = [digits(a), digits(b)];
  if (x === "" || y === "") return a === b;
  const [short, long] = x.length <= y.length ? [x, y] : [y, x];
  return short === long || (short.length >= LEAST_COMMON_DIGITS && long.endsWith(short.replace(/^\+/, "")));
}

/** Without its area code a number is "bare"; with one it starts with the trunk prefix, 00 or a plus. */
const isBare = (number: string) => !/^[0+]/.test(number);

/**
 * Whether an own number as the box reports it (usually bare, "732123") is one of those that the user wrote ("07191 732123").
 * Two bare numbers must be equal: "123" is not "456123".
 */
export function isOwnNumber(reported: string, wanted: readonly string[]): boolean {
  const own = digits(reported);
  return own !== "" && wanted.some((number) => sameOwnNumber(own, digits(number)));
}

function sameOwnNumber(a: string, b: string): boolean {
  if (b === "" || a === b) return a === b;
  if (isBare(a) && isBare(b)) return false;
  if (isBare(a)) return b.endsWith(a);
  if (isBare(b)) return a.endsWith(b);
  // 07191732123, 0049 7191 732123 and +49 7191 732123: the one without country code is a trunk 0 and the rest.
  const [x, y] = [international(a), international(b)];
  if (x.startsWith("+") === y.startsWith("+")) return x === y;
  const [full, national] = x.startsWith("+") ? [x, y] : [y, x];
  return full.endsWith(national.replace(/^0/, ""));
}

const international = (number: string) => number.replace(/^00/, "+");
