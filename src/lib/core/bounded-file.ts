/** Reads a regular file that a user named, up to a maximum size. */
import { constants, promises } from "node:fs"; // "node:fs/promises" takes a millisecond to load, and few users name a file
import type { FileHandle } from "node:fs/promises";

/** Non-blocking: opening a pipe without a writer returns at once. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;
const CHUNK_BYTES = 256 * 1024;

/**
 * Returns the bytes of a regular file. Rejects with the system's error; code `EISDIR` if it is no regular
 * file (a folder, a pipe, a device), `EFBIG` if it holds more than `mostBytes`, whatever size the system
 * reports.
 */
export async function readRegularFile(path: string, mostBytes: number): Promise<Buffer> {
  const file = await promises.open(path, FLAGS);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw withCode("EISDIR");
    return await readUpTo(file, mostBytes);
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let size = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > mostBytes) throw withCode("EFBIG");
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

const withCode = (code: string) => Object.assign(new Error(code), { code });
