/** Parses the entries of block lists: text, CSV or JSON. */
import type { Opinion } from "../source";

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
export function listedOpinion({ votes, score }: Omit<ListedNumber, "number">): Opinion {
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
export function entriesOfTable(rows: readonly (readonly string[])[]): ListedNumber[] {
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
  const [count, rating] = [whole(votes), whole(score)];
  return [
    {
      number: number.trim(),
      ...(count !== undefined && { votes: count }),
      ...(rating !== undefined && rating >= 1 && rating <= 9 && { score: rating }),
    },
  ];
}

function whole(value: unknown): number | undefined {
  const count = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof count === "number" && Number.isInteger(count) && count >= 0 ? count : undefined;
}
