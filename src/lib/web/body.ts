/** Reads the body of an HTTP answer: decompressed, bounded, complete, and decoded. */
import { defined } from "../core/defined";
import { DAY_MS } from "../core/clock";
import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { FritzError, systemCode } from "../core/errors";
import type { WebReply } from "./types";

/** Longest pause that a service can ask for, ms. */
const LONGEST_RETRY_MS = DAY_MS;

/** All bytes, or a `FritzError` when there are more than `maxBytes` (also of a small body that unpacks to a huge one) or too few. */
export async function readBody(response: IncomingMessage, maxBytes: number, host: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of unpacked(response) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) throw new FritzError("source-reply", { host, detail: "size" });
      parts.push(part);
    }
    if (!response.complete) throw new FritzError("source-reply", { host, detail: "cut" }, true);
  } catch (error) {
    const code = systemCode(error);
    if (/^(Z_|ERR_.*BROTLI|ERR__ERROR)/.test(code)) throw new FritzError("source-reply", { host, detail: "packed" });
    if (code === "ECONNRESET") throw new FritzError("source-reply", { host, detail: "cut" }, true);
    throw error;
  } finally {
    response.destroy();
  }
  return Buffer.concat(parts);
}

/** By the name in `Content-Encoding`. A map, since that name is the service's: "constructor" is no encoding. */
const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

function unpacked(response: IncomingMessage): Readable {
  const unpack = UNPACKERS.get(response.headers["content-encoding"]?.trim().toLowerCase() ?? "");
  if (!unpack) return response;
  const stream = unpack();
  response.on("error", (error) => stream.destroy(error));
  response.on("aborted", () => stream.destroy(Object.assign(new Error("cut"), { code: "ECONNRESET" })));
  return response.pipe(stream);
}

/** Converts an HTTP answer to a `WebReply`. */
export function toReply(response: IncomingMessage, body: Buffer): WebReply {
  const [type = "", ...parameters] = (response.headers["content-type"] ?? "").split(";").map((part) => part.trim());
  const charset = parameters.map((part) => /^charset="?([\w-]+)/i.exec(part)?.[1]).find((found) => found);
  const retryAfterMs = retryAfter(response.headers["retry-after"], response.headers.date);
  return {
    status: response.statusCode ?? 0,
    type: type.toLowerCase(),
    text: decode(body, charset ?? charsetInside(body)),
    ...defined({ retryAfterMs }),
  };
}

/** `<meta charset="…">` or `<?xml encoding="…"?>` in the first kilobyte. */
function charsetInside(body: Buffer): string | undefined {
  return /(?:charset|encoding)\s*=\s*["']?([\w-]+)/i.exec(body.subarray(0, 1024).toString("latin1"))?.[1];
}

function decode(body: Buffer, charset = "utf-8"): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body); // an unknown charset
  }
}

function retryAfter(header: string | undefined, date: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.parse(date ?? "");
  return Number.isFinite(ms) ? Math.min(LONGEST_RETRY_MS, Math.max(0, ms)) : undefined;
}
