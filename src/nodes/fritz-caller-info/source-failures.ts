/**
 * Reports failures of sources: in every source report, and once to the Catch nodes until the source works
 * again.
 */
import type { CallerInfo } from "../../lib/callers/types";
import type { SourceFailures } from "../../lib/callers/lookup";
import { toUserError } from "../shared/messages";
import type { Node, Runtime } from "../shared/red";
import { briefly } from "../shared/status";

export class SourceFailureNotifier {
  /** Source -> the sentence that was reported last, and the same in few words. */
  private readonly reported = new Map<string, { message: string; brief: string }>();

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
  ) {}

  /** What is wrong, in few words, with a source that fails now; of several the first. */
  get trouble(): string | undefined {
    return this.reported.values().next().value?.brief;
  }

  /** Adds the message to each failed report, and reports new ones to the Catch nodes. */
  explain(info: CallerInfo, failures: SourceFailures): CallerInfo {
    const sources = info.sources.map((report) => {
      const failure = failures.get(report.id);
      if (report.status !== "failed" || !failure) {
        if (report.status !== "failed" && report.cached !== true && report.status !== "skipped")
          this.reported.delete(report.id);
        return report;
      }
      const { message, code } = toUserError(this.RED, failure);
      if (this.reported.get(report.id)?.message !== message) {
        this.reported.set(report.id, { message, brief: briefly(this.RED, failure) });
        this.node.error(message, { topic: "source", payload: { source: report.id, code } });
      }
      return { ...report, error: message };
    });
    return { ...info, sources };
  }
}
