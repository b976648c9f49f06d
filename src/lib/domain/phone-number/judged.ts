/** L1 domain: what the rules of a country say about one of its numbers, and which flags make a number a fake. */
import type { Flag } from "../../model/caller-info";
import type { NormalizedNumber } from "../../model/phone-number";

/** A national number, judged: everything but the number itself. */
export type Judged = Omit<NormalizedNumber, "e164" | "prefix" | "network" | "because">;

/** Longest number of the world (ITU E.164), with its country code. */
export const MOST_DIGITS = 15;

/** The entry of a table for the longest beginning of a number that it knows. */
export function longestPrefix<T>(
  table: ReadonlyMap<string, T>,
  number: string,
  most: number,
): { prefix: string; value: T } | undefined {
  for (let length = Math.min(most, number.length); length > 0; length--) {
    const prefix = number.slice(0, length);
    const value = table.get(prefix);
    if (value !== undefined) return { prefix, value };
  }
  return undefined;
}

/** No caller has such a number; the other flags are hints. */
const HARD: ReadonlySet<Flag> = new Set<Flag>([
  "unknown-area-code",
  "unknown-country",
  "too-short",
  "too-long",
  "subscriber-zero",
  "illegal-cli",
  "emergency-cli",
  "reserved-range",
  "call-by-call",
]);

/** Whether one of the flags is a hard one. */
export function hasHardFlag(flags: readonly Flag[]): boolean {
  return flags.some((flag) => HARD.has(flag));
}

/**
 * Whether a number was made up. One of which we know what was meant (`alt`) was not: a network lost a zero or put an area code
 * in front. Without false alarms on real numbers, as far as these are in the plan.
 */
export function isFake(number: Pick<NormalizedNumber, "flags" | "alt">): boolean {
  return number.alt === undefined && hasHardFlag(number.flags);
}
