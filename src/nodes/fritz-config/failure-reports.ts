/** Limits reports of invalid lines. */
import { HOUR_MS } from "../../lib/core/time";
import type { Clock } from "../../lib/core/clock";

const FIRST = 5;

/**
 * Allows five reports, then one an hour with the number of suppressed ones; starts anew after an hour without
 * failures.
 */
export class FailureReports {
  private reported = 0;
  private suppressed = 0;
  private lastReportedMs = -Infinity;
  private lastMs = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** The number of suppressed reports before this one; undefined if this one is suppressed. */
  next(): number | undefined {
    const now = this.clock.now();
    if (now - this.lastMs >= HOUR_MS) this.reported = 0;
    this.lastMs = now;
    if (this.reported >= FIRST && now - this.lastReportedMs < HOUR_MS) {
      this.suppressed++;
      return undefined;
    }
    this.reported++;
    this.lastReportedMs = now;
    const untold = this.suppressed;
    this.suppressed = 0;
    return untold;
  }
}
