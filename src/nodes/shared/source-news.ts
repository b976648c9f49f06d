/** L5 nodes: what goes wrong with sources, in sentences: in every report, and once to the Catch nodes until it works again. */
import type { CallerInfo } from "../../lib/model/caller-info";
import type { SourceFailures } from "../../lib/services/inquiry";
import { toUserError } from "./messages";
import type { Node, Runtime } from "./red";

export class SourceNews {
  /** Source -> what was told of it last. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly RED: Runtime,
    private readonly node: Node,
  ) {}

  /** The sentence of a source that is in trouble now; of several the first. */
  get trouble(): string | undefined {
    return this.told.values().next().value;
  }

  /** Gives each failed report its sentence, and tells the Catch nodes what is new. */
  explain(info: CallerInfo, failures: SourceFailures): CallerInfo {
    const sources = info.sources.map((report) => {
      const failure = failures.get(report.id);
      if (report.status !== "failed" || !failure) {
        if (report.status !== "failed" && report.cached !== true && report.status !== "skipped")
          this.told.delete(report.id);
        return report;
      }
      const { message, code } = toUserError(this.RED, failure);
      if (this.told.get(report.id) !== message) this.tell(report.id, code, message);
      return { ...report, error: message };
    });
    return { ...info, sources };
  }

  private tell(source: string, code: string, message: string): void {
    this.told.set(source, message);
    this.node.error(message, { topic: "source", payload: { source, code } });
  }
}
