/** L3 services: things that several users share by what they are, and that linger for a moment when the last one has gone. */
import type { Clock, Timer } from "../model/ports";

/** How long something without users is kept, ms: longer than a deploy takes, too short to be noticed. */
export const LINGER_MS = 2_000;

export interface PoolHandle<T> {
  readonly value: T;
  /** Gives it back. `forGood`: do not linger. Doing it twice does no harm. */
  release(forGood?: boolean): void;
}

interface Shared<T> {
  value: T;
  users: number;
  lingering: Timer | undefined;
}

/** Whoever acquires with the same key gets the same thing. */
export class SharedPool<T> {
  private readonly shared = new Map<string, Shared<T>>();

  constructor(
    private readonly clock: Clock,
    private readonly close: (value: T) => void,
  ) {}

  /** How many things are in use or lingering. */
  get size(): number {
    return this.shared.size;
  }

  /** What is there already under a key. */
  peek(key: string): T | undefined {
    return this.shared.get(key)?.value;
  }

  acquire(key: string, open: () => T): PoolHandle<T> {
    let one = this.shared.get(key);
    if (!one) this.shared.set(key, (one = { value: open(), users: 0, lingering: undefined }));
    const mine = one;
    mine.users++;
    mine.lingering?.cancel();
    mine.lingering = undefined;
    let held = true;
    return {
      value: mine.value,
      release: (forGood = false) => {
        if (!held) return;
        held = false;
        if (--mine.users > 0) return;
        if (forGood) this.end(key, mine);
        else mine.lingering = this.clock.after(LINGER_MS, () => this.end(key, mine));
      },
    };
  }

  private end(key: string, { value }: Shared<T>): void {
    this.shared.delete(key);
    this.close(value);
  }
}
