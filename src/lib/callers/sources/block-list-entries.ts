/** Parses the entries of block lists: text, CSV or JSON. */
import { defined } from "../../core/defined";
import type { Opinion } from "../source";
import { yieldingly } from "../../core/async";
import { type DialPlan, lookupKeys, prefixKeys } from "../../numbers/index";
import { FritzError } from "../../core/errors";

/** An entry as written; `number` may end with `*`. */
export interface ListedNumber {
  number: string;
  votes?: number;
  /** 1 good .. 9 bad. */
  score?: number;
}

/** Reports assumed for an entry without votes: enough for fritz-block's default rule. */
const OWN_REPORTS = 10;

/** The opinion of an entry. */
function listedOpinion({ votes, score }: Omit<ListedNumber, "number">): Opinion {
  const reports = votes ?? OWN_REPORTS;
  if (score !== undefined) return { risk: (score - 1) * 12.5, reports };
  return { risk: votes === undefined ? 100 : 50 + (50 * votes) / (votes + 1.96 ** 2), reports };
}

const NAMES = {
  number: /^(number|phone|telephone|nummer|rufnummer|telefonnummer|telefon|caller|callerid)$/,
  votes: /^(votes|reports|complains|complaints|comments|count|meldungen|stimmen|bewertungen)$/,
  score: /^(score|wertung)$/,
};

/**
 * The entries of a table whose first row may name its columns; without names the first column is the number,
 * the second the votes. Skips rows without a digit in their number.
 */
function entriesOfTable(rows: readonly (readonly string[])[]): ListedNumber[] {
  const [first = []] = rows;
  const names = first.map((name) => name.trim().toLowerCase());
  const column = (pattern: RegExp) => names.findIndex((name) => pattern.test(name));
  const named = column(NAMES.number) >= 0;
  const at = named
    ? { number: column(NAMES.number), votes: column(NAMES.votes), score: column(NAMES.score) }
    : { number: 0, votes: 1, score: -1 };
  return (named ? rows.slice(1) : rows).flatMap((row) =>
    toEntry(row[at.number], at.votes < 0 ? undefined : row[at.votes], at.score < 0 ? undefined : row[at.score]),
  );
}

/**
 * The entries of PhoneBlock's list, of tellows' list, or of any list of objects or texts. Undefined if it is
 * none.
 */
export function entriesOfJson(value: unknown): ListedNumber[] | undefined {
  const list = Array.isArray(value) ? (value as unknown[]) : (value as { numbers?: unknown } | null)?.numbers;
  if (!Array.isArray(list)) return undefined;
  return (list as unknown[]).flatMap((item) => {
    if (typeof item === "string") return toEntry(item);
    if (typeof item !== "object" || item === null) return [];
    const { phone, number, votes, complains, score } = item as Record<string, unknown>;
    return toEntry(phone ?? number, votes ?? complains, score);
  });
}

function toEntry(number: unknown, votes?: unknown, score?: unknown): ListedNumber[] {
  if (typeof number !== "string" || !/\d/.test(number) || number.length > 60) return [];
  const rating = whole(score);
  const isRating = rating !== undefined && rating >= 1 && rating <= 9;
  return [{ number: number.trim(), ...defined({ votes: whole(votes), score: isRating ? rating : undefined }) }];
}

function whole(value: unknown): number | undefined {
  const count = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof count === "number" && Number.isInteger(count) && count >= 0 ? count : undefined;
}

// Index of block list entries, and the parser of their files.

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

/** From a `#` on that begins a line or word, or that a word follows; codes ("#31#030…", "030…#") and quoted texts stay. */
const COMMENT = /"[^"\n]*"|(^|[\s;,])#(?!\d+#)[^\n]*|#(?=[ \t]*\p{L})[^\n]*/gmu;

/** The rows of a CSV text with any usual delimiter. Throws `blocklist-content`. */
export function rowsOf(text: string): string[][] {
  const rows = text.replace(COMMENT, (all: string, before: string = "") => (all.startsWith('"') ? all : before));
  const [firstLine = ""] = rows.split(/\r?\n/).filter((line) => line.trim() !== "");
  const delimiter = [";", "\t", ","].find((candidate) => firstLine.includes(candidate)) ?? ";";
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only loaded for CSV lists
  const { parse } = require("csv-parse/sync") as typeof import("csv-parse/sync");
  try {
    return parse(rows, {
      ...{ bom: true, delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
      ...{ trim: true, max_record_size: 10_000 },
    });
  } catch {
    throw new FritzError("blocklist-content");
  }
}
