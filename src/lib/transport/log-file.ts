/** L2 transport: appends lines to files, in order, never interleaved, whoever writes. */
import { constants } from "node:fs";
import { mkdir, open, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { FritzError } from "../model/errors";
import { leavesFolder } from "./inside";
import { systemCode } from "./system-error";

/** Call data: for the owner only. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Not blocking: a pipe without a reader is an error, not a wait for ever. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
/** Lines that wait are written together, up to about this many characters. */
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
 * One queue a file, for all nodes of this process. The file is opened for each batch, so that it may be moved or deleted at
 * any time; folders are made when missing.
 */
export class LogFiles {
  private readonly queues = new Map<string, Queue>();

  /** Appends one line (its end is added). Resolves when the system has it; rejects with a `FritzError` for this line only. */
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

/** The one instance that all nodes share. */
export const logFiles = new LogFiles();

function nextBatch(waiting: Waiting[]): Waiting[] {
  let chars = 0;
  let count = 0;
  while (count < waiting.length && (count === 0 || chars < BATCH_CHARS)) chars += waiting[count++]?.line.length ?? 0;
  return waiting.splice(0, count);
}

/** Tells each line of a batch whether it is in the file. */
function settleBatch(batch: Waiting[], queue: Queue, written: number, error: FritzError | undefined): void {
  let end = 0;
  if (written >= 0) queue.torn = false; // the repairing line end is in
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
    return await open(path, FLAGS, FILE_MODE);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    return open(path, FLAGS, FILE_MODE);
  }
}

/** Refuses a path that a link leads out of the folder; what does not exist yet is judged by the folder that it would be in. */
export async function assertInside(folder: string, path: string): Promise<void> {
  if (leavesFolder(await realpathOfExisting(folder), await realpathOfExisting(path)))
    throw new FritzError("log-outside");
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
