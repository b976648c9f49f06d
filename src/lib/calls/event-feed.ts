/**
 * Delivers events to readers that come and go. A reader that is removed and comes back within moments, as
 * every node does in a deploy, receives the events of the meantime once and in order.
 */
import type { Clock } from "../core/clock";
import { safeCall } from "../core/async";

interface Reader<T> {
  /** The number of its next item. */
  next: number;
  /** Items that it took before it left, and did not use. */
  again: T[];
  holding: boolean;
  busy: boolean;
  take: (item: T) => void;
}

/**
 * How long the place of an absent reader is kept, ms: longer than Node-RED waits for a node that is slow to
 * close (15 s).
 */
export const KEEP_MS = 20_000;
/** Upper bound, far more than a box sends in that time. */
const KEEP_MOST = 10_000;

export interface Subscription<T> {
  /** Queues items from now on. */
  hold(): void;
  /** Delivers queued items and continues with new ones. */
  flow(): void;
  /**
   * Removes the reader but keeps its place for a moment. `unused` items are delivered again on its return.
   */
  leave(unused?: readonly T[]): void;
}

/**
 * Delivers each item to every reader once, in order; keeps items while a reader holds or is absent for a
 * moment.
 */
export class Feed<T> {
  private items: T[] = [];
  /** The number of the first item kept; numbers are never reused. */
  private first = 0;
  private readonly readers = new Set<Reader<T>>();
  private readonly places = new Map<string, { next: number; leftMs: number; unused: readonly T[] }>();

  constructor(private readonly clock: Clock) {}

  private get end(): number {
    return this.first + this.items.length;
  }

  publish(item: T): void {
    this.items.push(item);
    for (const reader of [...this.readers]) this.deliver(reader);
    this.forget();
  }

  /** Adds a reader, which holds until `flow` is called. `id` identifies it over deploys. */
  join(id: string, take: (item: T) => void): Subscription<T> {
    this.forget();
    const place = this.places.get(id);
    const again = [...(place?.unused ?? [])];
    const reader: Reader<T> = { next: place?.next ?? this.end, again, holding: true, busy: false, take };
    this.places.delete(id);
    this.readers.add(reader);
    return {
      hold: () => (reader.holding = true),
      flow: () => {
        reader.holding = false;
        this.deliver(reader);
      },
      leave: (unused = []) => {
        if (!this.readers.delete(reader)) return;
        this.places.set(id, { next: reader.next, leftMs: this.clock.now(), unused: [...unused, ...reader.again] });
      },
    };
  }

  private deliver(reader: Reader<T>): void {
    if (reader.busy) return; // called by the reader itself: the loop below goes on
    reader.busy = true;
    const waiting = () => reader.again.length > 0 || reader.next < this.end;
    while (!reader.holding && this.readers.has(reader) && waiting()) {
      const item = this.nextFor(reader);
      safeCall(() => reader.take(item));
    }
    reader.busy = false;
  }

  private nextFor(reader: Reader<T>): T {
    if (reader.again.length > 0) return reader.again.shift() as T;
    reader.next = Math.max(reader.next, this.first);
    return this.items[reader.next++ - this.first] as T;
  }

  private forget(): void {
    const old = this.clock.now() - KEEP_MS;
    for (const [id, place] of this.places) if (place.leftMs < old) this.places.delete(id);
    let slowest = this.end;
    for (const { next } of this.readers) slowest = Math.min(slowest, next);
    for (const { next } of this.places.values()) slowest = Math.min(slowest, next);
    const droppable = Math.max(slowest - this.first, this.items.length - KEEP_MOST);
    if (droppable <= 0) return;
    this.items.splice(0, droppable);
    this.first += droppable;
  }
}
