/** L1 domain: how long to wait before the next try. */

const FIRST_MS = 1_000;
/** A box reboots for two minutes: whoever waits longer between two tries is deaf for long after it is back. A try is one packet. */
const LONGEST_MS = 15_000;

/**
 * Milliseconds before the try after `failures` failed ones (0 = the first): doubling from 1 s to 15 s. Each is drawn from
 * its upper half by `random` (0..1), so that many clients of a rebooted box do not come back in step.
 */
export function backoffMs(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.max(FIRST_MS, Math.round(longest * (0.5 + random / 2)));
}
