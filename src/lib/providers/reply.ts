/** L4 providers: what an HTTP status and a body mean, the same for all services. */
import { FritzError } from "../model/errors";
import type { WebReply } from "../model/source";

/** Throws unless the service has answered the question. `unknown` are statuses that say "I don't know this number". */
export function checkStatus(reply: WebReply, host: string, unknown: readonly number[] = []): "answered" | "unknown" {
  const { status, retryAfterMs } = reply;
  if (unknown.includes(status)) return "unknown";
  if (status === 200) return "answered";
  if (status === 401) throw new FritzError("source-key", { host });
  if (status === 403 || status === 429 || status === 503) throw blocked(host, retryAfterMs);
  throw new FritzError("source-status", { host, detail: status }, status >= 500);
}

/** It turns us away, for at least so long. */
export function blocked(host: string, waitMs = 0): FritzError {
  return new FritzError("source-blocked", { host, waitMs });
}

/** An answer that says something, but not what we know how to read. */
export function strange(host: string, detail: string): FritzError {
  return new FritzError("source-reply", { host, detail });
}

/** Whether a page asks for a proof of being human, whatever its status. */
export function asksForHuman(text: string): boolean {
  return /captcha|are you (a )?(robot|human)|cf-chl|challenge-platform|unusual traffic/i.test(text.slice(0, 200_000));
}

/** The JSON object in a body. */
export function jsonObject(reply: WebReply, host: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(reply.text);
  } catch {
    throw asksForHuman(reply.text) ? blocked(host) : strange(host, "json");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw strange(host, "json");
  return value as Record<string, unknown>;
}

/** A number, also one that is written as text; else NaN. */
export function numeric(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : NaN;
}

/** A text that says something; else undefined. Names from outside are bounded and on one line. */
export function textual(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return text === "" ? undefined : text.slice(0, 200);
}
