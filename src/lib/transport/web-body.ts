/** L2 transport: the body of an answer: unpacked, bounded, whole, and as text in its own alphabet. */
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { FritzError } from "../model/errors";
import type { WebReply } from "../model/source";
import { systemCode } from "./system-error";

/** A service cannot ask us to stay away for longer, ms. */
const LONGEST_RETRY_MS = 24 * 3_600_000;

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

function unpacked(response: IncomingMessage): Readable {
  const unpack = {
    gzip: createGunzip,
    "x-gzip": createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[response.headers["content-encoding"]?.trim().toLowerCase() ?? ""];
  if (!unpack) return response;
  const stream = unpack();
  response.on("error", (error) => stream.destroy(error));
  response.on("aborted", () => stream.destroy(Object.assign(new Error("cut"), { code: "ECONNRESET" })));
  return response.pipe(stream);
}

/** The answer as sources read it. */
export function toReply(response: IncomingMessage, body: Buffer): WebReply {
  const [type = "", ...parameters] = (response.headers["content-type"] ?? "").split(";").map((part) => part.trim());
  const charset = parameters.map((part) => /^charset="?([\w-]+)/i.exec(part)?.[1]).find((found) => found);
  const retryAfterMs = retryAfter(response.headers["retry-after"], response.headers.date);
  return {
    status: response.statusCode ?? 0,
    type: type.toLowerCase(),
    text: decode(body, charset ?? charsetInside(body)),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
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
    return new TextDecoder().decode(body); // a name that nobody knows
  }
}

function retryAfter(header: string | undefined, date: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.parse(date ?? "");
  return Number.isFinite(ms) ? Math.min(LONGEST_RETRY_MS, Math.max(0, ms)) : undefined;
}
