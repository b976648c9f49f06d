/** Options, default ports and limits of the TR-064 client. */
import type { Clock } from "../core/clock";

export interface Tr064Options {
  host: string;
  /** 49000 */
  port?: number;
  /** 49443; the box is asked for its own if this is not set. */
  tlsPort?: number;
  /** Port of the box's web pages; 443 or 80, as `tls` says. */
  webPort?: number;
  /** Default true. */
  tls?: boolean;
  /** Required SHA-256 of the box's certificate; "" = any. */
  fingerprint?: string;
  username?: string;
  password?: string;
  /** Longest time without a byte, ms. */
  timeoutMs?: number;
  /** Called with the fingerprint (SHA-256, hex) of a new certificate, before it is checked. */
  onCertificate?: (fingerprint: string) => void;
  clock?: Clock;
}

/** Options of a download. */
export interface BytesOptions {
  mostBytes: number;
  userInterface?: boolean;
  /** Called while the file comes in: how many bytes are there, of how many; 0 = the box does not say. */
  received?: ((bytes: number, total: number) => void) | undefined;
}
export const TR064_PORT = 49000;
export const TR064_TLS_PORT = 49443;
export const TIMEOUT_MS = 15_000;
export const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Limit of SOAP replies and descriptions, which are parsed in one go: some milliseconds normally, 50 at most.
 */
export const MAX_REPLY_BYTES = 256 * 1024;
