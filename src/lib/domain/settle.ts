/**
 * L1 domain: holds a ring back until it is clear that the house really rings. The box publishes the ring of a call that it
 * then rejects in the same second; with a settle time such a call shows only as its `disconnect`.
 */
import type { CallEvent } from "../model/call-event";

interface HeldRing {
  event: CallEvent;
  dueMs: number;
}

/** The rings held back, oldest first. Start with `NOTHING_HELD`. */
export type Settling = readonly HeldRing[];
export const NOTHING_HELD: Settling = [];

export interface Settled {
  held: Settling;
  /** What may go on, in order. */
  released: CallEvent[];
}

/** Takes the next event at `nowMs`. With `settleMs` 0 everything passes at once. Events of one call never overtake. */
export function settle(held: Settling, event: CallEvent, nowMs: number, settleMs: number): Settled {
  const due = releaseDue(held, nowMs);
  if (settleMs <= 0) return { held: due.held, released: [...due.released, event] };
  const mine = due.held.find((ring) => ring.event.callId === event.callId);
  if (event.event === "ring" && event.direction === "incoming") {
    if (mine) return due; // the same ring again
    return { held: [...due.held, { event, dueMs: nowMs + settleMs }], released: due.released };
  }
  const rest = due.held.filter((ring) => ring !== mine);
  const ring = mine && event.event === "connect" ? [mine.event] : [];
  return { held: rest, released: [...due.released, ...ring, event] };
}

/** Lets go what has been held long enough at `nowMs` (Infinity: everything). */
export function releaseDue(held: Settling, nowMs: number): Settled {
  return {
    held: held.filter((ring) => ring.dueMs > nowMs),
    released: held.filter((ring) => ring.dueMs <= nowMs).map((ring) => ring.event),
  };
}
