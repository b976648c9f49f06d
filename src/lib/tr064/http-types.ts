/** Types: options, requests and replies of the HTTP client for a box. */

export interface BoxHttpOptions {
  host: string;
  port: number;
  tls: boolean;
  /** SHA-256 of the certificate, hex with or without colons; "" = any, see `fingerprint`. */
  fingerprint: string;
  /** Longest time without a byte, ms; a whole answer may take `MOST_SILENCES` times that. */
  timeoutMs: number;
  /** Longest body accepted, bytes. */
  maxBytes: number;
  /** Called with the fingerprint (SHA-256, hex) of a new certificate. */
  onCertificate?: ((fingerprint: string) => void) | undefined;
}
export interface BoxRequest {
  method: "GET" | "POST";
  /** Longest body accepted as the answer, bytes; that of the options if left out. */
  maxBytes?: number;
  /** Called while the answer comes in: how many bytes are there, of how many; 0 = the box does not say. */
  received?: ((bytes: number, total: number) => void) | undefined;
  /** Path with query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}
export interface BoxReply {
  status: number;
  /** The WWW-Authenticate headers. */
  challenges: readonly string[];
  body: Buffer;
  /**
   * False: the connection ended without marking the end of the body (FRITZ!OS 8 omits TLS's close_notify).
   */
  complete: boolean;
}
