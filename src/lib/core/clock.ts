/** The clock as a parameter. Its fake is in test/support. */

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
