/**
 * Status of `fritz-callmonitor`: connected since, the last event, or the problem and the time until the
 * retry.
 */
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
  private readonly format: Intl.DateTimeFormat;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    timeZone: string,
  ) {
    this.format = new Intl.DateTimeFormat(usableLocale(RED.settings.lang), {
      day: "numeric",
      month: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23", // like the box's own times
      ...(timeZone !== "" && { timeZone }),
    });
  }

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
    const since = this.text("connected", { time: this.format.format(state.since) });
    showStatus(node, "green", "dot", this.last ? this.lastText(this.last) : since);
  }

  private lastText({ event, at }: CallEvent): string {
    return `${at.slice(11, 16)} ${this.text(`event.${event}`)}`;
  }

  private text(key: string, values: Record<string, string | number> = {}): string {
    return this.RED._(`fritz-callmonitor.status.${key}`, values);
  }
}

/** The server's language, or English if its setting is no language tag ("de_DE"). */
function usableLocale(lang = "en-US"): string {
  try {
    return new Intl.Locale(lang).toString();
  } catch {
    return "en-US";
  }
}
