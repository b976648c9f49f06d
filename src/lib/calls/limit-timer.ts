/** One timer for the earliest of many limits. */
import type { Clock, Timer } from "../core/clock";

/** Set again whenever the limits change. */
export class LimitTimer {
  private current: { timer: Timer; dueMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly reached: () => void,
  ) {}

  /** `dueMs`: when the earliest limit is reached now; Infinity: there is none. Calls back then, or earlier. */
  set(dueMs: number): void {
    // A timer that runs earlier looks again; without a limit none is left running.
    if (this.current && this.current.dueMs <= dueMs && dueMs !== Infinity) return;
    this.stop();
    if (dueMs === Infinity) return;
    const timer = this.clock.after(Math.max(0, dueMs - this.clock.now()), () => {
      this.current = undefined;
      this.reached();
    });
    this.current = { timer, dueMs };
  }

  stop(): void {
    this.current?.timer.cancel();
    this.current = undefined;
  }
}
