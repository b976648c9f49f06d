/**
 * Keeps a connection to the call monitor open: reconnects at once after a normal end, with back-off after a
 * failure, and reports each outage once.
 */
import { backoffMs } from "../core/backoff";
import type { Clock, Timer } from "../core/clock";
import type { MonitorProblem } from "./connection";
import type { Dial, Wire, WireEnd } from "./connection";

/** State of the connection. `since` and `untilMs` in ms since 1970. */
export type LinkState =
  | { phase: "stopped" }
  | { phase: "connecting" }
  | { phase: "connected"; since: number; address: string }
  | { phase: "waiting"; retryMs: number; problem: MonitorProblem };

export interface ConnectionEvents {
  /** A new connection begins: discard a partial line of the last one. */
  opened(): void;
  received(chunk: Uint8Array): void;
  /** The connection that was open has ended. */
  closed(): void;
  changed(state: LinkState): void;
  /** Called once for each outage, before `recovered`. */
  outage(problem: MonitorProblem): void;
  /** Connected again after `downMs`. */
  recovered(downMs: number): void;
}

/** A connection that held for this time, or delivered a line, is stable and resets the back-off, ms. */
const STABLE_MS = 5_000;
/** Short connections without a line, in a row, before that counts as a fault. */
export const QUICK_REDIALS = 20;

/** One connection at a time, reopened between `start` and `stop`. All times in ms. */
export class ReconnectingConnection {
  private wire: Wire | undefined;
  private timer: Timer | undefined;
  private current: LinkState = { phase: "stopped" };
  private failures = 0;
  private quickEnds = 0;
  private everConnected = false;
  private downSince: number | undefined;
  private openedAt = 0;
  private outageReported = false;

  constructor(
    private readonly dial: Dial,
    private readonly target: { host: string; port: number },
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly events: ConnectionEvents,
  ) {}

  get state(): LinkState {
    return this.current;
  }

  start(): void {
    if (this.current.phase === "stopped") this.attempt();
  }

  /** Closes the connection: no timer, no socket and no callback remains. */
  stop(): void {
    this.timer?.cancel();
    this.wire?.close();
    this.timer = this.wire = undefined;
    this.downSince = undefined;
    this.outageReported = false;
    this.change({ phase: "stopped" });
  }

  /** A listener may call `stop` from within any callback. */
  private get stopped(): boolean {
    return this.current.phase === "stopped";
  }

  private attempt(): void {
    this.change({ phase: "connecting" });
    if (this.stopped) return;
    this.wire = this.dial({
      opened: (address) => this.onOpened(address),
      received: (chunk) => {
        this.settleDown();
        if (!this.stopped) this.events.received(chunk);
      },
      ended: (end) => this.onEnded(end),
    });
  }

  private onOpened(address: string): void {
    this.everConnected = true;
    this.timer = this.clock.after(STABLE_MS, () => this.settleDown());
    this.change({ phase: "connected", since: this.clock.now(), address });
    if (this.stopped) return;
    this.events.opened();
    this.openedAt = this.clock.now();
    if (this.quickEnds <= QUICK_REDIALS) this.failures = 0;
  }

  /** The connection is stable: a booting box may accept for a moment and fail again. */
  private settleDown(): void {
    if (this.failures === 0 && this.quickEnds === 0 && this.downSince === undefined) return;
    this.failures = this.quickEnds = 0;
    this.recover();
  }

  private recover(): void {
    const downMs = this.openedAt - (this.downSince ?? this.openedAt);
    this.downSince = undefined;
    if (!this.outageReported) return;
    this.outageReported = false;
    this.events.recovered(downMs);
  }

  private onEnded(end: WireEnd): void {
    const wasOpen = this.current.phase === "connected";
    this.timer?.cancel();
    this.timer = this.wire = undefined;
    this.downSince ??= this.clock.now();
    if (wasOpen) {
      this.events.closed();
      if (this.stopped) return;
    }
    // A box that resets right after accepting is the same case, whether `opened` was called or not.
    const wasReset = this.everConnected && !end.orderly && end.problem.code === "reset";
    if (wasOpen || wasReset) this.afterLoss(end);
    else this.afterFailure(end.orderly ? this.problem("closing") : end.problem);
  }

  /**
   * FRITZ!OS 8 closes idle sessions and a rebooting box resets them: both are normal, reconnect at once
   * without a report.
   */
  private afterLoss(end: WireEnd): void {
    const silent = !end.orderly && end.problem.code !== "reset";
    if (silent) this.reportOutage(end.problem); // lines may have been lost since the box stopped answering
    this.quickEnds++;
    if (this.quickEnds <= QUICK_REDIALS) return this.redialIn(0);
    const problem = end.orderly ? this.problem("closing") : end.problem;
    this.reportOutage(problem);
    this.waitFor(problem);
  }

  private afterFailure(problem: MonitorProblem): void {
    const known =
      problem.code === "refused" && this.everConnected ? { ...problem, code: "restarting" as const } : problem;
    this.reportOutage(known);
    this.waitFor(known);
  }

  private reportOutage(problem: MonitorProblem): void {
    if (this.outageReported) return;
    this.outageReported = true;
    this.events.outage(problem);
  }

  private waitFor(problem: MonitorProblem): void {
    if (this.stopped) return;
    const retryMs = backoffMs(this.failures++, this.random());
    this.change({ phase: "waiting", retryMs, problem });
    this.redialIn(retryMs);
  }

  private redialIn(ms: number): void {
    if (this.stopped) return;
    this.timer = this.clock.after(ms, () => this.attempt());
  }

  private problem(code: MonitorProblem["code"]): MonitorProblem {
    return { code, ...this.target };
  }

  private change(state: LinkState): void {
    this.current = state;
    this.events.changed(state);
  }
}
