/** L2 transport: a list on the disk that people write, read when it has changed. */
import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { FritzError } from "../model/errors";
import { systemCode } from "./system-error";

/** PhoneBlock's whole list has about 2 MB. */
const MOST_BYTES = 50 * 1024 * 1024;
/** Not blocking: a pipe without a writer is no file, not a wait for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** One such file. */
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
