/** Compares two written forms by their digits only, without a dial plan. */
import { withoutFinalHash } from "./presentation";

/**
 * Keeps digits, masked digits and `*`; drops a part in brackets (the network-provided number) and the final
 * `#`.
 */
function digits(number: string): string {
  return withoutFinalHash(number)
    .replace(/\(\+?[\dx]{5,}\)$/, "")
    .replace(/^((?:\+|00)\d+)\s*\(0\)/, "$1") // +49 (0) 7191: the zero is not dialled
    .replace(/[^\dx*+]/g, "");
}

const LEAST_COMMON_DIGITS = 3;

/** Whether one number ends with the other, with enough digits in common. */
function endsLike(long: string, short: string): boolean {
  return short.length >= LEAST_COMMON_DIGITS && long.endsWith(short);
}

/**
 * A box may write a number in full, without area code, or behind a prefix: apart from leading zeros one form
 * ends with the other.
 */
export function sameNumber(a: string, b: string): boolean {
  const [x, y] = [digits(a), digits(b)];
  if (x === "" || y === "") return a === b;
  const [short, long] = x.length <= y.length ? [x, y] : [y, x];
  return short === long || endsLike(long, short.replace(/^(\+|0+)/, ""));
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

/** What may stand in front of a subscriber's number: trunk 0 and area code, or country code and area code. */
const PREFIX = /^(0\d{0,5}|(\+|00)\d{1,7})$/;

function isWithAreaCode(full: string, bare: string): boolean {
  return endsLike(full, bare) && PREFIX.test(full.slice(0, -bare.length));
}

function sameOwnNumber(a: string, b: string): boolean {
  if (b === "" || a === b) return a === b;
  if (isBare(a) && isBare(b)) return false;
  if (isBare(a)) return isWithAreaCode(b, a);
  if (isBare(b)) return isWithAreaCode(a, b);
  // 07191732123, 0049 7191 732123 and +49 7191 732123: the one without country code is a trunk 0 and the rest.
  const [x, y] = [international(a), international(b)];
  if (x.startsWith("+") === y.startsWith("+")) return x === y;
  const [full, national] = x.startsWith("+") ? [x, y] : [y, x];
  return endsLike(full, national.replace(/^0/, ""));
}

const international = (number: string) => number.replace(/^00/, "+");
