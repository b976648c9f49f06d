/**
 * Parses the patterns of users' lists without a dial plan and without data, so that the editor validates in
 * the browser what the runtime accepts.
 */
import { readWritten } from "./parse";

/** A parsed pattern: each part is a number, or a prefix, in any written form. */
export type WrittenPattern =
  | { kind: "exact"; number: string }
  /** `start` without its `*`. */
  | { kind: "prefix"; start: string }
  /** Both ends belong to the range, and `to` is written in full. */
  | { kind: "range"; from: string; to: string };

/** Longer is no pattern (characters). */
const LONGEST = 100;
/** Prefixes of nearly every number: all national, or all international ones. */
const ANY_NUMBER = /^(0*|0{0,2}11)$/;

/**
 * `030 1234567`, `0900*` or `030 23125000..999`; undefined for an invalid pattern, or one that would match
 * nearly every caller.
 */
export function readPattern(text: string): WrittenPattern | undefined {
  if (text.length > LONGEST) return undefined;
  const pattern = text.trim();
  const ends = pattern.split(/\.{2,3}|…/);
  if (ends.length > 1) return ends.length === 2 ? readRange(ends[0] ?? "", ends[1] ?? "") : undefined;
  if (/^\+{2}/.test(pattern)) return undefined;
  const read = readWritten(pattern);
  switch (read.kind) {
    case "anonymous":
    case "invalid":
      return undefined;
    case "prefix":
      return (read.plus ? /^0*$/ : ANY_NUMBER).test(read.digits)
        ? undefined
        : { kind: "prefix", start: pattern.replace(/\*+\s*$/, "") };
    case "code":
      return read.text.endsWith("*")
        ? { kind: "prefix", start: read.text.slice(0, -1) }
        : { kind: "exact", number: pattern };
    case "internal":
    case "masked":
    case "number":
    case "sip":
      return { kind: "exact", number: pattern };
  }
}

/** Whether a text is a pattern for the lists of `fritz-block`. */
export const isPattern = (text: string): boolean => readPattern(text) !== undefined;

/** Behind the dots stands a whole number, or only the digits that differ: `030 23125000..99`. */
function readRange(first: string, last: string): WrittenPattern | undefined {
  const [from, end] = [readWritten(first), readWritten(last)];
  if (from.kind !== "number" || end.kind !== "number") return undefined;
  const isRest = !end.plus && end.digits.length < from.digits.length;
  const to = isRest
    ? { ...from, digits: from.digits.slice(0, from.digits.length - end.digits.length) + end.digits }
    : end;
  return isOrdered(from, to)
    ? { kind: "range", from: first.trim(), to: isRest ? dialled(to) : last.trim() }
    : undefined;
}

interface Digits {
  digits: string;
  plus: boolean;
}

const dialled = ({ digits, plus }: Digits) => `${plus ? "+" : ""}${digits}`;

/** Of one national and one international form only the ends can be compared. */
function isOrdered(from: Digits, to: Digits): boolean {
  const [a, b] = [bare(from), bare(to)];
  if (isInternational(from) === isInternational(to)) return a.length === b.length && a <= b;
  const common = Math.min(a.length, b.length);
  return Math.abs(a.length - b.length) <= 3 && a.slice(-common) <= b.slice(-common);
}

const isInternational = ({ digits, plus }: Digits) => plus || digits.startsWith("00");
const bare = ({ digits }: Digits) => digits.replace(/^0+/, "");
