/** Checks of the call monitor: its port, and its events. */
import type { MonitorProblem } from "../calls/connection";
import type { CheckLine, CheckTarget } from "./check-line";

/** The line about the call monitor's port. */
export function monitorLine(problem: MonitorProblem | undefined, mayDial: boolean): CheckLine {
  if (!problem) return { id: "monitor", state: "ok", text: "check.monitor-ok" };
  const { code, host, detail = "" } = problem;
  return {
    ...{ id: "monitor", state: "fail", text: `problem.${code}`, values: { host, detail } },
    ...(code === "refused" && mayDial && { action: "dial" }),
  };
}

/** The line about the events received so far. */
export function eventsLine({ live = {} }: CheckTarget, problem: MonitorProblem | undefined): CheckLine {
  const { lastEventMs, connectedSince } = live;
  const ago = (ms: number) => ({ seconds: Math.max(0, Math.round((Date.now() - ms) / 1000)) });
  if (lastEventMs !== undefined)
    return { id: "events", state: "ok", text: "check.events-heard", values: ago(lastEventMs) };
  if (connectedSince !== undefined) {
    return { id: "events", state: "info", text: "check.events-waiting", values: ago(connectedSince) };
  }
  return { id: "events", state: "info", text: problem ? "check.events-no" : "check.events-deploy" };
}
