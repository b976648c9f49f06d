/** Status of `fritz-block`: the last verdict, pending writes, and the dry run. */
import type { Gap } from "../../lib/blocking/protection";
import type { Decision } from "../../lib/blocking/types";
import type { Node, Runtime } from "../shared/red";
import { showFailure, showStatus } from "../shared/status";

export class BlockStatus {
  private last = "";
  private blocked = false;
  /** Whether the contacts were unknown at the last verdict. */
  private unprotected = false;
  private gap: Gap | undefined;
  private waiting = 0;
  private trouble: unknown;
  private troubleSinceMs: number | undefined;
  /** A threshold without a usable value at the last verdict, and since when. */
  private unusable: { error: Error; sinceMs: number } | undefined;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
    private readonly dryRun: boolean,
  ) {
    this.show();
  }

  /** `unusable`: why a rule had to be left out. */
  decided({ verdict, because, action }: Decision, unusable?: Error): void {
    this.unusable = unusable && { error: unusable, sinceMs: this.unusable?.sinceMs ?? Date.now() };
    const word = verdict === "allow" ? "allowed" : action === "dry-run" ? "would-block" : "blocked";
    this.blocked = verdict === "block";
    this.unprotected = because === "friends-unknown" || because === "lookup-failed";
    this.last =
      because === "friends-unknown" ? "fritz-block.status.friends-unknown" : `fritz-block.status.${word}.${because}`;
    this.show();
  }

  /** What keeps the node from protecting, if anything. */
  lacks(gap: Gap | undefined): void {
    if (gap === this.gap) return;
    this.gap = gap;
    this.show();
  }

  /** Number of pending writes, and the last error. */
  changed(waiting: number, trouble: unknown): void {
    this.waiting = waiting;
    this.trouble = trouble;
    if (trouble === undefined) this.troubleSinceMs = undefined;
    else this.troubleSinceMs ??= Date.now();
    this.show();
  }

  /** Whether the last call was blocked, and rings no more. */
  private get acts(): boolean {
    return this.blocked && this.gap !== "no-box-rule";
  }

  private show(): void {
    const { RED, node, last, waiting, trouble } = this;
    if (waiting > 0 && trouble !== undefined) return showFailure(RED, node, trouble, { sinceMs: this.troubleSinceMs });
    if (waiting > 0) return showStatus(node, "blue", "ring", RED._("fritz-block.status.waiting", { count: waiting }));
    if (this.unusable) return showFailure(RED, node, this.unusable.error, this.unusable);
    if (this.gap && !this.acts) return showStatus(node, "yellow", "ring", `fritz-block.status.gap.${this.gap}`);
    if (this.unprotected) return showStatus(node, "yellow", "ring", last);
    if (last !== "") return showStatus(node, this.dryRun ? "grey" : this.blocked ? "blue" : "green", "dot", last);
    if (this.dryRun) return showStatus(node, "grey", "ring", "fritz-block.status.dry-run");
    node.status({});
  }
}
