/** A pool of values shared by key; a value is kept for a moment after its last user released it. */
import type { Clock, Timer } from "./clock";

/** How long an unused value is kept, ms: longer than a deploy takes to start its nodes, also on a small, busy computer. */
export const LINGER_MS = 5_000;

export interface PoolHandle<T> {
  readonly value: T;
  /** Releases the value. `forGood`: closes it at once if unused. A second call does nothing. */
  release(forGood?: boolean): void;
}

interface Shared<T> {
  value: T;
  users: number;
  lingering: Timer | undefined;
}

/** Returns the same value to all users with the same key. */
export class SharedPool<T> {
  private readonly shared = new Map<string, Shared<T>>();

  constructor(
    private readonly clock: Clock,
    private readonly close: (value: T) => void,
  ) {}

  /** Number of values, used or unused. */
  get size(): number {
    return this.shared.size;
  }

  /** The value under a key, if there is one. */
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
