/** Error codes of the call monitor connection. Each code has one sentence in every language. */

export type MonitorProblemCode =
  | "refused" // connection refused: the call monitor is switched off
  | "restarting" // refused after an earlier success: the box is probably rebooting
  | "timeout" // no answer from that address
  | "unknown-host" // the name has no address
  | "public-address" // the name or address leads out of the home network
  | "unreachable" // no route to that address
  | "silent" // connected, then no answer from the box
  | "reset" // the box reset the connection
  | "closing" // the box accepts and closes at once, repeatedly
  | "bad-host" // invalid address or port in the configuration
  | "network"; // anything else; `detail` has the system's code

/** One failure of the connection. A retry always makes sense. */
export interface MonitorProblem {
  code: MonitorProblemCode;
  host: string;
  port: number;
  /** The address in question (for public-address), or the system's error code (for network). */
  detail?: string;
}

/** An open (or opening) connection to the call monitor. */
export interface Wire {
  /** Closes it at once. No callback of the `WireEvents` is called after this. */
  close(): void;
}

/** Why a connection ended: the box closed it, or an error. */
export type WireEnd = { orderly: true } | { orderly: false; problem: MonitorProblem };

export interface WireEvents {
  /** At most once; `address` is the address that answered. */
  opened(address: string): void;
  received(chunk: Uint8Array): void;
  /** Called exactly once, as the last callback, whether the connection was open or not. */
  ended(end: WireEnd): void;
}

/** Opens one connection. Never throws: every failure is passed to `ended`. */
export type Dial = (events: WireEvents) => Wire;

/** Extracts the host from an address that was copied from a browser. */
export function cleanHost(host: string): string {
  return host
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/[/?#].*$/, "")
    .replace(/^([^:]+):\d*$/, "$1")
    .replace(/^\[(.*)\]$/, "$1");
}
