/** Status of `fritz-hangup`: the registration of its IP phone, and the last result. */
import type { AgentState } from "../../lib/sip/agent-types";
import type { HangupReport } from "../../lib/sip/reports";
import type { Node, Runtime } from "../shared/red";
import { showFailure, showStatus } from "../shared/status";

/** Results that concern no caller do not replace the last one. */
const SHOWN: readonly HangupReport["event"][] = ["hungup", "would-hangup", "vetoed", "failed"];

export class HangupStatus {
  private state: AgentState = { kind: "registering" };
  private failedSinceMs: number | undefined;
  private last = "";
  /** The decisions are those of a dry run. */
  private decisionsAreDry = false;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    private readonly dryRun: boolean,
  ) {}

  agentIs(state: AgentState): void {
    if (state.kind !== "failed") this.failedSinceMs = undefined;
    else this.failedSinceMs ??= Date.now();
    this.state = state;
    this.show();
  }

  /** `time`: "16:04". */
  done({ event, dryRun }: HangupReport, time: string): void {
    if (!SHOWN.includes(event)) return;
    const { RED } = this;
    this.decisionsAreDry = dryRun === "decision";
    this.last = `${time} ${RED._(`fritz-hangup.status.result.${this.decisionsAreDry ? "dry-decision" : event}`)}`;
    this.show();
  }

  unused(key: "no-box" | "no-phone"): void {
    showStatus(this.node, "grey", "ring", `fritz-hangup.status.${key}`);
  }

  private show(): void {
    const { RED, node, state } = this;
    if (state.kind === "registering") return showStatus(node, "yellow", "ring", "fritz-hangup.status.registering");
    if (state.kind === "failed") return showFailure(RED, node, state.error, { sinceMs: this.failedSinceMs });
    const fill = this.dryRun || this.decisionsAreDry ? "blue" : "green";
    showStatus(node, fill, "dot", this.last || `fritz-hangup.status.${this.dryRun ? "dry-run" : "registered"}`);
  }
}
