/** Types: a request to a service on the internet, and its answer. */

/** A request to a service on the internet. */
export interface WebRequest {
  url: string;
  method?: "GET" | "POST" | "DELETE";
  headers?: Readonly<Record<string, string>>;
  /** Headers that hold a secret: only sent to the first host, never after a redirect to another one. */
  secrets?: Readonly<Record<string, string>>;
  body?: string;
  /** Longest body accepted, bytes after decompression. */
  maxBytes: number;
  /** How many redirects are followed; all on the same site. */
  redirects?: number;
  /** Allows addresses in the home network. */
  allowPrivate?: boolean;
  signal: AbortSignal;
}

/** What a service answered. */
export interface WebReply {
  status: number;
  /** Without parameters, in small letters: "text/html"; "" if it says none. */
  type: string;
  text: string;
  /** The pause that the service asks for, ms. */
  retryAfterMs?: number;
}

/**
 * Sends a request to a service. Rejects with a `FritzError` unless a complete answer came, whatever its
 * status.
 */
export type Fetch = (request: WebRequest) => Promise<WebReply>;
