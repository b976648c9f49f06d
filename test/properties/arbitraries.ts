/** What the property tests are fed with. */
import fc from "fast-check";

/** Any text: code units at random, so lone surrogates and control characters too. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

const two = (n: number) => String(n).padStart(2, "0");

/** The box's date of a second in 2026. */
export const stamp = fc.integer({ min: 0, max: 365 * 86_400 - 1 }).map(boxDate);

/** Seconds since the beginning of 2026 -> "01.01.26 00:00:00", by a calendar without summer time. */
export function boxDate(seconds: number): string {
  const at = new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
  const date = [at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCFullYear() % 100].map(two).join(".");
  return `${date} ${[at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":")}`;
}

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength, maxLength });

/** A telephone number of at least four digits, in any of the forms seen. */
export const number = fc
  .tuple(fc.constantFrom("", "0", "00", "+", "010"), digits(4, 14), fc.constantFrom("", "", "#", "##"))
  .map((parts) => parts.join(""));

const bracketed = fc.tuple(number, digits(4, 12)).map(([outer, inner]) => `${outer.replace(/#/g, "")}(${inner})`);
const named = fc.constantFrom("anna", "anna@example.net", "sip:+49711123456@example.net");
const maybeMasked = number.map((text) => text.replace(/\d{3}(#*)$/, "xxx$1"));
const withheld = fc.constant("");

/** What may stand in a number field. */
export const party = fc.oneof(
  { weight: 6, arbitrary: number },
  { weight: 1, arbitrary: fc.oneof(bracketed, named, maybeMasked, withheld) },
);

const line = fc.constantFrom("SIP0", "SIP1", "SIP13", "POTS", "ISDN", "GSM", "");
const extension = fc.constantFrom("", "0", "4", "10", "11", "13", "20", "40", "49");
const id = fc.integer({ min: 0, max: 9 }).map(String);
const duration = fc.integer({ min: 0, max: 9999 }).map(String);
const end = fc.constantFrom("", ";");

export interface Fields {
  verb: "RING" | "CALL" | "CONNECT" | "DISCONNECT";
  fields: string[];
}

/** A line that a box might send, in its fields, without the date. */
export const lineFields: fc.Arbitrary<Fields> = fc.oneof(
  fc.tuple(id, party, party, line).map((fields) => ({ verb: "RING" as const, fields })),
  fc.tuple(id, extension, party, party, line).map((fields) => ({ verb: "CALL" as const, fields })),
  fc.tuple(id, extension, party).map((fields) => ({ verb: "CONNECT" as const, fields })),
  fc.tuple(id, duration).map((fields) => ({ verb: "DISCONNECT" as const, fields })),
);

/** A line that a box might send. */
export const boxLine = fc
  .tuple(stamp, lineFields, end)
  .map(([date, { verb, fields }, last]) => [date, verb, ...fields].join(";") + last);

/** Nearly a line: pieces of lines in any order. */
export const nearlyALine = fc
  .array(fc.oneof(stamp, fc.constantFrom("RING", "CALL", "CONNECT", "DISCONNECT", ""), id, party, line, anyText), {
    maxLength: 9,
  })
  .map((pieces) => pieces.join(";"));

/** Any line at all. */
export const anyLine = fc.oneof(boxLine, nearlyALine, anyText);
