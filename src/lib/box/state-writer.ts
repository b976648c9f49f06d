/** Keeps what a restart needs of a box's calls: changes at once, as a kill must not lose them, and all of it a moment later. */
import type { Clock, Timer } from "../core/clock";
import type { Store } from "../core/store";
import { NOTHING_KEPT, type RecoveryChange, type RecoveryState } from "./recovery-state";

/** A change that was noted is safe after this: the disk has time, and a power cut undoes little, ms. */
const SAFE_MS = 500;

/** Saves one state after the other; of those that come while it writes only the last. */
export class StateWriter {
  private writing: Promise<void> | undefined;
  private next: (() => RecoveryState) | undefined;
  private reported = false;
  private later: Timer | undefined;
  /** Since the last save: something was noted; something ended of which nothing is noted yet; so much changed that all is to be saved. */
  private noted = false;
  private stale = false;
  private saveIsDue = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly state: () => RecoveryState,
    /** Once until it works again. */
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Resolves when the change, or all of the state if the store notes nothing, is on the disk, or could not be written. */
  note(change: RecoveryChange | RecoveryState): Promise<void> {
    if (!this.store.note) return this.save();
    this.noted = true;
    this.saveIsDue ||= "memory" in change;
    this.makeSafeSoon();
    return this.store.note(change).catch((error: unknown) => this.missed(error));
  }

  /** Something is over, such as the time of an end that was sent: kept a moment later. */
  noteSoon(): void {
    this.stale = true;
    this.makeSafeSoon();
  }

  private makeSafeSoon(): void {
    this.later ??= this.clock.after(SAFE_MS, () => {
      this.later = undefined;
      void this.makeSafe().catch((error: unknown) => this.missed(error));
    });
  }

  /** Without a rewrite of all that is kept: the card of a small computer wears out. */
  private async makeSafe(): Promise<void> {
    if (this.saveIsDue || !this.store.note || !this.store.sync) return this.save();
    const { open, held, aliveMs = this.clock.now() } = this.state();
    if (this.stale) await this.store.note({ open, held, aliveMs } satisfies RecoveryChange);
    this.noted ||= this.stale;
    this.stale = false;
    if (await this.store.sync()) await this.save();
  }

  /** What the disk did not take is in the next save. */
  private missed(error: unknown): void {
    this.saveIsDue = true;
    this.report(error);
  }

  /** Resolves when the state, as it is then, is on the disk, or could not be written. */
  save(): Promise<void> {
    return this.write(this.state);
  }

  /** Nothing more is kept. */
  forget(): void {
    void this.write(() => NOTHING_KEPT);
  }

  stop(): void {
    if (this.later || this.noted) void this.save();
  }

  private write(state: () => RecoveryState): Promise<void> {
    this.later?.cancel();
    this.later = undefined;
    this.next = state;
    return (this.writing ??= this.writeAll());
  }

  private async writeAll(): Promise<void> {
    while (this.next) {
      const state = this.next();
      this.next = undefined;
      this.noted = this.stale = this.saveIsDue = false;
      try {
        await this.store.save(state);
        this.reported = false;
      } catch (error) {
        this.missed(error);
      }
    }
    this.writing = undefined;
  }

  private report(error: unknown): void {
    if (!this.reported) this.failed(error);
    this.reported = true;
  }
}
