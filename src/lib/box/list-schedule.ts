/** When the call list is asked: one question at a time, again where it failed, and a failure that lasts is reported once. */
import { HOUR_MS, type Clock, type Timer } from "../core/clock";
import { FritzError, type FritzErrorCode } from "../core/errors";
import type { Missed } from "../calls/compare-call-list";

// Calls that are over by the call list, though no line has said so: the line may be on its way.

/** The list may say that a call is over before its line arrives. */
export const OVER_MS = 2_000;

/** Knows since when the list says so. */
export class OverWatch {
  private readonly since = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Those of them that the list has said to be over for long enough. */
  reallyOver(over: readonly Missed[]): Missed[] {
    const now = this.clock.now();
    return over.filter(({ reported }) => {
      const callId = reported?.callId ?? "";
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

export interface ScheduleEvents {
  /** The list cannot be read; once until it could be read again. */
  trouble(error: unknown): void;
  /** With `trouble`: what was missed will not be known soon. */
  failing(): void;
}

/** A box that boots answers after a while; then seldom. */
const RETRY_MS = [2_000, 5_000, 15_000, 60_000, 300_000, 900_000];
/** From so many failures in a row on it is reported. */
const REPORTED_FROM = 4;
/** Asking again changes nothing, and a wrong password locks the login. */
const HOPELESS: readonly FritzErrorCode[] = [
  ...(["box-login", "box-login-needed", "box-certificate", "box-right", "box-no-service", "box-no-action"] as const),
  ...(["calls-off", "box-second-factor", "box-second-factor-blocked", "box-public-address"] as const),
];
const HOPELESS_MS = HOUR_MS;
/** Times that lie closer together are one. */
const CLOSE_MS = 200;

/** Runs `work` at the times asked for. */
export class ListSchedule {
  private due: number[] = [];
  private timer: Timer | undefined;
  private asking = false;
  private failures = 0;
  private reported = false;
  private stopped = false;
  private hopelessUntilMs = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly work: () => Promise<void>,
    private readonly events: ScheduleEvents,
  ) {}

  /** False while asking is of no use. */
  get isUseful(): boolean {
    return this.clock.now() >= this.hopelessUntilMs;
  }

  /** Another login may be there. */
  reset(): void {
    this.hopelessUntilMs = -Infinity;
    this.reported = false;
  }

  /** Asks after each of the times, ms. */
  ask(delays: readonly number[]): void {
    if (!this.isUseful) return;
    const now = this.clock.now();
    for (const delay of delays) {
      if (!this.due.some((at) => at >= now + delay && at < now + delay + CLOSE_MS)) this.due.push(now + delay);
    }
    this.due.sort((a, b) => a - b);
    this.wait();
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private wait(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const [next] = this.due;
    if (next === undefined || this.asking || this.stopped) return;
    this.timer = this.clock.after(Math.max(0, next - this.clock.now()), () => void this.run());
  }

  private async run(): Promise<void> {
    this.asking = true;
    const now = this.clock.now();
    this.due = this.due.filter((at) => at > now);
    try {
      await this.work();
      this.failures = 0;
      this.reported = false;
    } catch (error) {
      this.failed(error);
    } finally {
      this.asking = false;
      this.wait();
    }
  }

  private failed(error: unknown): void {
    const hopeless = error instanceof FritzError && HOPELESS.includes(error.code);
    const retryMs = hopeless ? HOPELESS_MS : (RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] ?? 0);
    this.failures++;
    this.due = [this.clock.now() + retryMs];
    if (hopeless) this.hopelessUntilMs = this.clock.now() + HOPELESS_MS;
    if (this.reported || this.stopped || !(hopeless || this.failures >= REPORTED_FROM)) return;
    this.reported = true;
    this.events.trouble(error);
    this.events.failing();
  }
}
