/** L5 nodes: failures -> one sentence in the server's language. The sentences are in locales/<language>/fritz-config.json. */
import { FritzError } from "../../lib/model/errors";
import type { MonitorProblem } from "../../lib/model/problems";
import type { Runtime } from "./red";

const NAMESPACE = "node-red-contrib-fritz-calls/fritz-config:fritz-config";

/** A text that all nodes share. */
export function sharedText(RED: Runtime, key: string, values: Record<string, string | number> = {}): string {
  return RED._(`${NAMESPACE}.${key}`, values);
}

export function problemText(RED: Runtime, { code, host, port, detail = "" }: MonitorProblem): string {
  return sharedText(RED, `problem.${code}`, { host, port, detail });
}

/** The error that goes to Catch nodes: the sentence, the code, and no stack that would fill the log. */
export function toUserError(RED: Runtime, error: unknown): Error & { code: string } {
  const known = error instanceof FritzError;
  const code = known ? error.code : "internal";
  const detail = error instanceof Error ? error.name : typeof error;
  const message = sharedText(RED, `error.${code}`, known ? error.values : { detail });
  return Object.assign(new Error(message), { code, stack: message });
}
