/** Test support: real time, but timers run a thousand times faster, and the clock can be put forward. */
import type { Clock } from "../../src/lib/core/clock";

export class AcceleratedClock implements Clock {
  /** Put forward by so much, ms. */
  shiftMs = 0;
  /** The waits that were asked for, ms. */
  readonly waits: number[] = [];

  now(): number {
    return Date.now() + this.shiftMs;
  }

  after(ms: number, run: () => void) {
    this.waits.push(ms);
    const timer = setTimeout(() => {
      this.shiftMs += ms;
      run();
    }, ms / 1000);
    return { cancel: () => clearTimeout(timer) };
  }
}
