/** Test support: a clock that only `advance` moves. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock, Timer } from "../../src/lib/core/clock";

interface Waiting {
  dueMs: number;
  run: () => void;
}

/** A turn of the event loop runs all promises that can go on; work that yields needs some more turns. */
const TURNS = 5;

/** Lets everything happen that needs no time, however many promises it waits for on its way. */
export async function flush(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await nextTurn();
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

  /** Lets everything happen that needs no time. */
  flush(): Promise<void> {
    return flush();
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

  /** Simulates a suspended computer: the time of day advances, timers do not. */
  sleep(ms: number): void {
    this.nowMs += ms;
    this.waiting = this.waiting.map((entry) => Object.assign(entry, { dueMs: entry.dueMs + ms }));
  }
}
