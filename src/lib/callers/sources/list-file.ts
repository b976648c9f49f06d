/** Files that sources read: the descriptions of the package, and a user's list, which is read again after a change. */
import { stat } from "node:fs/promises";
import { readRegularFile } from "../../core/bounded-file";
import { FritzError, systemCode } from "../../core/errors";
import type { DialPlan } from "../../numbers/index";
import type { SourceOptions, SourceTools } from "../source-definition";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../core/package-root";

const FOLDER = join(PACKAGE_ROOT, "data", "sources");

/** Reads the description with that id. Throws only if the installation is damaged. */
export function readSourceData(id: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, `${id}.json`), "utf8"));
}

/** PhoneBlock's complete list has about 2 MB. */
const MOST_BYTES = 20 * 1024 * 1024;

/** The path of a list; undefined: none is entered. */
export function listPath({ file, fileType }: SourceOptions, tools: SourceTools): (() => Promise<string>) | undefined {
  if (typeof file !== "string" || file.trim() === "") return undefined;
  return async () => tools.resolve((await tools.find?.(file, fileType)) ?? file);
}

/** One list file. */
export class ListFile<T> {
  private read: { version: string; list: Promise<T> } | undefined;

  /** `path`: asked before each look-up. `parse` makes the list of the file's text. */
  constructor(
    private readonly path: () => Promise<string>,
    private readonly parse: (text: string, plan: DialPlan) => Promise<T>,
  ) {}

  /** The list as the file has it now; it is parsed once for each version and dial plan. Rejects with a `FritzError`. */
  async now(plan: DialPlan): Promise<T> {
    const path = await this.path();
    const version = `${path} ${await this.version(path)} ${JSON.stringify(plan)}`;
    if (this.read?.version !== version) {
      const list = this.text(path).then((text) => this.parse(text, plan));
      this.read = { version, list };
      list.catch(() => (this.read = undefined));
    }
    return this.read.list;
  }

  /** Changes when the file changes. */
  private async version(path: string): Promise<string> {
    return this.explained(async () => {
      const { mtimeMs, size } = await stat(path);
      return `${mtimeMs} ${size}`;
    });
  }

  /** UTF-8, or Windows encodings. */
  private async text(path: string): Promise<string> {
    const bytes = await this.explained(() => readRegularFile(path, MOST_BYTES));
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
