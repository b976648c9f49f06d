/** L3 services: the call monitor of one box: one connection, bytes -> lines -> events of calls. */
import { randomUUID } from "node:crypto";
import { boxTimeReader, type ReadBoxTime } from "../domain/box-time";
import { NO_CALLS, trackLine, type TrackerState } from "../domain/call-tracker";
import type { CallEvent } from "../model/call-event";
import type { LineFailure } from "../model/monitor-line";
import type { Clock, Dial } from "../model/ports";
import type { MonitorProblem } from "../model/problems";
import { parseLine } from "../protocol/call-monitor-line";
import { type Framed, LineFramer } from "../protocol/line-framer";
import { dialTcp } from "../transport/dial-tcp";
import { systemClock } from "../transport/system-clock";
import { isolated } from "./isolated";
import { ConnectionKeeper, type LinkState } from "./connection-keeper";

export interface CallMonitorOptions {
  /** Name or address of the box; "http://fritz.box/" is understood, too. */
  host: string;
  /** TCP port of the call monitor; AVM's is 1012. */
  port?: number;
  /** IANA time zone of the box's clock; "" = this computer's. One that does not exist is a RangeError. */
  timeZone?: string;
  /** The box's name in the events; default is the host. */
  box?: string;
  /** For tests: time, the way to the box, chance and ids. */
  clock?: Clock;
  dial?: Dial;
  random?: () => number;
  newId?: () => string;
}

/** What a call monitor tells. Each is optional. */
export interface CallMonitorListener {
  event?(event: CallEvent): void;
  /** A line that is no event, with its raw text. */
  failure?(failure: LineFailure): void;
  state?(state: LinkState): void;
  /** Once an outage. */
  outage?(problem: MonitorProblem): void;
  recovered?(downMs: number): void;
}

export const MONITOR_PORT = 1012;

/** What people paste from a browser's address line -> host. */
export function cleanHost(host: string): string {
  return host
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/[/?#].*$/, "")
    .replace(/^([^:]+):\d*$/, "$1")
    .replace(/^\[(.*)\]$/, "$1");
}

/**
 * Listens to one box for ever. It needs no login. Open calls are remembered over reconnects, so that the end of a call that
 * was going on meanwhile still knows its caller.
 */
export class CallMonitor {
  readonly box: string;
  /** When the last event came, ms since 1970. */
  lastEventMs: number | undefined;
  private readonly listeners = new Set<CallMonitorListener>();
  private readonly keeper: ConnectionKeeper;
  private readonly clock: Clock;
  private readonly readTime: ReadBoxTime;
  private readonly newId: () => string;
  private framer = new LineFramer();
  private calls: TrackerState = NO_CALLS;

  constructor(options: CallMonitorOptions) {
    const target = { host: cleanHost(options.host), port: options.port ?? MONITOR_PORT };
    this.box = options.box ?? target.host;
    this.clock = options.clock ?? systemClock;
    this.readTime = boxTimeReader(options.timeZone ?? "");
    this.newId = options.newId ?? randomUUID;
    this.keeper = new ConnectionKeeper(
      options.dial ?? dialTcp(target),
      target,
      this.clock,
      options.random ?? Math.random,
      {
        opened: () => (this.framer = new LineFramer()),
        received: (chunk) => this.take(this.framer.push(chunk)),
        closed: () => this.take(this.framer.end()),
        changed: (state) => this.tell((listener) => listener.state?.(state)),
        outage: (problem) => this.tell((listener) => listener.outage?.(problem)),
        recovered: (downMs) => this.tell((listener) => listener.recovered?.(downMs)),
      },
    );
  }

  get state(): LinkState {
    return this.keeper.state;
  }

  start(): void {
    this.keeper.start();
  }

  stop(): void {
    this.keeper.stop();
  }

  /** Returns the function that takes the listener off again. */
  listen(listener: CallMonitorListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private take(framed: Framed[]): void {
    for (const line of framed) {
      if (this.state.phase === "stopped") return;
      const parsed = typeof line === "string" ? parseLine(line) : line;
      if (parsed.ok) {
        const context = { box: this.box, readTime: this.readTime, newId: this.newId, arrivedMs: this.clock.now() };
        const tracked = trackLine(this.calls, parsed, context);
        this.calls = tracked.state;
        this.lastEventMs = context.arrivedMs;
        this.tell((listener) => listener.event?.(tracked.event));
      } else if (parsed.reason !== "empty") {
        this.tell((listener) => listener.failure?.(parsed));
      }
    }
  }

  private tell(say: (listener: CallMonitorListener) => void): void {
    for (const listener of [...this.listeners]) isolated(() => say(listener));
  }
}
