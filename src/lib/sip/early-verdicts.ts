/** Verdicts that came before their call: each waits a moment, by the number's key. */
import type { Clock, Timer } from "../core/clock";
import type { Verdict } from "./reports";

/** A verdict may come so long before its call, ms: lookups are sometimes faster than the box. */
const EARLY_MS = 5_000;
/** Verdicts that wait at the same time. */
const MOST = 200;

/** The verdicts of one user that wait for their call. */
export class EarlyVerdicts {
  private readonly waiting = new Map<string, { verdict: Verdict; timer: Timer }>();

  constructor(
    private readonly clock: Clock,
    /** No call came in time. */
    private readonly missed: (verdict: Verdict) => void,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  /** Replaces an older verdict about the same number. */
  add(key: string, verdict: Verdict): void {
    this.take(key);
    if (this.waiting.size >= MOST) return;
    const timer = this.clock.after(EARLY_MS, () => {
      this.waiting.delete(key);
      this.missed(verdict);
    });
    this.waiting.set(key, { verdict, timer });
  }

  /** The verdict about a number; it waits no longer. */
  take(key: string): Verdict | undefined {
    const found = this.waiting.get(key);
    found?.timer.cancel();
    this.waiting.delete(key);
    return found?.verdict;
  }

  clear(): void {
    for (const { timer } of this.waiting.values()) timer.cancel();
    this.waiting.clear();
  }
}
