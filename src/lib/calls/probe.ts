/** Tests the port of the call monitor once. */
import type { MonitorProblem } from "./connection";
import { dialTcp, type TcpTarget } from "./tcp-connection";

/** A box that accepts and closes within this time is no call monitor, ms. */
const STAY_MS = 300;

/** Resolves to the problem with the connection to the call monitor; undefined if it works. */
export function probeMonitor(target: TcpTarget): Promise<MonitorProblem | undefined> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (problem?: MonitorProblem) => {
      clearTimeout(timer);
      wire.close();
      resolve(problem);
    };
    const wire = dialTcp(target)({
      opened: () => (timer = setTimeout(() => finish(), STAY_MS)),
      received: () => finish(),
      ended: (end) => finish(end.orderly ? { code: "closing", ...target } : end.problem),
    });
  });
}
