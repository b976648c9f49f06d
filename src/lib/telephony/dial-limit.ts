/** Limits dials per hour, also over restarts, so that a loop in a flow cannot call all night. */
import { ofLastHour } from "../core/time";
import type { Clock } from "../core/clock";
import { FritzError } from "../core/errors";
import { serialize } from "../core/async";
import type { Store } from "../core/store";
import { loadKeptList } from "../core/kept-value";

/** Stores the times of the last hour, and no number. */
export class DialLimit {
  private times: number[] | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Counts one dial, or rejects with `dial-limit`. Saves the count before the dial. */
  use(perHour: number): Promise<void> {
    return serialize(this, async () => {
      const now = this.clock.now();
      const times = ofLastHour(this.times ?? (await this.load()), now);
      if (times.length >= perHour) throw new FritzError("dial-limit", { perHour });
      try {
        await this.store.save({ times: [...times, now] });
      } catch {
        throw new FritzError("dial-store");
      }
      this.times = [...times, now];
    });
  }

  private load(): Promise<number[]> {
    return loadKeptList(this.store, "times", isTime, "dial-store");
  }
}

const isTime = (ms: unknown) => typeof ms === "number";
