/** Simulator, TR-064: puts an answer on the wire, whole or spoiled. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "./faults";
import { page, type Reply } from "./reply";

/** How bodies are sent. */
export interface WireOptions {
  /** In chunks, without a length. */
  chunked: boolean;
  /** SOAP replies in ISO-8859-1, and nothing says so. */
  latin1: boolean;
  /** Downloads without length and without good-bye, as FRITZ!OS 8 sends them over TLS. */
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

/** Sends a reply; resolves when all of it is on its way. */
export async function send(line: Line, reply: Reply, options: WireOptions, fault: Fault | undefined): Promise<void> {
  const { response, raw } = line;
  if (fault?.kind === "reset-before" || fault?.kind === "reset-after") return void raw.resetAndDestroy();
  const latin1 = options.latin1 && reply.download !== true && reply.headers["Content-Type"]?.startsWith("text/xml");
  if (latin1) reply = { ...reply, headers: { ...reply.headers, "Content-Type": "text/xml" } };
  const spoiled = fault?.kind === "wrong-type" ? page(200) : reply;
  const body = fault?.kind === "garbage" ? garbage() : Buffer.from(spoiled.body, latin1 ? "latin1" : "utf8");
  for (const [name, value] of Object.entries(spoiled.headers)) response.setHeader(name, value);
  response.statusCode = spoiled.status;
  const abrupt = fault?.kind === "no-close-notify" || (options.abruptDownloads && reply.download === true);
  if (abrupt) await sendAbruptly(line, body);
  else if (fault?.kind === "truncate") await truncate(line, body);
  else if (fault?.kind === "oversize") await oversize(response, body, fault.bytes);
  else if (fault?.kind === "slow") await slowly(line, body, fault.ms);
  else await whole(response, body, options.chunked);
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

/** No length: the end of the connection ends the body; TLS is cut without its good-bye. */
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

async function slowly({ response, signal }: Line, body: Buffer, ms: number): Promise<void> {
  response.setHeader("Content-Length", body.length);
  const size = Math.max(1, Math.ceil(body.length / PIECES));
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    await write(response, body.subarray(at, at + size));
    await delay(ms / PIECES, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
  response.end();
}
