// Numbers from runs: medians, percentiles, and chance that is the same in every run.

export const median = (values) => percentile(values, 0.5);

export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
}

/** 0..1, the same sequence for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order: no subject is always measured first. */
export function shuffled(list, random) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The machine's monotonic clock in ms, the same in all processes. */
export const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Waits until it is true; false if it does not become so in time. */
export async function until(condition, limitMs = 20_000) {
  for (const end = Date.now() + limitMs; !condition(); await pause(5)) if (Date.now() > end) return false;
  return true;
}
