/** Interprets HTTP statuses and bodies, the same for all services. */
import { FritzError } from "../core/errors";
import type { WebReply } from "../web/types";

/** Throws unless the service has answered. `unknown`: statuses that mean an unknown number. */
export function checkStatus(reply: WebReply, host: string, unknown: readonly number[] = []): "answered" | "unknown" {
  const { status, retryAfterMs } = reply;
  if (unknown.includes(status)) return "unknown";
  if (status === 200) return "answered";
  if (status === 401) throw new FritzError("source-key", { host });
  if (status === 403 || status === 429 || status === 503) throw blocked(host, retryAfterMs);
  throw new FritzError("source-status", { host, detail: status }, status >= 500);
}

/** The service refuses requests, for at least `waitMs`. */
export function blocked(host: string, waitMs = 0): FritzError {
  return new FritzError("source-blocked", { host, waitMs });
}

/** An answer in an unknown format. */
export function strange(host: string, detail: string): FritzError {
  return new FritzError("source-reply", { host, detail });
}

/** Whether a page asks for a captcha, whatever its status. */
export function asksForHuman(text: string): boolean {
  return /captcha|are you (a )?(robot|human)|cf-chl|challenge-platform|unusual traffic/i.test(text.slice(0, 200_000));
}

/** Parses a body as a JSON object. */
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

/** A number, also given as text; else NaN. */
export function numeric(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : NaN;
}

/** A non-empty text; else undefined. Texts from services are limited in length and put on one line. */
export function textual(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return text === "" ? undefined : text.slice(0, 200);
}
