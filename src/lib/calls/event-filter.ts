/**
 * Selects the events of a box for one node: own numbers, held-back rings, kinds of events; and counts the
 * line's state from these.
 */
import { ownParty, type CallEvent, type CallEventName } from "./types";
import { isOwnNumber } from "../numbers/index";
import { LineCounter, type LineNow } from "./line-state";

// Holds a ring back for the settle time. The box publishes a RING even for a call that it then rejects in the same second; with a settle time such a call appears only as its `disconnect`.

interface HeldRing {
  event: CallEvent;
  dueMs: number;
}

/** The held rings, oldest first. Start with `NOTHING_HELD`. */
export type HeldRings = readonly HeldRing[];
export const NO_RINGS: HeldRings = [];

export interface ReleasedEvents {
  held: HeldRings;
  /** The events that are due, in order. */
  released: CallEvent[];
}

/**
 * Applies the next event at `nowMs`. With `settleMs` 0 all events pass at once. Events of one call keep their
 * order.
 */
export function holdRing(held: HeldRings, event: CallEvent, nowMs: number, settleMs: number): ReleasedEvents {
  const due = releaseDue(held, nowMs);
  if (settleMs <= 0) return { held: due.held, released: [...due.released, event] };
  const mine = due.held.find((ring) => ring.event.callId === event.callId);
  if (event.event === "ring" && event.direction === "incoming") {
    if (mine) return due; // a repeated RING of this call
    return { held: [...due.held, { event, dueMs: nowMs + settleMs }], released: due.released };
  }
  const rest = due.held.filter((ring) => ring !== mine);
  const ring = mine && event.event === "connect" ? [mine.event] : [];
  return { held: rest, released: [...due.released, ...ring, event] };
}

/** Releases the rings that are due at `nowMs` (Infinity: all). */
export function releaseDue(held: HeldRings, nowMs: number): ReleasedEvents {
  return {
    held: held.filter((ring) => ring.dueMs > nowMs),
    released: held.filter((ring) => ring.dueMs <= nowMs).map((ring) => ring.event),
  };
}

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
