// Simulated boxes for the bench, each at an address of its own.
import { simulator } from "./peers.mjs";

/** node-red-contrib-fritz knows no other port, so everybody gets this one where the system has more than one loopback address. */
const MONITOR_PORT = 1012;
let used = 0;

/** 127.x.y.z, other ones in each process: another one may be measuring, too. */
function freshAddress() {
  if (process.platform !== "linux") return "127.0.0.1";
  used++;
  return `127.${64 + (process.pid % 128)}.${(process.pid >> 7) % 256}.${used}`;
}

/** A box with a call monitor on port 1012; rejects with the system's error where that is not allowed. */
export async function monitorBox() {
  const { SimulatedBox } = simulator();
  const box = new SimulatedBox();
  await box.monitor.listen({ host: freshAddress(), port: MONITOR_PORT });
  return box;
}

/** Why a box cannot listen on port 1012 here, or undefined. */
export async function monitorObstacle() {
  try {
    const box = await monitorBox();
    await box.monitor.stop();
    return undefined;
  } catch (error) {
    return `its port 1012 cannot be changed, and this user may not open it here (${error.code})`;
  }
}
