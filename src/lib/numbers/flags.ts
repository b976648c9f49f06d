/** Flags of a national number, and which of them make it a fake. */
import type { NormalizedNumber, Flag } from "./types";

/** Everything that is known of a national number besides the number itself. */
export type NumberFlags = Omit<NormalizedNumber, "e164" | "prefix" | "network" | "because">;

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

/** Flags that no real number can have; the others are hints. */
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
 * Whether a number is fake. A number with a known correction (`alt`) is not: a network dropped a zero or
 * added an area code. No false positives on real numbers, as far as they are in the plan.
 */
export function isFake(number: Pick<NormalizedNumber, "flags" | "alt">): boolean {
  return number.alt === undefined && hasHardFlag(number.flags);
}
