/**
 * L3 services: keeps one connection to the call monitor alive for ever. It redials after every end, at once where the end is
 * normal, with back-off where dialling fails, and tells an outage once.
 */
import { backoffMs } from "../domain/backoff";
import type { Clock, Dial, Timer, Wire, WireEnd } from "../model/ports";
import type { MonitorProblem } from "../model/problems";

/** What the connection is doing. `since` and `untilMs` in ms since 1970. */
export type LinkState =
  | { phase: "stopped" }
  | { phase: "connecting" }
  | { phase: "connected"; since: number; address: string }
  | { phase: "waiting"; retryMs: number; problem: MonitorProblem };

export interface KeeperEvents {
  /** A new connection begins: bytes kept from the last one are void. */
  opened(): void;
  received(chunk: Uint8Array): void;
  /** The connection that was open has ended. */
  closed(): void;
  changed(state: LinkState): void;
  /** The first sign of an outage; until `recovered` there is no second. */
  outage(problem: MonitorProblem): void;
  /** Back again after `downMs`. */
  recovered(downMs: number): void;
}

/** A connection that held this long, or brought a line, was a good one: what was wrong before is forgotten. */
const STABLE_MS = 5_000;
/** So many short connections that brought nothing, one after the other, before that counts as a fault. */
export const QUICK_REDIALS = 20;

/** One connection at a time, dialled again for ever between `start` and `stop`. All times in ms. */
export class ConnectionKeeper {
  private wire: Wire | undefined;
  private timer: Timer | undefined;
  private current: LinkState = { phase: "stopped" };
  private failures = 0;
  private quickEnds = 0;
  private everConnected = false;
  private downSince: number | undefined;
  private openedAt = 0;
  private toldOutage = false;

  constructor(
    private readonly dial: Dial,
    private readonly target: { host: string; port: number },
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly events: KeeperEvents,
  ) {}

  get state(): LinkState {
    return this.current;
  }

  start(): void {
    if (this.current.phase === "stopped") this.attempt();
  }

  /** Ends it for good: no timer, no socket and no callback remains. */
  stop(): void {
    this.timer?.cancel();
    this.wire?.close();
    this.timer = this.wire = undefined;
    this.downSince = undefined;
    this.toldOutage = false;
    this.change({ phase: "stopped" });
  }

  /** A listener may stop it from within any callback. */
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

  /** The connection has proved itself: while booting a box may be reachable for a moment, and again not. */
  private settleDown(): void {
    if (this.failures === 0 && this.quickEnds === 0 && this.downSince === undefined) return;
    this.failures = this.quickEnds = 0;
    this.recover();
  }

  private recover(): void {
    const downMs = this.openedAt - (this.downSince ?? this.openedAt);
    this.downSince = undefined;
    if (!this.toldOutage) return;
    this.toldOutage = false;
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
    if (wasOpen) this.afterLoss(end);
    else this.afterFailure(end.orderly ? this.problem("closing") : end.problem);
  }

  /** FRITZ!OS 8 closes idle sessions and a rebooting box resets them: normal, back at once, not a word. */
  private afterLoss(end: WireEnd): void {
    const silent = !end.orderly && end.problem.code !== "reset";
    if (silent) this.tell(end.problem); // lines may have been lost since the box fell silent
    this.quickEnds++;
    if (this.quickEnds <= QUICK_REDIALS) return this.redialIn(0);
    const problem = end.orderly ? this.problem("closing") : end.problem;
    this.tell(problem);
    this.waitFor(problem);
  }

  private afterFailure(problem: MonitorProblem): void {
    const known =
      problem.code === "refused" && this.everConnected ? { ...problem, code: "restarting" as const } : problem;
    this.tell(known);
    this.waitFor(known);
  }

  private tell(problem: MonitorProblem): void {
    if (this.toldOutage) return;
    this.toldOutage = true;
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
