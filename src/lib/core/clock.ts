/** The clock as a parameter, and units of time. Its fake is in test/support. */

/** Units of time, ms, and the last hour. */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Of times in ms since 1970 those of the last hour; none of the future, which a clock that was set back leaves behind. */
export function ofLastHour(times: readonly number[], nowMs: number): number[] {
  return times.filter((ms) => ms > nowMs - HOUR_MS && ms <= nowMs);
}

/** A pending timer. */
export interface Timer {
  cancel(): void;
}

/** Current time in milliseconds since 1970, and timers in milliseconds. */
export interface Clock {
  now(): number;
  after(ms: number, run: () => void): Timer;
}

/** The system clock of this process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
