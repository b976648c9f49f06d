/**
 * Holds a ring back for the settle time. The box publishes a RING even for a call that it then rejects in the
 * same second; with a settle time such a call appears only as its `disconnect`.
 */
import type { CallEvent } from "./types";

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
