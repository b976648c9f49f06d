/**
 * Status of `fritz-callmonitor`: connected since, the last event, or the problem and the time until the
 * retry.
 */
import { isoAt } from "../../lib/calls/box-time";
import type { CallEvent } from "../../lib/calls/types";
import type { LinkState } from "../../lib/calls/reconnecting-connection";
import type { Node, Runtime } from "../shared/red";
import { brieflyProblem, clockTime, showStatus } from "../shared/status";

/** Minimum interval between two updates, ms: each is sent to every open editor. */
const PAUSE_MS = 500;

export class MonitorStatus {
  private state: LinkState = { phase: "stopped" };
  /** Since when the box has been away, ms since 1970, and why. */
  private outage: { sinceMs: number; brief: string } | undefined;
  private last: CallEvent | undefined;
  private pause: NodeJS.Timeout | undefined;
  private stale = false;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    private readonly timeZone: string,
  ) {}

  noBox(): void {
    showStatus(this.node, "grey", "ring", "fritz-callmonitor.status.no-box");
  }

  link(state: LinkState): void {
    this.state = state;
    if (state.phase === "waiting") {
      const sinceMs = this.outage?.sinceMs ?? Date.now();
      this.outage = { sinceMs, brief: brieflyProblem(this.RED, state.problem) };
    } else if (state.phase === "connected") {
      this.outage = undefined;
    }
    this.refresh();
  }

  heard(event: CallEvent): void {
    this.last = event; // formatted when it is shown: in a burst of calls most never are
    this.refresh();
  }

  close(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.stale = false;
  }

  private refresh(): void {
    this.stale = true;
    if (this.pause !== undefined) return;
    this.show();
    this.pause = setTimeout(() => {
      this.pause = undefined;
      if (this.stale) this.refresh();
    }, PAUSE_MS);
  }

  private show(): void {
    this.stale = false;
    const { state, node, outage } = this;
    if (state.phase === "stopped") return void node.status({});
    if (outage) return showStatus(node, "red", "ring", `${clockTime(outage.sinceMs)} ${outage.brief}`);
    if (state.phase !== "connected") return showStatus(node, "yellow", "ring", "fritz-callmonitor.status.connecting");
    const since = this.text("connected", { time: dayAndTime(state.since, this.timeZone) });
    showStatus(node, "green", "dot", this.last ? this.lastText(this.last) : since);
  }

  private lastText({ event, at }: CallEvent): string {
    return `${at.slice(11, 16)} ${this.text(`event.${event}`)}`;
  }

  private text(key: string, values: Record<string, string | number> = {}): string {
    return this.RED._(`fritz-callmonitor.status.${key}`, values);
  }
}

/** "27.11. 16:04" in a zone ("" = the host's). */
function dayAndTime(ms: number, timeZone: string): string {
  const at = isoAt(ms, timeZone);
  return `${Number(at.slice(8, 10))}.${Number(at.slice(5, 7))}. ${at.slice(11, 16)}`;
}
