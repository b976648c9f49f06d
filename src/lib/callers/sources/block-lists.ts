/** Index of block list entries, and the parser of their files. */
import { yieldingly } from "../../core/async";
import { entriesOfJson, entriesOfTable, listedOpinion, type ListedNumber } from "./block-list-entries";
import { type DialPlan, lookupKeys, prefixKeys } from "../../numbers/index";
import { FritzError } from "../../core/errors";
import type { Opinion } from "../source";

/** Entries by number, and by prefix. */
export class BlockIndex {
  private readonly entries = new Map<string, Omit<ListedNumber, "number">>();

  /** Number of entries. */
  get size(): number {
    return this.entries.size;
  }

  /** Indexes the entries in any written form. `plan`: for those without country code. */
  static async of(listed: readonly ListedNumber[], plan: DialPlan): Promise<BlockIndex> {
    const index = new BlockIndex();
    await yieldingly(listed, ({ number, ...entry }) => {
      const [key] = /^\+\d{10,15}\*?$/.test(number) ? [number] : lookupKeys(number, plan);
      if (key !== undefined) index.entries.set(key, entry);
    });
    return index;
  }

  /** The entry of exactly this number, else the longest listed prefix. */
  find(e164: string): Opinion | undefined {
    const key = [e164, ...prefixKeys(e164)].find((candidate) => this.entries.has(candidate));
    const entry = key === undefined ? undefined : this.entries.get(key);
    return entry && listedOpinion(entry);
  }
}

/**
 * Text with one number a line and comments, CSV, or JSON. Throws `blocklist-content` if it contains no
 * number.
 */
export function readBlockList(text: string): ListedNumber[] {
  const entries = /^\s*[[{]/.test(text) ? entriesOfJson(parsed(text)) : entriesOfTable(rowsOf(text));
  if (!entries || entries.length === 0) throw new FritzError("blocklist-content");
  return entries;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The rows of a CSV text with any usual delimiter. Throws `blocklist-content`. */
export function rowsOf(text: string): string[][] {
  const [firstLine = ""] = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  const delimiter = [";", "\t", ","].find((candidate) => firstLine.includes(candidate)) ?? ";";
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only loaded for CSV lists
  const { parse } = require("csv-parse/sync") as typeof import("csv-parse/sync");
  try {
    return parse(text, {
      ...{ bom: true, delimiter, comment: "#", relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
      ...{ trim: true, max_record_size: 10_000 },
    });
  } catch {
    throw new FritzError("blocklist-content");
  }
}
