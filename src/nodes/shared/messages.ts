/** Sentences of errors in the server's language, from locales/<language>/fritz-config.json. */
import { FritzError } from "../../lib/core/errors";
import type { MonitorProblem } from "../../lib/calls/connection";
import type { Runtime } from "./red";

const NAMESPACE = "node-red-contrib-fritz-calls/fritz-config:fritz-config";

/** The key of a text that all nodes share; as a status, the editor shows it in its own language. */
export const sharedKey = (key: string): string => `${NAMESPACE}.${key}`;

/** A text that all nodes share, in the server's language. */
export function sharedText(RED: Runtime, key: string, values: Record<string, string | number> = {}): string {
  return RED._(sharedKey(key), values);
}

export function problemText(RED: Runtime, { code, host, port, detail = "" }: MonitorProblem): string {
  return sharedText(RED, `problem.${code}`, { host, port, detail });
}

/** The error for Catch nodes: the sentence without "Error: " before it, the code, and no stack in the log. */
export function toUserError(RED: Runtime, error: unknown): Error & { code: string } {
  const known = error instanceof FritzError;
  const code = known ? error.code : "internal";
  const detail = error instanceof Error ? error.name : typeof error;
  const message = sharedText(RED, `error.${code}`, known ? error.values : { detail });
  return Object.assign(new Error(message), { name: "", code, stack: message });
}
