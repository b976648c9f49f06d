/** L2 transport: lists on the disk: those of users, read when they have changed, and those that are kept for the next start. */
import { constants } from "node:fs";
import { mkdir, open, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FritzError } from "../model/errors";
import type { Store } from "../model/source";
import { systemCode } from "./system-error";

/** PhoneBlock's whole list has about 2 MB. */
const MOST_BYTES = 50 * 1024 * 1024;
/** Not blocking: a pipe without a writer is no file, not a wait for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** A file that people write. */
export class ListFile {
  constructor(private readonly path: string) {}

  /** Changes when the file does. Rejects with a `FritzError`. */
  async version(): Promise<string> {
    return this.explained(async () => {
      const { mtimeMs, size } = await stat(this.path);
      return `${mtimeMs} ${size}`;
    });
  }

  /** UTF-8, or what Windows writes. Rejects with a `FritzError`. */
  async text(): Promise<string> {
    const bytes = await this.explained(async () => {
      const file = await open(this.path, FLAGS);
      try {
        const { size } = await file.stat();
        if (size > MOST_BYTES) throw new FritzError("blocklist-file", { detail: "EFBIG" });
        return await file.readFile();
      } finally {
        await file.close();
      }
    });
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return new TextDecoder("windows-1252").decode(bytes);
    }
  }

  private async explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof FritzError ? error : new FritzError("blocklist-file", { detail: systemCode(error) });
    }
  }
}

/** A value in a file of its own, for the owner's eyes; a write that is cut off leaves the old one. */
export function jsonFile(path: string): Store {
  return {
    read: async () => JSON.parse(await readFile(path, "utf8")) as unknown,
    write: async (value) => {
      await mkdir(dirname(path), { recursive: true });
      const fresh = `${path}.${process.pid}.new`;
      await writeFile(fresh, JSON.stringify(value), { mode: 0o600 });
      await rename(fresh, path);
    },
  };
}
