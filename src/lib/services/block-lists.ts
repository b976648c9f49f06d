/** L3 services: lists of unwanted numbers in memory: from a file that people write, or from a service that keeps one. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { entriesOfJson, entriesOfTable, listedOpinion, type ListedNumber } from "../domain/block-list";
import { prefixKeys } from "../domain/phone-number/lookup-keys";
import { FritzError } from "../model/errors";
import type { DialPlan } from "../model/phone-number";
import type { Opinion } from "../model/source";
import { lookupKeys } from "./numbers";

/** After so many entries the rest of Node-RED gets its turn. */
const ENTRIES_A_TURN = 2_000;

/** Who is on a list: by number, and by the beginning of a number. */
export class BlockIndex {
  private readonly entries = new Map<string, Omit<ListedNumber, "number">>();

  /** How many there are. */
  get size(): number {
    return this.entries.size;
  }

  /** The entries, each found however it was written. `plan` is for those without country code. */
  static async of(listed: readonly ListedNumber[], plan: DialPlan): Promise<BlockIndex> {
    const index = new BlockIndex();
    for (const [i, { number, ...entry }] of listed.entries()) {
      const [key] = /^\+\d+\*?$/.test(number) ? [number] : lookupKeys(number, plan);
      if (key !== undefined) index.entries.set(key, entry);
      if (i % ENTRIES_A_TURN === ENTRIES_A_TURN - 1) await nextTurn();
    }
    return index;
  }

  /** The entry of just this number, else the narrowest beginning that is listed. */
  find(e164: string): Opinion | undefined {
    const key = [e164, ...prefixKeys(e164)].find((candidate) => this.entries.has(candidate));
    const entry = key === undefined ? undefined : this.entries.get(key);
    return entry && listedOpinion(entry);
  }
}

/** Text with one number a line and comments, CSV, or JSON. Throws `blocklist-content` if there is no number in it. */
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

function rowsOf(text: string): string[][] {
  const [firstLine = ""] = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  const delimiter = [";", "\t", ","].find((candidate) => firstLine.includes(candidate)) ?? ";";
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- not on the way of those who have no such list
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
