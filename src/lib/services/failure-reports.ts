/** L3 services: keeps a flood of faults from flooding the log. */
import type { Clock } from "../model/ports";

const MOST_A_MINUTE = 5;
const MINUTE_MS = 60_000;

/** Lets five reports a minute pass and counts the others. */
export class FailureReports {
  private startedMs = -Infinity;
  private told = 0;
  private untold = 0;

  constructor(private readonly clock: Clock) {}

  /** The number of faults kept back before this one, if it may be reported; else undefined. */
  next(): number | undefined {
    const now = this.clock.now();
    if (now - this.startedMs >= MINUTE_MS) {
      this.startedMs = now;
      this.told = 0;
    }
    if (this.told >= MOST_A_MINUTE) {
      this.untold++;
      return undefined;
    }
    this.told++;
    const untold = this.untold;
    this.untold = 0;
    return untold;
  }
}
