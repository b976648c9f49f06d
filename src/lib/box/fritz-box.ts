/**
 * Connections to boxes, shared by all configurations. Users of the same box get the same connections; after
 * the last release they are kept for a moment, so that a deploy neither interrupts a call nor drops the
 * phonebooks.
 */
import { defined } from "../core/defined";
import { randomUUID } from "node:crypto";
import type { CallEvent } from "../calls/types";
import { CallMonitor, type CallMonitorOptions, MONITOR_PORT } from "../calls/call-monitor";
import { cleanHost } from "../calls/connection";
import { Feed } from "../calls/event-feed";
import { type PoolHandle, SharedPool } from "../core/shared-pool";
import { HangupAgent } from "../sip/agent";
import type { HangupAgentOptions } from "../sip/agent-types";
import { CallRecovery } from "./recovery";
import type { Store } from "../core/store";
import { Telephony, type TelephonyOptions } from "./telephony";
import { type Clock, systemClock } from "../core/clock";
import { isIpPhone } from "../telephony/phone-codes";

// The calls that `fritz-hangup` ended: a box counts them as answered by an IP phone.

/** The event with the outcome `hungup` if one of the agents ended its call: there was no talk. */
export function markHungUp(event: CallEvent, agents: () => readonly Pick<HangupAgent, "claimEnded">[]): CallEvent {
  const { outcome, direction, extension = 0, caller, recovered, at } = event;
  if (outcome !== "answered" || direction !== "incoming" || !isIpPhone(extension)) return event;
  const listedAtMs = recovered ? Date.parse(at) : undefined;
  const isOurs = agents().some((agent) => agent.claimEnded(caller.number, listedAtMs));
  return isOurs ? { ...event, outcome: "hungup" } : event;
}

/** Events carry the name of each configuration, not the box's. */
export interface BoxOptions extends Omit<CallMonitorOptions, "box"> {
  /** Keeps over restarts what was reported of calls; the first one to open the box brings it. */
  store?: Store;
}

export interface Box {
  readonly monitor: CallMonitor;
  readonly events: Feed<CallEvent>;
  /** Tells what was missed, to those who use it. */
  readonly recovery: CallRecovery;
  /** The calls that went on before a restart are known. */
  readonly ready: Promise<void>;
}

export interface BoxHandle extends Box {
  /** Releases the box. `forGood`: closes at once if unused. A second call does nothing. */
  release(forGood?: boolean): void;
}

/** Registry of the boxes in use: by address, port and time zone; TR-064 also by login. */
export class Boxes {
  private readonly monitors: SharedPool<Box>;
  private readonly telephonies: SharedPool<Telephony>;
  private readonly agents: SharedPool<HangupAgent>;
  /** Agents in use, by the box's address. */
  private readonly agentsAt = new Map<string, Set<HangupAgent>>();

  constructor(private readonly clock: Clock = systemClock) {
    this.monitors = new SharedPool(clock, ({ recovery }) => recovery.stop());
    this.telephonies = new SharedPool(clock, (telephony) => telephony.close());
    this.agents = new SharedPool(clock, (agent) => {
      for (const agents of this.agentsAt.values()) agents.delete(agent);
      void agent.close();
    });
  }

  /** Number of connected boxes, used or unused. */
  get size(): number {
    return this.monitors.size;
  }

  acquire(options: BoxOptions): BoxHandle {
    const handle = this.monitors.acquire(keyOf(options), () => this.open(options));
    return { ...handle.value, release: (forGood) => handle.release(forGood) };
  }

  /** The connection to a box, if it is in use. */
  peek(options: BoxOptions): Box | undefined {
    return this.monitors.peek(keyOf(options));
  }

  /** Phonebooks, call list and so on; no request yet. */
  acquireTelephony(options: Omit<TelephonyOptions, "clock">): PoolHandle<Telephony> {
    return this.telephonies.acquire(JSON.stringify(options), () => new Telephony({ ...options, clock: this.clock }));
  }

  /** The IP phone that ends calls: one for each box and login, shared, registered by its first user. */
  acquireAgent(options: Omit<HangupAgentOptions, "clock">): PoolHandle<HangupAgent> {
    return this.agents.acquire(JSON.stringify(options), () => {
      const agent = new HangupAgent({ ...options, clock: this.clock });
      const at = hostKey(options.host);
      this.agentsAt.set(at, (this.agentsAt.get(at) ?? new Set()).add(agent));
      agent.start();
      return agent;
    });
  }

  /** The IP phones in use at a box. */
  agentsOf(host: string): HangupAgent[] {
    return [...(this.agentsAt.get(hostKey(host)) ?? [])];
  }

  private open({ store, ...options }: BoxOptions): Box {
    const { timeZone = "", clock = this.clock, newId = randomUUID } = options;
    const monitor = new CallMonitor({ ...options, clock, newId, doubtMs: () => recovery.doubtMs });
    const events = new Feed<CallEvent>(this.clock);
    const mark = (event: CallEvent) => markHungUp(event, () => this.agentsOf(options.host));
    const publish = (event: CallEvent) => events.publish(event.recovered ? mark(event) : event);
    const recovery: CallRecovery = new CallRecovery({
      monitor,
      publish,
      clock,
      newId,
      timeZone,
      ...defined({ store }),
    });
    monitor.listen({
      event: (event) => recovery.take(mark(event)),
      // A restarted box has lost its registrations.
      recovered: () => this.agentsOf(options.host).forEach((agent) => agent.refresh()),
    });
    return { monitor, events, recovery, ready: recovery.start() };
  }
}

const hostKey = (host: string) => cleanHost(host).toLowerCase();

/** Two configurations of the same box share one connection, whatever their names. */
function keyOf({ host, port, timeZone }: BoxOptions): string {
  return JSON.stringify([cleanHost(host).toLowerCase(), port ?? MONITOR_PORT, timeZone ?? ""]);
}

/** All boxes of this process, kept over deploys. */
export const boxes = new Boxes();
