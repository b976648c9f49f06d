/** Calls that are over by the call list, though no line has said so: the line may be on its way. */
import type { Missed } from "../calls/compare-call-list";
import type { Clock } from "../core/clock";

/** The list may say that a call is over before its line arrives. */
export const OVER_MS = 2_000;

/** Knows since when the list says so. */
export class OverWatch {
  private readonly since = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Those of them that the list has said to be over for long enough. */
  reallyOver(over: readonly Missed[]): Missed[] {
    const now = this.clock.now();
    return over.filter(({ told }) => {
      const callId = told?.callId ?? "";
      const sinceMs = this.since.get(callId) ?? now;
      this.since.set(callId, sinceMs);
      return now - sinceMs >= OVER_MS;
    });
  }

  /** The call has its end. */
  forget(callId: string): void {
    this.since.delete(callId);
  }
}
