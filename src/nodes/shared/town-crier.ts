/**
 * L5 nodes: tells the people of a box what goes wrong with it: once, however many configurations and nodes use it, and only
 * when the flows are started, so that their Catch nodes hear it.
 */
import type { LineFailure } from "../../lib/model/monitor-line";
import type { MonitorProblem } from "../../lib/model/problems";
import { anonymizeLine } from "../../lib/protocol/anonymize-line";
import type { CallMonitor } from "../../lib/services/call-monitor";
import { FailureReports } from "../../lib/services/failure-reports";
import { Feed, type Subscription } from "../../lib/services/feed";
import { systemClock } from "../../lib/transport/system-clock";
import { deployGate } from "./deploy-gate";
import { guarded } from "./input";
import { problemText, sharedText } from "./messages";
import type { Node, Runtime } from "./red";

/** A configuration node: Node-RED hands its errors to the Catch nodes of its `users`, and logs them if nobody catches. */
export interface Speaker extends Node {
  users: Record<string, Node>;
  label: string;
}

type News = (speaker: Speaker) => void;

const criers = new WeakMap<CallMonitor, TownCrier>();

/** The one crier of a box. */
export function townCrier(RED: Runtime, monitor: CallMonitor): TownCrier {
  let crier = criers.get(monitor);
  if (!crier) criers.set(monitor, (crier = new TownCrier(RED, monitor)));
  return crier;
}

export class TownCrier {
  private readonly speakers = new Set<Speaker>();
  private readonly news = new Feed<News>(systemClock);
  private reader: Subscription<News> | undefined;

  constructor(
    private readonly RED: Runtime,
    monitor: CallMonitor,
  ) {
    const reports = new FailureReports(systemClock);
    monitor.listen({
      outage: (problem) => this.news.publish((speaker) => tell(speaker, problemText(RED, problem), "outage", problem)),
      recovered: (downMs) => {
        const seconds = Math.round(downMs / 1000);
        this.news.publish((speaker) => speaker.log(sharedText(RED, "recovered", { box: speaker.label, seconds })));
      },
      failure: (failure) => {
        // Half a line comes with the end of a connection, which is told, or is none of the user's business.
        const unreported = failure.reason === "cut-off" ? undefined : reports.next();
        if (unreported === undefined) return;
        const line = anonymizeLine(failure.raw).slice(0, 100);
        const text = sharedText(RED, "line-failure", { line, reason: failure.reason, unreported });
        this.news.publish((speaker) => tell(speaker, text, "failure", failure));
      },
    });
  }

  /** From now on the speaker's users are told, too. The first one speaks for all. */
  add(speaker: Speaker): void {
    this.speakers.add(speaker);
    if (this.reader) return;
    this.reader = this.news.join("crier", (news) => this.speak(news));
    deployGate(this.RED.events).add(this.reader);
  }

  remove(speaker: Speaker): void {
    this.speakers.delete(speaker);
    if (this.speakers.size > 0 || !this.reader) return;
    deployGate(this.RED.events).remove(this.reader);
    this.reader.leave();
    this.reader = undefined;
  }

  private speak(news: News): void {
    const [speaker] = this.speakers;
    if (!speaker) return;
    const own = speaker.users;
    speaker.users = Object.assign({}, ...[...this.speakers].map(({ users }) => users)) as Speaker["users"];
    guarded(this.RED, speaker, () => news(speaker));
    speaker.users = own;
  }
}

function tell(speaker: Speaker, text: string, topic: string, payload: MonitorProblem | LineFailure): void {
  speaker.error(text, { topic, payload });
}
