/**
 * Sends events, and keeps each end until the flows have handled it: a program that is killed before has kept it, and sends it
 * again when it is started.
 */
import type { CallEvent } from "../calls/types";
import type { Clock, Timer } from "../core/clock";
import { TimedEnds } from "./held-ends";
import { HANDLED_MS } from "./recovery-state";

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
