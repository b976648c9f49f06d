/** Simulator, web: faults of services: refused, slow, truncated, redirect loops, and invalid answers. */
import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { gzipSync } from "node:zlib";

/** `ms`, `status` and `bytes` say how much; all have a value of their own. */
export type WebFault =
  | { kind: "status"; status: number; retryAfterSeconds?: number }
  | { kind: "captcha" }
  /** Answers correctly, after a delay. */
  | { kind: "slow"; ms: number }
  /** Accepts and sends nothing. */
  | { kind: "hang" }
  /** Ends in the middle of the answer. */
  | { kind: "cut" }
  | { kind: "reset" }
  /** A picture instead of an answer. */
  | { kind: "type" }
  | { kind: "nonsense" }
  | { kind: "huge"; bytes: number }
  /** A small answer that unpacks to a huge one. */
  | { kind: "bomb"; bytes: number }
  | { kind: "loop" }
  /** Redirects to another site. */
  | { kind: "away"; to: string };

const CAPTCHA = `<html><head><title>Einen Moment</title></head><body><form><div class="g-recaptcha"></div>
<p>Please complete the captcha</p></form></body></html>`;
const CHUNK = "<!-- much ado about nothing -->".repeat(1000);

type Player<K> = (fault: Extract<WebFault, { kind: K }>, response: ServerResponse, url: string) => unknown;

const page = (response: ServerResponse, body: string | Buffer, status = 200, type = "text/html") =>
  response.writeHead(status, { "Content-Type": type }).end(body);

const PLAYERS: { [K in WebFault["kind"]]: Player<K> } = {
  status: ({ status, retryAfterSeconds }, response) => {
    if (retryAfterSeconds !== undefined) response.setHeader("Retry-After", String(retryAfterSeconds));
    page(response, "<html><body>No.</body></html>", status);
  },
  captcha: (_, response) => page(response, CAPTCHA),
  slow: ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
  hang: () => undefined,
  cut: (_, response) => {
    response.writeHead(200, { "Content-Type": "text/html", "Content-Length": "5000" });
    response.write("<html><body>", () => response.destroy());
  },
  reset: (_, response) => response.socket?.resetAndDestroy(),
  type: (_, response) => page(response, Buffer.from("89504e470d0a1a0a", "hex"), 200, "image/png"),
  nonsense: (_, response) => page(response, "<html><body><p>Hello, world</p></body></html>"),
  huge: ({ bytes }, response) => pourOut(bytes, response),
  bomb: ({ bytes }, response) =>
    page(response.setHeader("Content-Encoding", "gzip"), gzipSync(Buffer.alloc(bytes, " "))),
  loop: (_, response, url) => response.writeHead(302, { Location: url }).end(),
  away: ({ to }, response) => response.writeHead(302, { Location: to }).end(),
};

/** How they are made of what is typed; `n` is the status, the ms or the bytes. */
const TYPED: Record<WebFault["kind"], (n: number | undefined) => WebFault> = {
  status: (status = 429) => ({ kind: "status", status }),
  captcha: () => ({ kind: "captcha" }),
  slow: (ms = 3_000) => ({ kind: "slow", ms }),
  hang: () => ({ kind: "hang" }),
  cut: () => ({ kind: "cut" }),
  reset: () => ({ kind: "reset" }),
  type: () => ({ kind: "type" }),
  nonsense: () => ({ kind: "nonsense" }),
  huge: (bytes = 20_000_000) => ({ kind: "huge", bytes }),
  bomb: (bytes = 20_000_000) => ({ kind: "bomb", bytes }),
  loop: () => ({ kind: "loop" }),
  away: () => ({ kind: "away", to: "http://elsewhere.example/" }),
};

/** The names of all faults. */
export const FAULT_KINDS = Object.keys(TYPED) as WebFault["kind"][];

/** A fault as it is typed. */
export function readFault(name: string, n?: string): WebFault {
  const kind = FAULT_KINDS.find((known) => known === name);
  if (!kind) throw new Error(`no fault ${name}; there are ${FAULT_KINDS.join(" ")}`);
  return TYPED[kind](n === undefined ? undefined : Number(n));
}

/** Plays the fault; false: the answer goes on as usual. */
export async function playFault(fault: WebFault, url: string, response: ServerResponse): Promise<boolean> {
  await (PLAYERS[fault.kind] as Player<WebFault["kind"]>)(fault, response, url);
  return fault.kind !== "slow";
}

function pourOut(bytes: number, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/html" });
  const chunks = Array.from({ length: Math.ceil(bytes / CHUNK.length) }, () => CHUNK);
  pipeline(Readable.from(chunks), response, () => undefined);
}
