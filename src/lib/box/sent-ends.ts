/**
 * Sends events, and keeps each end until the flows have handled it: a program that is killed before has kept it, and sends it
 * again when it is started.
 */
import type { CallEvent } from "../calls/types";
import type { Clock, Timer } from "../core/clock";
import { HANDLED_MS } from "./recovery-state";

// Ends of calls that are kept for a while, and those that were reported from the call list a moment ago.

/** So long an end that is not certain is held back. */
export const HOLD_MS = 15_000;
const MOST_RECENT = 50;
const RECENT_MS = HOLD_MS + 15_000;

/** Each end is given back when its time is up, unless it was removed. */
export class TimedEnds {
  private readonly held = new Map<string, { event: CallEvent; timer: Timer }>();

  constructor(
    private readonly clock: Clock,
    private readonly keepMs: number,
    private readonly released: (event: CallEvent) => void,
  ) {}

  get events(): CallEvent[] {
    return [...this.held.values()].map(({ event }) => event);
  }

  add(event: CallEvent): void {
    this.remove(event.callId);
    const timer = this.clock.after(this.keepMs, () => {
      this.held.delete(event.callId);
      this.released(event);
    });
    this.held.set(event.callId, { event, timer });
  }

  remove(callId: string): void {
    this.held.get(callId)?.timer.cancel();
    this.held.delete(callId);
  }

  clear(): void {
    this.stop();
    this.held.clear();
  }

  /** They stay, but are not given back any more. */
  stop(): void {
    for (const { timer } of this.held.values()) timer.cancel();
  }
}

/** Calls that were reported from the list; the line of such an end may come afterwards. */
export class JustReported {
  private recent: { event: CallEvent; reportedMs: number }[] = [];

  constructor(private readonly clock: Clock) {}

  add(events: readonly CallEvent[]): void {
    const reportedMs = this.clock.now();
    this.recent = [...this.recent, ...events.map((event) => ({ event, reportedMs }))].slice(-MOST_RECENT);
  }

  /** Whether the end, of which nothing but its length is known, is of one of them; each takes one. */
  takes({ partial, caller, called, durationSeconds = 0 }: CallEvent): boolean {
    if (!partial || caller.number !== "" || called.number !== "") return false;
    const since = this.clock.now() - RECENT_MS;
    const minutes = Math.ceil(durationSeconds / 60);
    const twin = this.recent.find(
      (one) => one.reportedMs >= since && minutes === (one.event.durationSeconds ?? 0) / 60,
    );
    this.recent = this.recent.filter((one) => one !== twin);
    return twin !== undefined;
  }
}

/** So long after the start ends are sent again: the flows run by then. */
const REPEAT_MS = 1_000;

/** Its `events` must outlast the program. */
export class SentEnds {
  private readonly sent: TimedEnds;
  private again: CallEvent[] = [];
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly publish: (event: CallEvent) => void,
    /** Ends were handled. */
    handled: () => void,
  ) {
    this.sent = new TimedEnds(clock, HANDLED_MS, handled);
  }

  /** Ends that flows may not have handled yet. */
  get events(): CallEvent[] {
    return [...this.again, ...this.sent.events];
  }

  /** At the start: what a killed program had kept. */
  restore(events: readonly CallEvent[]): void {
    this.again = [...events];
    this.timer = this.clock.after(REPEAT_MS, () => {
      const { again } = this;
      this.again = [];
      for (const event of again) this.send({ ...event, repeated: true });
    });
  }

  send(event: CallEvent): void {
    if (event.event === "disconnect") this.sent.add(event);
    this.publish(event);
  }

  /** As `send`, for events that are kept before the first one goes out. */
  async sendKept(events: readonly CallEvent[], keep: () => Promise<void> | undefined): Promise<void> {
    for (const event of events) this.sent.add(event);
    await keep();
    for (const event of events) this.publish(event);
  }

  /** All was handled, or is not wanted any more. */
  clear(): void {
    this.stop();
    this.again = [];
    this.sent.clear();
  }

  stop(): void {
    this.timer?.cancel();
    this.sent.stop();
  }
}
