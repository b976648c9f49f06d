/** Simulator, TR-064: sends an answer, complete or with a fault. */
import { once, setMaxListeners } from "node:events";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "./faults";
import { page, type Reply, xhtmlPage } from "./reply";

/** Ends what is going on when the box stops; any number of requests may hang until then. */
export function newLife(): AbortController {
  const life = new AbortController();
  setMaxListeners(0, life.signal);
  return life;
}

/** How bodies are sent. */
export interface WireOptions {
  /** In chunks, without a length. */
  chunked: boolean;
  /** SOAP replies in ISO-8859-1, without declaring it. */
  latin1: boolean;
  /** Downloads without length and without close_notify, as FRITZ!OS 8 sends them over TLS. */
  abruptDownloads: boolean;
}

/** Where an answer goes: the response, and the TCP socket below it. */
export interface Line {
  response: ServerResponse;
  raw: Socket;
  signal: AbortSignal;
}

const PIECES = 8;
const PAD = Buffer.alloc(64 * 1024, "x");

/** Sends a reply; resolves when it is sent. */
export async function send(line: Line, reply: Reply, options: WireOptions, fault: Fault | undefined): Promise<void> {
  const { response, raw } = line;
  if (fault?.kind === "reset-before" || fault?.kind === "reset-after") return void raw.resetAndDestroy();
  const latin1 = options.latin1 && reply.download !== true && reply.headers["Content-Type"]?.startsWith("text/xml");
  if (latin1) reply = { ...reply, headers: { ...reply.headers, "Content-Type": "text/xml" } };
  if (fault?.kind === "upgrade") return switchProtocols(line);
  const spoiled = fault?.kind === "wrong-type" ? page(200) : fault?.kind === "xhtml" ? xhtmlPage() : reply;
  const body = fault?.kind === "garbage" ? garbage() : bytesOf(spoiled.body, latin1 === true);
  for (const [name, value] of Object.entries(spoiled.headers)) response.setHeader(name, value);
  response.statusCode = spoiled.status;
  const abrupt = fault?.kind === "no-close-notify" || (options.abruptDownloads && reply.download === true);
  if (abrupt) await sendAbruptly(line, body);
  else if (fault?.kind === "truncate") await truncate(line, body);
  else if (fault?.kind === "oversize") await oversize(response, body, fault.bytes);
  else if (fault?.kind === "slow") await slowly(line, body, PIECES, fault.ms / PIECES);
  else if (fault?.kind === "trickle") await slowly(line, body, body.length, fault.ms);
  else await whole(response, body, options.chunked);
}

function bytesOf(body: Reply["body"], latin1: boolean): Buffer {
  return typeof body === "string" ? Buffer.from(body, latin1 ? "latin1" : "utf8") : Buffer.from(body);
}

/** Bytes that no parser takes for a document. */
function garbage(): Buffer {
  return Buffer.from(Uint8Array.from({ length: 512 }, (_, i) => (i * 167 + 13) % 256));
}

async function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (response.destroyed || response.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

async function whole(response: ServerResponse, body: Buffer, chunked: boolean): Promise<void> {
  if (!chunked) return void response.setHeader("Content-Length", body.length).end(body);
  const size = Math.max(1, Math.ceil(body.length / PIECES));
  for (let at = 0; at < body.length; at += size) {
    await write(response, body.subarray(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

/** Half of what the length promises. */
async function truncate({ response, raw }: Line, body: Buffer): Promise<void> {
  response.setHeader("Content-Length", body.length);
  await flush(response, body.subarray(0, body.length >> 1));
  raw.end();
}

/** Without length: the end of the connection ends the body; TLS ends without close_notify. */
async function sendAbruptly({ response, raw }: Line, body: Buffer): Promise<void> {
  response.shouldKeepAlive = false;
  response.removeHeader("Transfer-Encoding"); // else it would be chunked
  await flush(response, body);
  raw.end();
}

function flush(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.write(bytes, () => resolve());
  });
}

/** The document with a comment before its last end tag; still well-formed. */
async function oversize(response: ServerResponse, body: Buffer, bytes: number): Promise<void> {
  const cut = Math.max(0, body.lastIndexOf("</"));
  await write(response, Buffer.concat([body.subarray(0, cut), Buffer.from("<!-- ")]));
  for (let sent = 0; sent < bytes && !response.destroyed && !response.closed; sent += PAD.length) {
    await write(response, PAD.subarray(0, Math.min(PAD.length, bytes - sent)));
  }
  response.end(Buffer.concat([Buffer.from(" -->"), body.subarray(cut)]));
}

/** The client may take it for the beginning of another protocol; here nothing follows. */
async function switchProtocols({ response, raw, signal }: Line): Promise<void> {
  response.writeHead(101, { Connection: "Upgrade", Upgrade: "h2c" }).flushHeaders();
  await once(raw, "close", { signal }).catch(() => undefined);
}

async function slowly({ response, signal }: Line, body: Buffer, pieces: number, pauseMs: number): Promise<void> {
  response.setHeader("Content-Length", body.length);
  const size = Math.max(1, Math.ceil(body.length / pieces));
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    await write(response, body.subarray(at, at + size));
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
  response.end();
}
