/**
 * L3 services: hands events to readers that come and go. A reader that is taken away and comes back within moments, as every
 * node does in a deploy, gets what happened meanwhile, once and in order.
 */
import type { Clock } from "../model/ports";
import { isolated } from "./isolated";

interface Reader<T> {
  /** The number of the item that it gets next. */
  next: number;
  /** What it took before it went, and did not use. */
  again: T[];
  holding: boolean;
  busy: boolean;
  take: (item: T) => void;
}

/** How long a reader may be away, ms: longer than Node-RED waits for a node that is slow to close (15 s). */
export const KEEP_MS = 20_000;
/** More than a box sends in that time by far; a bound for garbage. */
const KEEP_MOST = 10_000;

export interface Subscription<T> {
  /** From now on items wait. */
  hold(): void;
  /** Delivers what waited and whatever comes. */
  flow(): void;
  /** The reader goes; its place is kept for a moment. What it took but did not use waits for its return. */
  leave(unused?: readonly T[]): void;
}

/** Items in order, each to every reader once; kept while a reader holds or is away for a moment. */
export class Feed<T> {
  private items: T[] = [];
  /** The number of the first item kept; numbers count on for ever. */
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

  /** Adds a reader, holding until it says `flow`. `id` names it over deploys. */
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
      isolated(() => reader.take(item));
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
    const slowest = Math.min(...[...this.readers, ...this.places.values()].map(({ next }) => next), this.end);
    const droppable = Math.max(slowest - this.first, this.items.length - KEEP_MOST);
    if (droppable <= 0) return;
    this.items.splice(0, droppable);
    this.first += droppable;
  }
}
