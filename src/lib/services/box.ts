/**
 * L3 services: one box, shared by all who use it. Whoever acquires the same box gets the same connections; when the last one
 * has gone they linger for a moment, so that a deploy neither cuts a call in half nor forgets the phonebooks.
 */
import type { CallEvent } from "../model/call-event";
import type { Clock } from "../model/ports";
import { systemClock } from "../transport/system-clock";
import { CallMonitor, type CallMonitorOptions, cleanHost, MONITOR_PORT } from "./call-monitor";
import { Feed } from "./feed";
import { type PoolHandle, SharedPool } from "./shared-pool";
import { Telephony, type TelephonyOptions } from "./telephony";

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

/** The registry of the boxes in use: by address, port and time zone; TR-064 also by who logs in. */
export class Boxes {
  private readonly monitors: SharedPool<Box>;
  private readonly telephonies: SharedPool<Telephony>;

  constructor(private readonly clock: Clock = systemClock) {
    this.monitors = new SharedPool(clock, ({ monitor }) => monitor.stop());
    this.telephonies = new SharedPool(clock, (telephony) => telephony.close());
  }

  /** How many boxes are connected or lingering. */
  get size(): number {
    return this.monitors.size;
  }

  acquire(options: BoxOptions): BoxHandle {
    const handle = this.monitors.acquire(keyOf(options), () => this.open(options));
    return { ...handle.value, release: (forGood) => handle.release(forGood) };
  }

  /** The connection to a box that somebody uses now. */
  peek(options: BoxOptions): Box | undefined {
    return this.monitors.peek(keyOf(options));
  }

  /** Phonebooks, call list and the like; nothing is asked of the box yet. */
  acquireTelephony(options: Omit<TelephonyOptions, "clock">): PoolHandle<Telephony> {
    return this.telephonies.acquire(JSON.stringify(options), () => new Telephony({ ...options, clock: this.clock }));
  }

  private open(options: BoxOptions): Box {
    const monitor = new CallMonitor({ clock: this.clock, ...options });
    const events = new Feed<CallEvent>(this.clock);
    monitor.listen({ event: (event) => events.publish(event) });
    monitor.start();
    return { monitor, events };
  }
}

/** Two configurations of the same box share one connection, whatever they call it. */
function keyOf({ host, port, timeZone }: BoxOptions): string {
  return JSON.stringify([cleanHost(host).toLowerCase(), port ?? MONITOR_PORT, timeZone ?? ""]);
}
