/**
 * Selects the events of a box for one node: own numbers, held-back rings, kinds of events; and counts the
 * line's state from these.
 */
import { ownParty } from "./event-shape";
import { holdRing, NO_RINGS, releaseDue, type ReleasedEvents, type HeldRings } from "./hold-ring";
import { isOwnNumber } from "../numbers/index";
import { LineCounter, type LineNow } from "./line-state";
import type { CallEvent, CallEventName } from "./types";

export interface EventFilterOptions {
  /** With "state", `FilteredEvent.changed` leads to a message. */
  events: readonly (CallEventName | "state")[];
  /** Own numbers to select; empty = all. */
  numbers: readonly string[];
  /** How long a ring is held back, ms; 0 = not at all. */
  settleMs: number;
}

/** An event that is due. */
export interface FilteredEvent {
  event: CallEvent;
  /** State of the line after the event, counted over the selected calls. */
  line: LineNow;
  /** Its kind is one of the selected ones. */
  wanted: boolean;
  /** The state of the line differs from the one before. */
  changed: boolean;
}

/** Time is a parameter: the clock's for live events, the events' own in a replay. */
export class EventFilter {
  private held: HeldRings = NO_RINGS;
  private before = "";

  /** `counter`: the state of the line from before. */
  constructor(
    private readonly options: EventFilterOptions,
    private readonly counter = new LineCounter(),
  ) {}

  /** Takes the next event of the box; returns the events that are due, in order. */
  take(event: CallEvent, nowMs: number): FilteredEvent[] {
    if (!concerns(event, this.options.numbers)) return [];
    return this.pass(holdRing(this.held, event, nowMs, this.options.settleMs));
  }

  /** Returns the rings that are due; with Infinity all of them. */
  due(nowMs: number): FilteredEvent[] {
    return this.pass(releaseDue(this.held, nowMs));
  }

  /** The held rings, oldest first. */
  get unsent(): CallEvent[] {
    return this.held.map(({ event }) => event);
  }

  /** When the next held ring is due, or undefined if none is held. */
  get nextDueMs(): number | undefined {
    return this.held[0]?.dueMs;
  }

  private pass({ held, released }: ReleasedEvents): FilteredEvent[] {
    this.held = held;
    return released.map((event) => {
      const line = this.counter.count(event);
      const text = `${line.open.ringing} ${line.open.dialling} ${line.open.talking}`;
      const changed = text !== this.before;
      this.before = text;
      return { event, line, wanted: this.options.events.includes(event.event), changed };
    });
  }
}

/** Whether a call goes over one of the own numbers; empty = all. */
export function concerns(
  call: Pick<CallEvent, "direction" | "caller" | "called">,
  numbers: readonly string[],
): boolean {
  return numbers.length === 0 || isOwnNumber(ownParty(call).number, numbers);
}
