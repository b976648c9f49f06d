/**
 * L3 services: hands events to readers that come and go. A reader that is taken away and comes back within moments, as every
 * node does in a deploy, gets what happened meanwhile, once and in order.
 */
import type { Clock } from "../model/ports";

interface Entry<T> {
  seq: number;
  atMs: number;
  item: T;
}

interface Reader<T> {
  next: number;
  holding: boolean;
  take: (item: T) => void;
}

/** How long a reader may be away, ms. */
export const KEEP_MS = 5_000;
/** More than a box sends in that time by far; a bound for garbage. */
const KEEP_MOST = 10_000;

export interface Subscription {
  /** From now on items wait. */
  hold(): void;
  /** Delivers what waited and whatever comes. */
  flow(): void;
  /** The reader goes; its place is kept for a moment. */
  leave(): void;
}

export class Feed<T> {
  private entries: Entry<T>[] = [];
  private nextSeq = 0;
  private readonly readers = new Set<Reader<T>>();
  private readonly places = new Map<string, { next: number; leftMs: number }>();

  constructor(private readonly clock: Clock) {}

  publish(item: T): void {
    this.entries.push({ seq: this.nextSeq++, atMs: this.clock.now(), item });
    for (const reader of [...this.readers]) this.deliver(reader);
    this.forget();
  }

  /** Adds a reader, holding until it says `flow`. `id` names it over deploys. */
  join(id: string, take: (item: T) => void): Subscription {
    this.forget();
    const reader: Reader<T> = { next: this.places.get(id)?.next ?? this.nextSeq, holding: true, take };
    this.places.delete(id);
    this.readers.add(reader);
    return {
      hold: () => (reader.holding = true),
      flow: () => {
        reader.holding = false;
        this.deliver(reader);
      },
      leave: () => {
        if (this.readers.delete(reader)) this.places.set(id, { next: reader.next, leftMs: this.clock.now() });
      },
    };
  }

  private deliver(reader: Reader<T>): void {
    if (reader.holding) return;
    const first = this.entries[0]?.seq ?? this.nextSeq;
    for (let i = Math.max(0, reader.next - first); i < this.entries.length && !reader.holding; i++) {
      const entry = this.entries[i];
      if (entry === undefined || !this.readers.has(reader)) return;
      reader.next = entry.seq + 1;
      reader.take(entry.item);
    }
  }

  private forget(): void {
    const old = this.clock.now() - KEEP_MS;
    for (const [id, place] of this.places) if (place.leftMs < old) this.places.delete(id);
    const slowest = Math.min(...[...this.readers, ...this.places.values()].map((reader) => reader.next), this.nextSeq);
    const first = this.entries[0]?.seq ?? this.nextSeq;
    const droppable = Math.max(slowest - first, this.entries.length - KEEP_MOST);
    if (droppable > 0) this.entries.splice(0, droppable);
  }
}
