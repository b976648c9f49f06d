/** L0 model: what can go wrong on the way to the call monitor. Each code has one sentence in every language. */

export type MonitorProblemCode =
  | "refused" // nobody listens on the port: the call monitor is switched off
  | "restarting" // refused, but it had worked before: the box is probably booting
  | "timeout" // nothing answers at that address
  | "unknown-host" // the name has no address
  | "public-address" // the name or address leads out of the home network
  | "unreachable" // no way to that address
  | "silent" // it was connected, then the box stopped answering without a word
  | "reset" // the box broke the connection off
  | "closing" // the box accepts and closes at once, again and again
  | "bad-host" // no usable address or port configured
  | "network"; // anything else; `detail` has the system's code

/** One failure of the monitor connection. Always worth a retry: the box may come back at any time. */
export interface MonitorProblem {
  code: MonitorProblemCode;
  host: string;
  port: number;
  /** The address met (for public-address), or the system's error code (for network). */
  detail?: string;
}
