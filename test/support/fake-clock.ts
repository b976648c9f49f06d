/** Test support: a clock that moves only when told to. */
import type { Clock, Timer } from "../../src/lib/model/ports";

interface Waiting {
  dueMs: number;
  run: () => void;
}

export class FakeClock implements Clock {
  private waiting: Waiting[] = [];

  constructor(private nowMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.nowMs;
  }

  after(ms: number, run: () => void): Timer {
    const entry = { dueMs: this.nowMs + ms, run };
    this.waiting.push(entry);
    return { cancel: () => (this.waiting = this.waiting.filter((other) => other !== entry)) };
  }

  /** How many timers are set. */
  get pending(): number {
    return this.waiting.length;
  }

  /** Milliseconds until the next timer is due. */
  get nextInMs(): number | undefined {
    return this.pending === 0 ? undefined : Math.min(...this.waiting.map(({ dueMs }) => dueMs)) - this.nowMs;
  }

  /** Moves on and runs what falls due on the way, in order of time, equals in order of setting. */
  advance(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const dueMs = Math.min(...this.waiting.map((entry) => entry.dueMs));
      const next = this.waiting.find((entry) => entry.dueMs === dueMs);
      if (!next || dueMs > end) break;
      this.waiting = this.waiting.filter((entry) => entry !== next);
      this.nowMs = Math.max(this.nowMs, dueMs);
      next.run();
    }
    this.nowMs = end;
  }
}
