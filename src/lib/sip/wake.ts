/** A timer that also counts the time for which the computer slept. */
import type { Clock, Timer } from "../core/clock";

/** How late it may be after a sleep, ms. */
const STEP_MS = 10_000;

/**
 * Runs after `ms`. Timers of the system stand still while the computer sleeps; so the wall clock is looked at every ten
 * seconds. A clock that is set back does not make it later.
 */
export function afterElapsed(clock: Clock, ms: number, run: () => void): Timer {
  const startedMs = clock.now();
  let waitedMs = 0;
  let timer: Timer | undefined;
  const wait = () => {
    const leftMs = ms - Math.max(waitedMs, clock.now() - startedMs);
    if (leftMs <= 0) return run();
    const step = Math.min(leftMs, STEP_MS);
    waitedMs += step;
    timer = clock.after(step, wait);
  };
  wait();
  return { cancel: () => timer?.cancel() };
}
