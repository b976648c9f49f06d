/** L5 nodes: the status line of `fritz-block`: the last verdict, what waits for the box, and whether it is only a dry run. */
import type { Decision } from "../../lib/model/decision";
import { toUserError } from "./messages";
import type { Node, Runtime } from "./red";

export class BlockStatus {
  private last = "";
  private blocked = false;
  private waiting = 0;
  private trouble = "";

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    private readonly dryRun: boolean,
  ) {
    this.show();
  }

  /** `at`: ISO 8601 in the box's zone, or empty. */
  judged(decision: Decision, at: string): void {
    const { RED } = this;
    this.blocked = decision.verdict === "block";
    const verdict = this.blocked
      ? decision.action === "dry-run"
        ? RED._("fritz-block.status.would-block")
        : RED._("fritz-block.status.blocked")
      : RED._("fritz-block.status.allowed");
    const time = at === "" ? "" : ` ${at.slice(11, 16)}`;
    this.last = `${verdict}${time}: ${RED._(`fritz-block.reason.${decision.because}`)}`;
    this.show();
  }

  /** How many writes wait, and why. */
  changed(waiting: number, trouble: unknown): void {
    this.waiting = waiting;
    this.trouble = trouble === undefined ? "" : toUserError(this.RED, trouble).message;
    this.show();
  }

  private show(): void {
    const { RED, node, dryRun, last, waiting, trouble } = this;
    const count = waiting > 0 ? ` · ${RED._("fritz-block.status.waiting", { count: waiting })}` : "";
    if (waiting > 0 && trouble !== "") {
      node.status({ fill: "red", shape: "ring", text: `${trouble}${count}` });
    } else if (last !== "") {
      node.status({ fill: this.blocked ? "red" : "green", shape: "dot", text: `${last}${count}` });
    } else if (dryRun) {
      node.status({ fill: "grey", shape: "ring", text: RED._("fritz-block.status.dry-run") });
    } else {
      node.status({});
    }
  }
}
