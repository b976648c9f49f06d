/** The call monitor of one box: a connection whose bytes become lines and whose lines become call events. */
import { randomUUID } from "node:crypto";
import { boxTimeReader, isoAt, type ReadBoxTime } from "./box-time";
import { endUnheard, NO_CALLS, nextDueMs, type OpenCall, trackLine, type TrackerState } from "./call-tracker";
import { doubtCalls, extendDoubt } from "./open-call";
import { type Sign, LimitTimer } from "./unheard-end";
import type { CallEvent } from "./types";
import type { LineFailure } from "./monitor-line";
import { type MonitorProblem, cleanHost, type Dial } from "./connection";
import { parseLine } from "./parse-line";
import { type Framed, LineFramer } from "./line-framer";
import { dialTcp } from "./tcp-connection";
import { safeCall } from "../core/async";
import { ReconnectingConnection, type LinkState } from "./reconnecting-connection";
import { type Clock, systemClock } from "../core/clock";

export interface CallMonitorOptions {
  /** Name or address of the box; a URL such as "http://fritz.box/" is accepted, too. */
  host: string;
  /** TCP port of the call monitor; AVM's is 1012. */
  port?: number;
  /** IANA time zone of the box's clock; "" = this computer's. One that does not exist is a RangeError. */
  timeZone?: string;
  /** The box's name in the events; default is the host. */
  box?: string;
  /** Dependencies that a test may replace: time, connection, random numbers and ids. */
  clock?: Clock;
  dial?: Dial;
  random?: () => number;
  newId?: () => string;
  /** So long after a suspected restart of the box calls are kept that nothing confirms, ms; default: they end at once. */
  doubtMs?: () => number;
}

/** Callbacks of a call monitor, all optional. */
export interface CallMonitorListener {
  event?(event: CallEvent): void;
  /** A line that is no event, with its raw text. */
  failure?(failure: LineFailure): void;
  state?(state: LinkState): void;
  /** Once for each outage. */
  outage?(problem: MonitorProblem): void;
  recovered?(downMs: number): void;
}

export const MONITOR_PORT = 1012;

/**
 * Receives the call events of one box, without login. Keeps open calls over reconnects, so that the end of a
 * call that continued meanwhile still has its caller.
 */
export class CallMonitor {
  readonly box: string;
  /** When the last event came, ms since 1970. */
  lastEventMs: number | undefined;
  private readonly listeners = new Set<CallMonitorListener>();
  private readonly connection: ReconnectingConnection;
  private readonly clock: Clock;
  private readonly readTime: ReadBoxTime;
  private readonly newId: () => string;
  private readonly timeZone: string;
  private readonly doubtMs: () => number;
  private framer = new LineFramer();
  private readonly limit: LimitTimer;
  private restarted = false;
  private calls: TrackerState = NO_CALLS;

  constructor(options: CallMonitorOptions) {
    const target = { host: cleanHost(options.host), port: options.port ?? MONITOR_PORT };
    this.box = options.box ?? target.host;
    this.clock = options.clock ?? systemClock;
    this.limit = new LimitTimer(this.clock, () => this.end({ nowMs: this.clock.now() }));
    this.timeZone = options.timeZone ?? "";
    this.readTime = boxTimeReader(this.timeZone);
    this.newId = options.newId ?? randomUUID;
    this.doubtMs = options.doubtMs ?? (() => 0);
    this.connection = new ReconnectingConnection(
      options.dial ?? dialTcp(target),
      target,
      this.clock,
      options.random ?? Math.random,
      {
        opened: () => {
          this.framer = new LineFramer();
          if (this.restarted) this.suspectRestart();
          this.restarted = false;
        },
        received: (chunk) => this.take(this.framer.push(chunk)),
        closed: () => this.take(this.framer.end()),
        changed: (state) => {
          // A port that refuses after it was open belongs to a rebooting box: its calls are gone, most likely.
          if (state.phase === "waiting" && state.problem.code === "restarting") this.restarted = true;
          this.notify((listener) => listener.state?.(state));
        },
        outage: (problem) => this.notify((listener) => listener.outage?.(problem)),
        recovered: (downMs) => this.notify((listener) => listener.recovered?.(downMs)),
      },
    );
  }

  get state(): LinkState {
    return this.connection.state;
  }

  /** The open calls, as their last events, oldest first. */
  get openCalls(): Pick<CallEvent, "callId" | "event" | "direction" | "caller" | "called">[] {
    return [...this.calls.values()].map((call) => ({
      ...call,
      event: call.connected ? "connect" : call.direction === "incoming" ? "ring" : "call",
    }));
  }

  /** What must outlast a restart of the program, see `restore`. Plain JSON. */
  get tracked(): [connectionId: number, call: OpenCall][] {
    return [...this.calls];
  }

  /** Before `start`: the calls that went on when `tracked` was kept. Those that cannot go on any more end at once. */
  restore(calls: [connectionId: number, call: OpenCall][]): void {
    this.calls = extendDoubt(new Map(calls), this.clock.now() + this.doubtMs());
  }

  /** Something else than a line shows that the calls go on, as of now: those in doubt are kept until `untilMs`. */
  confirm(callIds: readonly string[], untilMs: number): void {
    this.calls = extendDoubt(this.calls, untilMs, new Set(callIds));
  }

  /** The call is over, and its end is reported elsewhere. */
  forget(callId: string): void {
    this.calls = new Map([...this.calls].filter(([, call]) => call.callId !== callId));
  }

  start(): void {
    this.connection.start();
    this.watchLimits();
  }

  stop(): void {
    this.limit.stop();
    this.connection.stop();
  }

  /** Adds a listener; returns the function that removes it. */
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
        for (const event of tracked.ended) this.publish(event);
        this.publish(tracked.event);
        this.watchLimits();
      } else if (parsed.reason !== "empty") {
        this.notify((listener) => listener.failure?.(parsed));
      }
    }
  }

  private suspectRestart(): void {
    const doubtMs = this.doubtMs();
    if (doubtMs <= 0) return this.end({ restarted: true });
    this.calls = doubtCalls(this.calls, this.clock.now() + doubtMs);
    this.watchLimits();
  }

  /** Ends calls that exceeded a time limit, or did not survive a restart of the box. */
  private end(sign: Exclude<Sign, { line: unknown }>): void {
    const at = isoAt(this.clock.now(), this.timeZone);
    const { state, ended } = endUnheard(this.calls, sign, at, { box: this.box });
    this.calls = state;
    for (const event of ended) this.publish(event);
    this.watchLimits();
  }

  private watchLimits(): void {
    this.limit.set(this.state.phase === "stopped" ? Infinity : nextDueMs(this.calls));
  }

  private publish(event: CallEvent): void {
    this.notify((listener) => listener.event?.(event));
  }

  private notify(call: (listener: CallMonitorListener) => void): void {
    for (const listener of [...this.listeners]) safeCall(() => call(listener));
  }
}
