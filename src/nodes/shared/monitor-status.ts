/** L5 nodes: the status line of `fritz-callmonitor`: since when, what was last, or what is wrong and how long it waits. */
import type { CallEvent } from "../../lib/model/call-event";
import type { LinkState } from "../../lib/services/connection-keeper";
import { problemText } from "./messages";
import type { Node, Runtime } from "./red";

/** A status travels to every open editor: not more often than this, ms. */
const PAUSE_MS = 500;

type Status = Parameters<Node["status"]>[0];

export class MonitorStatus {
  private state: LinkState = { phase: "stopped" };
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
      hourCycle: "h23", // as the box's own stamps
      ...(timeZone !== "" && { timeZone }),
    });
  }

  noBox(): void {
    this.node.status({ fill: "grey", shape: "ring", text: this.text("no-box") });
  }

  link(state: LinkState): void {
    this.state = state;
    this.refresh();
  }

  heard(event: CallEvent): void {
    this.last = event; // put into words when it is shown: in a burst of calls most never are
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
    this.node.status(this.toStatus());
  }

  private toStatus(): Status {
    const { state } = this;
    switch (state.phase) {
      case "stopped":
        return {};
      case "connecting":
        return { fill: "yellow", shape: "ring", text: this.text("connecting") };
      case "connected": {
        const since = this.text("connected", { time: this.format.format(state.since) });
        return { fill: "green", shape: "dot", text: this.last ? `${since} · ${this.lastText(this.last)}` : since };
      }
      case "waiting": {
        const seconds = Math.round(state.retryMs / 1000);
        const wait = this.text("waiting", { seconds });
        return { fill: "red", shape: "ring", text: `${problemText(this.RED, state.problem)} ${wait}` };
      }
    }
  }

  private lastText({ event, at }: CallEvent): string {
    return `${this.text(`event.${event}`)} ${at.slice(11, 16)}`;
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
