/** Looks from time to time where the box and this computer are: another address needs new sockets. */
import type { Clock, Timer } from "../core/clock";
import type { Place } from "./link";
import { afterElapsed } from "./wake";

/** ms */
const LOOK_MS = 30_000;

/** Looks until it is stopped. */
export class PlaceWatch {
  private timer: Timer | undefined;
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly find: () => Promise<Place>,
    private readonly found: (place: Place) => void,
  ) {}

  start(): void {
    this.timer = afterElapsed(this.clock, LOOK_MS, () => void this.look());
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private async look(): Promise<void> {
    const place = await this.find().catch(() => undefined);
    if (this.stopped) return;
    if (place) this.found(place);
    this.start();
  }
}
