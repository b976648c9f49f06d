/** Which calls were ended by the agent: the box counts them as answered. */
import { MINUTE_MS } from "../core/clock";
import { sameNumber } from "../numbers/index";

/** The call monitor reports the end of a call within this time, ms. */
const LIVE_MS = MINUTE_MS;
/** The box's call list knows the time of a call to the minute, and its duration in whole minutes, ms. */
const LISTED_MS = 3 * MINUTE_MS;
const MOST = 100;

/** The last calls that were answered in order to end them. */
export class EndedCalls {
  private calls: { number: string; atMs: number }[] = [];

  add(number: string, atMs: number): void {
    this.calls = [...this.calls, { number, atMs }].slice(-MOST);
  }

  /**
   * Whether one of them has this number: one of the last minute, or of the time that the call list gives. Each counts once: a
   * second call of the number was answered by a person.
   */
  claim(number: string, nowMs: number, listedAtMs?: number): boolean {
    const isNear = (atMs: number) =>
      listedAtMs === undefined ? atMs > nowMs - LIVE_MS : Math.abs(atMs - listedAtMs) < LISTED_MS;
    const found = this.calls.find((one) => isNear(one.atMs) && sameNumber(one.number, number));
    this.calls = this.calls.filter((one) => one !== found);
    return found !== undefined;
  }
}
