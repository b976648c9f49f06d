/** Status of `fritz-caller-info`: time and kind of the last answer, and a failing source. */
import type { CallerInfo } from "../../lib/callers/types";
import type { Node, Runtime } from "../shared/red";
import { clockTime, showFailure, showStatus } from "../shared/status";

/** Default threshold of fritz-block. */
const SPAM_SCORE = 7;

/** Minimum interval between updates of the progress, ms. */
const PROGRESS_PAUSE_MS = 250;
/** A shorter pause is not shown, ms. */
const SHOWN_PAUSE_MS = 20_000;

export class CallerInfoStatus {
  private shownMs = 0;

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
  ) {}

  /** No name and no number: the status is shown to everybody who opens the editor. `trouble`: in few words. */
  answered(info: CallerInfo, trouble: string | undefined): void {
    if (trouble === undefined && info.sources.some(({ because }) => because === "no-key")) this.lacksKey();
    else if (trouble === undefined) showStatus(this.node, "green", "dot", `${clockTime()} ${this.summary(info)}`);
    else showStatus(this.node, "yellow", "ring", `${clockTime()} ${trouble}`);
  }

  /** Past calls: so many numbers of so many; `pausedUntilMs`: a source is waited for. */
  progress(done: number, total: number, pausedUntilMs?: number): void {
    if (pausedUntilMs !== undefined) {
      if (pausedUntilMs - Date.now() < SHOWN_PAUSE_MS) return;
      const at = clockTime(pausedUntilMs);
      return showStatus(this.node, "blue", "ring", this.localize("past-paused", { done, total, at }));
    }
    if (done < total && Date.now() - this.shownMs < PROGRESS_PAUSE_MS) return;
    this.shownMs = Date.now();
    showStatus(this.node, done < total ? "blue" : "green", "dot", this.localize("past", { done, total }));
  }

  /** A ticked source cannot be asked. */
  lacksKey(): void {
    showStatus(this.node, "yellow", "ring", "fritz-caller-info.status.no-key");
  }

  failed(error: unknown): void {
    showFailure(this.RED, this.node, error);
  }

  private summary({ contact, name, spam, place, type }: CallerInfo): string {
    if (contact) return this.localize("contact");
    if (spam && spam.score >= SPAM_SCORE) return this.localize("spam", { score: spam.score });
    if (name !== undefined) return this.localize("name");
    if (type === "anonymous") return this.localize("anonymous");
    return this.localize(place?.town !== undefined ? "place" : "unknown");
  }

  private localize(key: string, values: Record<string, string | number> = {}): string {
    const { RED } = this;
    return RED._(`fritz-caller-info.status.${key}`, values);
  }
}
