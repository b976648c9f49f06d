/** A `jsonFile` with a file of changes beside it, for what changes often and must outlast a killed process. */
import { closeSync, fdatasync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { FOLDER_MODE, jsonFile, OWNER_ONLY, syncFolder } from "./json-file";
import type { Store } from "./store";
import { systemCode } from "./errors";
import { propertiesOf } from "./unknown";

const syncData = promisify(fdatasync);

/** A larger file of changes is to be saved, and shortened then, also while changes go on, characters. */
const MOST_NOTED = 256 * 1024;
/** No save has succeeded for a long time. */
const MOST_UNSAVED = 16 * MOST_NOTED;

/**
 * `path` has the value that was saved, `path.changes` a line for each change since, numbered like the values. A line that was cut off
 * by a kill is no change. `apply` gives the value after changes; `value` is undefined if none was saved.
 */
export function notedFile(path: string, apply: Apply): Required<Store> {
  return new NotedFile(path, apply);
}

type Apply = (value: unknown, changes: unknown[]) => unknown;

class NotedFile {
  private readonly safe: Store;
  private readonly file: string;
  /** Numbers of the newest value or change, and of the newest change in the file. */
  private count = 0;
  private written = 0;
  private size = 0;
  private waiting: string[] = [];
  private writing: Promise<void> | undefined;
  /** Open from the first change to the next save. */
  private open: number | undefined;
  private syncing: Promise<void> | undefined;
  /** The folder does not know this file for certain. */
  private isNew = true;

  constructor(
    path: string,
    private readonly apply: Apply,
  ) {
    this.safe = jsonFile(path);
    this.file = `${path}.changes`;
  }

  async load(): Promise<unknown> {
    const stored = propertiesOf(await this.safe.load());
    const text = await readText(this.file);
    this.size = Math.max(this.size, text.length);
    const changes = text.split("\n").map(parsed);
    const saved = countOf(stored);
    this.count = Math.max(this.count, saved, ...changes.map(countOf));
    const later = changes.filter((one) => countOf(one) > saved).map(({ change }) => change);
    const { value } = stored;
    return later.length === 0 ? value : this.apply(value, later);
  }

  async save(value: unknown): Promise<void> {
    const saved = ++this.count;
    await this.safe.save({ count: saved, value });
    while (this.syncing) await this.syncing;
    this.shorten(saved);
  }

  /** Rejects if the disk fails. */
  async sync(): Promise<boolean> {
    if (this.size > MOST_NOTED) return true;
    if (this.open === undefined) return false;
    const work = this.syncOpen(this.open);
    this.syncing = work.catch(() => undefined).finally(() => (this.syncing = undefined));
    await work;
    return false;
  }

  private async syncOpen(file: number): Promise<void> {
    await syncData(file);
    if (!this.isNew) return;
    this.isNew = false;
    await syncFolder(dirname(this.file));
  }

  /** Those of one turn are written together. */
  note(change: unknown): Promise<void> {
    if (this.size > MOST_UNSAVED) return Promise.reject(new Error("Too many changes that could not be saved"));
    this.waiting.push(`${JSON.stringify({ count: ++this.count, change })}\n`);
    return (this.writing ??= Promise.resolve().then(() => this.write()));
  }

  private write(): void {
    // The first line feed ends a line that was cut off.
    const text = `${this.open === undefined ? "\n" : ""}${this.waiting.join("")}`;
    this.waiting = [];
    this.writing = undefined;
    this.open ??= openToAppend(this.file);
    writeSync(this.open, text);
    this.written = this.count;
    this.size += text.length;
  }

  private shorten(saved: number): void {
    if (this.open !== undefined) closeSync(this.open);
    this.open = undefined;
    const isCurrent = this.written > saved;
    if (this.size === 0 || (isCurrent && this.size < MOST_NOTED)) return;
    const lines = isCurrent ? readFileSync(this.file, "utf8").split("\n") : [];
    const rest = lines.filter((line) => Number(HEAD.exec(line)?.[1]) > saved);
    const text = rest.map((line) => `${line}\n`).join("");
    writeFileSync(`${this.file}.new`, text, { mode: OWNER_ONLY });
    renameSync(`${this.file}.new`, this.file);
    this.isNew = true;
    this.size = text.length;
  }
}

/** As `note` writes it: a long file is not parsed only to be shortened. */
const HEAD = /^\{"count":(\d+),/;

const countOf = ({ count }: Record<string, unknown>) => (typeof count === "number" ? count : 0);

/** Nothing for a line that is none. */
function parsed(line: string): Record<string, unknown> {
  try {
    return propertiesOf(JSON.parse(line));
  } catch {
    return {};
  }
}

function openToAppend(file: string): number {
  try {
    return openSync(file, "a", OWNER_ONLY);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    mkdirSync(dirname(file), { recursive: true, mode: FOLDER_MODE });
    return openSync(file, "a", OWNER_ONLY);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  }
}
