/** L3 services: keeps a flood of faults from flooding the log. */
import type { Clock } from "../model/ports";

const FIRST = 5;
const HOUR_MS = 3_600_000;

/** Lets the first five reports pass, then one an hour with the number of the others; after an hour of peace it begins anew. */
export class FailureReports {
  private told = 0;
  private untold = 0;
  private lastToldMs = -Infinity;
  private lastMs = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** The number of faults kept back before this one, if it may be reported; else undefined. */
  next(): number | undefined {
    const now = this.clock.now();
    if (now - this.lastMs >= HOUR_MS) this.told = 0;
    this.lastMs = now;
    if (this.told >= FIRST && now - this.lastToldMs < HOUR_MS) {
      this.untold++;
      return undefined;
    }
    this.told++;
    this.lastToldMs = now;
    const untold = this.untold;
    this.untold = 0;
    return untold;
  }
}
