/** Options, states and events of an agent. */
import type { Clock } from "../core/clock";
import type { FritzError } from "../core/errors";
import type { IncomingCall } from "./call";

export interface HangupAgentOptions {
  /** Name or address of the box. */
  host: string;
  /** `SIP_PORT` by default. */
  port?: number;
  /** The registrar's domain: "fritz.box". */
  domain?: string;
  user: string;
  password: string;
  /** Seconds asked for; a box grants 300. */
  expires?: number;
  /** Own address to listen on; "" = the one that leads to the box. */
  localAddress?: string;
  /** 0 = any free one. */
  localPort?: number;
  /** "address" or "address:port" that the box gets instead of the own one, e.g. that of a container's host. */
  advertise?: string;
  clock?: Clock;
  random?: () => number;
}

/** How it stands. `error` has a sentence in the texts of `fritz-config`. */
export type AgentState =
  | { kind: "registering" }
  | { kind: "registered"; user: string; transport: "udp" | "tcp" }
  | { kind: "failed"; error: FritzError };

export interface AgentListener {
  call?: (call: IncomingCall) => void;
  state?: (state: AgentState) => void;
}
