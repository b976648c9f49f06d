/** The port through which the agent reaches the box, so that everything else is free of sockets. */
import type { Clock } from "../core/clock";
import type { SipMessage } from "./message";
import type { MediaAddress } from "./sdp";
import type { Path } from "./transactions";

/** Where the box is, and where we are. */
export interface Place {
  /** The address in use, and all that the box has. */
  address: string;
  addresses: readonly string[];
  port: number;
  /** Our own address in the same network. */
  local: string;
}

export interface LinkOptions {
  place: Place;
  /** 0 = any free one. */
  localPort: number;
  clock: Clock;
}

export interface LinkEvents {
  /** A message from an address of the box. */
  message(message: SipMessage, path: Path): void;
  /** The connection is gone (TCP). */
  lost(): void;
}

export interface Link {
  readonly transport: "udp" | "tcp";
  readonly local: MediaAddress;
  /** Where audio of answered calls goes; it is thrown away. */
  readonly media: MediaAddress;
  /** The way to the registrar. */
  readonly box: Path;
  /** The way to an address of the box; undefined for any other. */
  pathTo(host: string, port: number): Path | undefined;
  close(): void;
}

/** Opens a link; rejects with a `FritzError`. */
export type OpenLink = (options: LinkOptions, events: LinkEvents) => Promise<Link>;
