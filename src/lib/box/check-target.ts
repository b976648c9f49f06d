/** What "Check my Fritz!Box" checks: a configured box, deployed or not. */
import type { TelephonyOptions } from "./telephony";

export interface CheckTarget extends TelephonyOptions {
  monitorPort: number;
  /** The target books of blocking. */
  targetBooks?: readonly string[];
  /** State of the connection in use, if there is one: ms since 1970. */
  live?: { connectedSince?: number; lastEventMs?: number };
}
