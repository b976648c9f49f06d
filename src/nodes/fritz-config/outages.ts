/**
 * Reports outages and failures of a box: once, however many configurations and nodes use it, and only after
 * the flows are started, so that their Catch nodes receive the error.
 */
import type { LineFailure } from "../../lib/calls/monitor-line";
import type { MonitorProblem } from "../../lib/calls/connection";
import { anonymizeLine } from "../../lib/calls/anonymize";
import type { CallMonitor } from "../../lib/calls/call-monitor";
import { Feed, type Subscription } from "../../lib/calls/event-feed";
import { systemClock, HOUR_MS, type Clock } from "../../lib/core/clock";
import { deployGate } from "../shared/deploy-gate";
import { guarded } from "../shared/input";
import { problemText, sharedText } from "../shared/messages";
import type { Node, Runtime } from "../shared/red";

// Limits reports of invalid lines.

const FIRST = 5;

/**
 * Allows five reports, then one an hour with the number of suppressed ones; starts anew after an hour without
 * failures.
 */
export class FailureReports {
  private reported = 0;
  private suppressed = 0;
  private lastReportedMs = -Infinity;
  private lastMs = -Infinity;

  constructor(private readonly clock: Clock) {}

  /** The number of suppressed reports before this one; undefined if this one is suppressed. */
  next(): number | undefined {
    const now = this.clock.now();
    if (now - this.lastMs >= HOUR_MS) this.reported = 0;
    this.lastMs = now;
    if (this.reported >= FIRST && now - this.lastReportedMs < HOUR_MS) {
      this.suppressed++;
      return undefined;
    }
    this.reported++;
    this.lastReportedMs = now;
    const untold = this.suppressed;
    this.suppressed = 0;
    return untold;
  }
}

/**
 * A configuration node: Node-RED passes its errors to the Catch nodes of its `users`, and logs them if there
 * are none.
 */
export interface OutageReporter extends Node {
  users: Record<string, Node>;
  label: string;
}

type Report = (reporter: OutageReporter) => void;

const notifiers = new WeakMap<CallMonitor, OutageNotifier>();

/** The notifier of a box. */
export function outageNotifier(RED: Runtime, monitor: CallMonitor): OutageNotifier {
  let notifier = notifiers.get(monitor);
  if (!notifier) notifiers.set(monitor, (notifier = new OutageNotifier(RED, monitor)));
  return notifier;
}

class OutageNotifier {
  private readonly reporters = new Set<OutageReporter>();
  private readonly reports = new Feed<Report>(systemClock);
  private reader: Subscription<Report> | undefined;

  constructor(
    private readonly RED: Runtime,
    monitor: CallMonitor,
  ) {
    const reports = new FailureReports(systemClock);
    monitor.listen({
      outage: (problem) =>
        this.reports.publish((reporter) => reportError(reporter, problemText(RED, problem), "outage", problem)),
      recovered: (downMs) => {
        const seconds = Math.round(downMs / 1000);
        this.reports.publish((reporter) =>
          reporter.log(sharedText(RED, "recovered", { box: reporter.label, seconds })),
        );
      },
      failure: (failure) => {
        // A partial line at the end of a connection is no failure of its own.
        const unreported = failure.reason === "cut-off" ? undefined : reports.next();
        if (unreported === undefined) return;
        const line = anonymizeLine(failure.raw).slice(0, 100);
        const text = sharedText(RED, "line-failure", { line, reason: failure.reason, unreported });
        this.reports.publish((reporter) => reportError(reporter, text, "failure", failure));
      },
    });
  }

  /** From now on the reporter's users are notified, too. The first reporter acts for all. */
  add(reporter: OutageReporter): void {
    this.reporters.add(reporter);
    if (this.reader) return;
    this.reader = this.reports.join("notifier", (report) => this.emit(report));
    deployGate(this.RED.events).add(this.reader);
  }

  remove(reporter: OutageReporter): void {
    this.reporters.delete(reporter);
    if (this.reporters.size > 0 || !this.reader) return;
    deployGate(this.RED.events).remove(this.reader);
    this.reader.leave();
    this.reader = undefined;
  }

  private emit(report: Report): void {
    const [reporter] = this.reporters;
    if (!reporter) return;
    const own = reporter.users;
    reporter.users = Object.assign({}, ...[...this.reporters].map(({ users }) => users)) as OutageReporter["users"];
    guarded(this.RED, reporter, () => report(reporter));
    reporter.users = own;
  }
}

function reportError(
  reporter: OutageReporter,
  text: string,
  topic: string,
  payload: MonitorProblem | LineFailure,
): void {
  reporter.error(text, { topic, payload });
}
