/** L2 transport: tries the call monitor's port once. */
import type { MonitorProblem } from "../model/problems";
import { dialTcp, type TcpTarget } from "./dial-tcp";

/** A box that accepts and closes at once is no call monitor, ms. */
const STAY_MS = 300;

/** What is wrong with the way to the call monitor; undefined if it is open. */
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
