/** L3 services: counts the short calls of a number: who lets it ring once, again and again, wants to be called back. */
import type { CallEvent } from "../model/call-event";

/** A bound, so that garbage cannot fill the memory. */
const MOST_NUMBERS = 1_000;
const MOST_CALLS = 50;

/** The short calls of the last numbers; forgotten when Node-RED restarts. */
export class ShortCalls {
  /** Key -> when its short calls ended, ms; the number that called last is the last. */
  private readonly ends = new Map<string, number[]>();

  /** `seconds`: a call that rang and talked no longer is short. */
  constructor(private readonly seconds: number) {}

  /** Takes the end of an incoming call. */
  ended(key: string, { ringSeconds = 0, durationSeconds = 0, at }: CallEvent): void {
    const ms = Date.parse(at);
    if (key === "" || Number.isNaN(ms) || ringSeconds + durationSeconds > this.seconds) return;
    const known = this.ends.get(key) ?? [];
    this.ends.delete(key);
    this.ends.set(key, [...known, ms].slice(-MOST_CALLS));
    const [oldest] = this.ends.keys();
    if (this.ends.size > MOST_NUMBERS && oldest !== undefined) this.ends.delete(oldest);
  }

  /** How many short calls of the number ended since then, ms. */
  since(key: string, ms: number): number {
    return (this.ends.get(key) ?? []).filter((end) => end >= ms).length;
  }
}
