/** Simulator, TR-064: reads a request from the socket, and its record in the log. */
import type { IncomingMessage } from "node:http";
import type { BoxRequest } from "./reply";

const MOST_BODY = 4 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY) throw new Error("too much");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function toBoxRequest(
  { method = "", url = "", headers }: IncomingMessage,
  body: Uint8Array,
  tls: boolean,
): BoxRequest {
  const header = (name: string) => {
    const value = headers[name];
    const text = Array.isArray(value) ? value.join(", ") : value;
    return text === undefined ? undefined : Buffer.from(text, "latin1").toString("utf8");
  };
  return { method, path: url, header, body, tls };
}

/** Where to listen. */
export interface Tr064ListenOptions {
  /** Plain HTTP; 0 = any free port, left out = none; a real box uses 49000. */
  port?: number;
  /** TLS; a real box uses 49443. */
  tlsPort?: number;
  /** Default: loopback. */
  host?: string;
}

/** A request that came in. */
export interface LoggedRequest {
  method: string;
  /** With query. */
  path: string;
  /** From the header SOAPAction. */
  action?: string;
  /** The request was authorized, or needs no login. */
  authorized: boolean;
  tls: boolean;
  status: number;
}
