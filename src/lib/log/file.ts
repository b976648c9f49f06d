/** Appends lines to files, in order and never interleaved. */
import { FOLDER_MODE, OWNER_ONLY } from "../core/json-file";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { FritzError, systemCode } from "../core/errors";
import { leavesFolder } from "./path";

/** Non-blocking: a pipe without a reader is an error. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
/** Waiting lines are written together, up to about this many characters. */
const BATCH_CHARS = 256 * 1024;

interface Waiting {
  line: string;
  resolve: () => void;
  reject: (error: FritzError) => void;
}

interface Queue {
  waiting: Waiting[];
  busy: boolean;
  /** The last write stopped in the middle of a line. */
  torn: boolean;
}

/**
 * One queue a file, for all nodes of this process. The file is opened for each batch, so that it may be moved
 * or deleted at any time; missing folders are created.
 */
export class LogFiles {
  private readonly queues = new Map<string, Queue>();

  /**
   * Appends one line (adds its end). Resolves when the system has written it; rejects with a `FritzError` for
   * this line only.
   */
  append(path: string, line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(path) ?? { waiting: [], busy: false, torn: false };
      this.queues.set(path, queue);
      queue.waiting.push({ line: `${line}\n`, resolve, reject });
      if (!queue.busy) void this.drain(path, queue);
    });
  }

  private async drain(path: string, queue: Queue): Promise<void> {
    queue.busy = true;
    while (queue.waiting.length > 0) {
      const batch = nextBatch(queue.waiting);
      const repair = queue.torn ? "\n" : "";
      const bytes = Buffer.from(repair + batch.map(({ line }) => line).join(""));
      const { written, error } = await write(path, bytes);
      settleBatch(batch, queue, written - Buffer.byteLength(repair), error);
    }
    queue.busy = false;
    if (!queue.torn) this.queues.delete(path);
  }
}

/** The instance that all nodes share. */
export const logFiles = new LogFiles();

function nextBatch(waiting: Waiting[]): Waiting[] {
  let chars = 0;
  let count = 0;
  while (count < waiting.length && (count === 0 || chars < BATCH_CHARS)) chars += waiting[count++]?.line.length ?? 0;
  return waiting.splice(0, count);
}

/** Resolves or rejects each line of a batch. */
function settleBatch(batch: Waiting[], queue: Queue, written: number, error: FritzError | undefined): void {
  let end = 0;
  if (written >= 0) queue.torn = false; // the repairing line end is written
  for (const { line, resolve, reject } of batch) {
    const start = end;
    end += Buffer.byteLength(line);
    if (end <= written) resolve();
    else reject(error ?? new FritzError("log-failed", { detail: "short" }));
    if (start < written && written < end) queue.torn = true;
  }
}

async function write(path: string, bytes: Buffer): Promise<{ written: number; error?: FritzError }> {
  let written = 0;
  try {
    const file = await openMaking(path);
    try {
      while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
    } finally {
      await file.close();
    }
    return { written };
  } catch (error) {
    return { written, error: explain(error) };
  }
}

async function openMaking(path: string) {
  try {
    return await open(path, FLAGS, OWNER_ONLY);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    return open(path, FLAGS, OWNER_ONLY);
  }
}

/** Rejects a path that leaves the folder through a link; a missing file is checked by its folder. */
export async function assertInside(folder: string, path: string): Promise<void> {
  if (leavesFolder(await realpathOfExisting(folder), await realpathOfExisting(path)))
    throw new FritzError("log-outside");
}

/** Beginning of a log line, in either format, with the byte order mark that some editors add. */
const LOG_LINE = /^\uFEFF?(\d\d\.\d\d\.\d\d \d\d:\d\d:\d\d;|\{"(event|callerInfo|decision)":|\r?\n)/;
const LONGEST_BEGINNING = 64;

/**
 * Rejects an existing file that does not begin like a log. Empty files are accepted: log rotation leaves
 * them.
 */
export async function assertLog(path: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw explain(error);
  }
  try {
    if (!(await file.stat()).isFile()) throw new FritzError("log-foreign");
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LONGEST_BEGINNING), 0, LONGEST_BEGINNING, 0);
    const beginning = buffer.toString("utf8", 0, bytesRead);
    if (beginning !== "" && !LOG_LINE.test(beginning)) throw new FritzError("log-foreign");
  } finally {
    await file.close();
  }
}

async function realpathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path === dirname(path) ? path : realpathOfExisting(dirname(path));
  }
}

function explain(error: unknown): FritzError {
  const detail = systemCode(error);
  switch (detail) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new FritzError("log-full", {}, true);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new FritzError("log-denied");
    case "EISDIR":
    case "ENOTDIR":
    case "EEXIST":
      return new FritzError("log-folder");
    default:
      return new FritzError("log-failed", { detail }, true);
  }
}
