/** Delay before the next connection attempt. */

const FIRST_MS = 1_000;
/**
 * A box needs about two minutes to reboot: a longest delay of 15 s bounds the time without events after that.
 * One attempt is one packet.
 */
const LONGEST_MS = 15_000;

/**
 * Milliseconds before the attempt after `failures` failed ones (0 = the first): doubles from 1 s to 15 s.
 * `random` (0..1) picks a value from the upper half of each step, so that clients of a rebooted box do not
 * reconnect at the same moment.
 */
export function backoffMs(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.max(FIRST_MS, Math.round(longest * (0.5 + random / 2)));
}
