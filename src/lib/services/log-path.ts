/** L3 services: which file a log line belongs to. Only reckons with names; nothing here touches the disk. */
import { basename, dirname, extname, join, resolve } from "node:path";
import { FritzError } from "../model/errors";
import { leavesFolder } from "../transport/inside";

export interface LogTarget {
  /** The folder that relative names start from. */
  base: string;
  /** The configured file; "" = none. */
  file: string;
  /** One file a day, the day before the name's ending: calls-2026-11-23.log */
  daily: boolean;
}

/**
 * The absolute path for a line of the given day ("2026-11-23"). `fromMessage` may name another file, but only inside the
 * configured file's folder: what a message holds may come from outside.
 */
export function logPath(target: LogTarget, fromMessage: unknown, day: string): string {
  const path = fromMessage === undefined || fromMessage === "" ? configured(target) : chosen(target, fromMessage);
  if (path === undefined) throw new FritzError("log-no-file");
  return target.daily ? withDay(path, day) : path;
}

function configured({ base, file }: LogTarget): string | undefined {
  return file.trim() === "" ? undefined : resolve(base, file.trim());
}

/** The folder that a message may not leave. */
export function logFolder(target: LogTarget): string {
  const path = configured(target);
  return path === undefined ? resolve(target.base) : dirname(path);
}

function chosen(target: LogTarget, fromMessage: unknown): string {
  if (typeof fromMessage !== "string" || /\p{Cc}/u.test(fromMessage)) throw new FritzError("log-bad-file");
  const folder = logFolder(target);
  const path = resolve(folder, fromMessage);
  if (path === folder || leavesFolder(folder, path)) throw new FritzError("log-outside");
  return path;
}

function withDay(path: string, day: string): string {
  const ending = extname(path);
  return join(dirname(path), `${basename(path, ending)}-${day}${ending}`);
}

/**
 * The day that a line belongs to: the event's own, as the box's clock showed it, so that a call at 23:59:59 stays in its day
 * and summer time cannot shift midnight. Without an event it is this computer's day.
 */
export function logDay(at: string | undefined, nowMs: number): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(at ?? "")?.[0];
  if (day !== undefined) return day;
  const now = new Date(nowMs);
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}
