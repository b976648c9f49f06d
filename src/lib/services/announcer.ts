/** L3 services: which events of a box a reader wants to hear, and when: own numbers, held-back rings, kinds of event. */
import { NOTHING_HELD, releaseDue, settle, type Settled, type Settling } from "../domain/settle";
import { isOwnNumber } from "../domain/same-number";
import type { CallEvent, CallEventName } from "../model/call-event";

export interface AnnouncerOptions {
  events: readonly CallEventName[];
  /** Own numbers to hear of; empty = all. */
  numbers: readonly string[];
  /** How long a ring is held back, ms; 0 = not at all. */
  settleMs: number;
}

/** The time is the caller's: the clock's for live events, the events' own in a replay. */
export class Announcer {
  private held: Settling = NOTHING_HELD;

  constructor(private readonly options: AnnouncerOptions) {}

  /** Takes the next event of the box; gives those to be sent now, in order. */
  take(event: CallEvent, nowMs: number): CallEvent[] {
    if (!this.concerns(event)) return [];
    return this.pass(settle(this.held, event, nowMs, this.options.settleMs));
  }

  /** The rings whose time has come; with Infinity all of them. */
  due(nowMs: number): CallEvent[] {
    return this.pass(releaseDue(this.held, nowMs));
  }

  /** The rings held back now, oldest first. */
  get unsent(): CallEvent[] {
    return this.held.map(({ event }) => event);
  }

  /** When the next held ring is due, or undefined if none is held. */
  get nextDueMs(): number | undefined {
    return this.held[0]?.dueMs;
  }

  private pass({ held, released }: Settled): CallEvent[] {
    this.held = held;
    return released.filter(({ event }) => this.options.events.includes(event));
  }

  private concerns(event: CallEvent): boolean {
    const own = event.direction === "incoming" ? event.called : event.caller;
    return this.options.numbers.length === 0 || isOwnNumber(own.number, this.options.numbers);
  }
}
