/** How far a list of messages and the recording that is being fetched are, in the status. */
import type { Runtime } from "../shared/red";
import type { RequestTools } from "../shared/request-node";

/** What is done sooner shows no percent, and a status travels to every open editor, ms. */
const PAUSE_MS = 1_000;

export class FetchProgress {
  private shownMs = performance.now();

  constructor(
    private readonly RED: Runtime,
    private readonly tools: RequestTools,
    private readonly total: number,
  ) {}

  /** The `number`-th message has its turn, counted from 1. */
  item(number: number): void {
    if (this.total < 2) return;
    this.tools.progress(this.RED._("fritz-answering-machine.status.progress", { done: number, total: this.total }));
  }

  /** For the recording of the `number`-th message. */
  percent(number: number): (percent: number) => void {
    return (percent) => {
      if (performance.now() - this.shownMs < PAUSE_MS) return;
      this.shownMs = performance.now();
      const values = { done: number, total: this.total, percent };
      const text =
        this.total > 1
          ? this.RED._("fritz-answering-machine.status.both", values)
          : this.RED._("fritz-answering-machine.status.percent", values);
      this.tools.progress(text);
    };
  }
}
