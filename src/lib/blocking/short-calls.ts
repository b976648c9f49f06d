/** Counts short calls of a number: repeated single rings are meant to provoke return calls. */
import { BoundedMap } from "../core/bounded-map";
import type { CallEvent } from "../calls/types";

/** Upper bound of the memory. */
const MOST_NUMBERS = 1_000;
const MOST_CALLS = 50;

/** Short calls of the last numbers; lost when Node-RED restarts. */
export class ShortCalls {
  /** Key -> times of the ends of its short calls, ms; the last caller is last. */
  private readonly ends = new BoundedMap<string, number[]>(MOST_NUMBERS);

  /** `seconds`: a call that rang and talked for no longer is short. */
  constructor(private readonly seconds: number) {}

  /** Takes the end of an incoming call. */
  ended(key: string, { ringSeconds = 0, durationSeconds = 0, at, outcome }: CallEvent): void {
    const ms = Date.parse(at);
    // A call ended by the box or by fritz-hangup says nothing about the caller.
    if (
      ["hungup", "rejected"].includes(outcome ?? "") ||
      key === "" ||
      Number.isNaN(ms) ||
      ringSeconds + durationSeconds > this.seconds
    )
      return;
    const known = this.ends.get(key) ?? [];
    this.ends.set(key, [...known, ms].slice(-MOST_CALLS));
  }

  /** Number of short calls of this number since a time, ms. */
  since(key: string, ms: number): number {
    return (this.ends.get(key) ?? []).filter((end) => end >= ms).length;
  }
}
