/** Determines the file of a log line. Only handles names, no disk access. */
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { FritzError } from "../core/errors";

export interface LogTarget {
  /** Base folder of relative names. */
  base: string;
  /** The configured file; "" = none. */
  file: string;
  /** One file a day, with the date before the extension: calls-2026-11-23.log */
  daily: boolean;
}

/**
 * The absolute path for a line of the given day ("2026-11-23"). `fromMessage` may name another file, but only
 * inside the configured file's folder, as messages may come from outside.
 */
export function logPath(target: LogTarget, fromMessage: unknown, day: string): string {
  const path = fromMessage === undefined || fromMessage === "" ? configured(target) : chosen(target, fromMessage);
  if (path === undefined) throw new FritzError("log-no-file");
  return target.daily ? withDay(path, day) : path;
}

function configured({ base, file }: LogTarget): string | undefined {
  return file.trim() === "" ? undefined : resolve(base, file.trim());
}

/** The folder that a message cannot leave. */
export function logFolder(target: LogTarget): string {
  const path = configured(target);
  return path === undefined ? resolve(target.base) : dirname(path);
}

function chosen(target: LogTarget, fromMessage: unknown): string {
  if (typeof fromMessage !== "string" || /\p{Cc}/u.test(fromMessage)) throw new FritzError("log-bad-file");
  const folder = logFolder(target);
  const path = resolve(folder, fromMessage);
  if (path === folder || leavesFolder(folder, path)) throw new FritzError("log-outside");
  if (!isLogName(relative(folder, path), target.file)) throw new FritzError("log-foreign");
  return path;
}

/**
 * Extensions that a message may choose: none that Node-RED or another program would execute or read as
 * settings.
 */
const LOG_ENDINGS = ["", ".log", ".txt", ".csv", ".tsv", ".jsonl", ".ndjson"];
/** Folders and files in which Node-RED, npm and this package keep their own data. */
const RESERVED = /^(\.|node_modules$|nodes$|lib$|projects$|context$|externalmodules$|fritz-calls$)/;
const RESERVED_JSON = /^(package|package-lock|npm-shrinkwrap|tsconfig|flows)\b|_cred\b/;

/** Extensions of code or settings, rejected even if the configured file has them. */
const CODE = /^\.([cm]?[jt]sx?|html?|sh|py|ya?ml|env|ini|conf|service|node|wasm)$/;

/**
 * Whether a path below the log folder has the name of a log; the configured file's own extension is allowed,
 * too.
 */
function isLogName(inside: string, configuredFile: string): boolean {
  const parts = inside.toLowerCase().split(/[\\/]/);
  if (parts.some((part) => RESERVED.test(part) || /[. ]$/.test(part) || part.includes(":"))) return false;
  const name = parts.at(-1) ?? "";
  const ending = extname(name);
  if (LOG_ENDINGS.includes(ending)) return true;
  return ending === extname(configuredFile.trim()).toLowerCase() && !CODE.test(ending) && !RESERVED_JSON.test(name);
}

function withDay(path: string, day: string): string {
  const ending = extname(path);
  return join(dirname(path), `${basename(path, ending)}-${day}${ending}`);
}

/**
 * The day of a line: the event's own by the box's clock, so that a call at 23:59:59 stays in its day and
 * summer time cannot shift midnight. Without an event this computer's day.
 */
export function logDay(at: string | undefined, nowMs: number): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(at ?? "")?.[0];
  if (day !== undefined) return day;
  const now = new Date(nowMs);
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/**
 * Whether the path is outside the folder (another drive included). Only handles names: links are checked by
 * the caller.
 */
export function leavesFolder(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === ".." || /^\.\.[\\/]/.test(inside) || isAbsolute(inside);
}
