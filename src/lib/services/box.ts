/**
 * L3 services: one box, shared by all who use it. Whoever acquires the same box gets the same connection; when the last one
 * has gone it lingers for a moment, so that a deploy neither cuts a call in half nor misses a ring.
 */
import type { CallEvent } from "../model/call-event";
import type { Clock, Timer } from "../model/ports";
import { systemClock } from "../transport/system-clock";
import { CallMonitor, type CallMonitorOptions, cleanHost, MONITOR_PORT } from "./call-monitor";
import { Feed } from "./feed";

/** How long a box without users stays connected, ms: longer than a deploy takes, too short to be noticed. */
export const LINGER_MS = 2_000;

/** The name in the events is not the box's, but that of each configuration. */
export type BoxOptions = Omit<CallMonitorOptions, "box">;

export interface Box {
  readonly monitor: CallMonitor;
  readonly events: Feed<CallEvent>;
}

export interface BoxHandle extends Box {
  /** Gives the box back. `forGood`: do not linger. Doing it twice does no harm. */
  release(forGood?: boolean): void;
}

interface SharedBox extends Box {
  users: number;
  lingering: Timer | undefined;
}

/** The registry of the boxes in use, by address, port and time zone. */
export class Boxes {
  private readonly shared = new Map<string, SharedBox>();

  constructor(private readonly clock: Clock = systemClock) {}

  /** How many boxes are connected or lingering. */
  get size(): number {
    return this.shared.size;
  }

  acquire(options: BoxOptions): BoxHandle {
    const key = keyOf(options);
    const box = this.shared.get(key) ?? this.open(key, options);
    box.users++;
    box.lingering?.cancel();
    box.lingering = undefined;
    let held = true;
    return {
      monitor: box.monitor,
      events: box.events,
      release: (forGood = false) => {
        if (!held) return;
        held = false;
        if (--box.users > 0) return;
        if (forGood) this.close(key, box);
        else box.lingering = this.clock.after(LINGER_MS, () => this.close(key, box));
      },
    };
  }

  private open(key: string, options: BoxOptions): SharedBox {
    const monitor = new CallMonitor({ clock: this.clock, ...options });
    const events = new Feed<CallEvent>(this.clock);
    monitor.listen({ event: (event) => events.publish(event) });
    monitor.start();
    const box: SharedBox = { monitor, events, users: 0, lingering: undefined };
    this.shared.set(key, box);
    return box;
  }

  private close(key: string, box: SharedBox): void {
    box.monitor.stop();
    this.shared.delete(key);
  }
}

/** Two configurations of the same box share one connection, whatever they call it. */
function keyOf({ host, port, timeZone }: BoxOptions): string {
  return JSON.stringify([cleanHost(host).toLowerCase(), port ?? MONITOR_PORT, timeZone ?? ""]);
}
