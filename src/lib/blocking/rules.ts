/** Rules that block a caller. */
import type { BlockContext, BlockRules, Decision } from "./types";
import { RULE_DEFAULTS } from "./types";
import { numberOr, textsOf } from "../core/unknown";
import type { CallerFacts } from "./facts";
import { fitsName, findPattern } from "./pattern-list";
import { type Flag, hasHardFlag } from "../numbers/index";

/** A verdict with its reason. */
export interface Reason {
  verdict: Decision["verdict"];
  because: string;
  /** Key of the sentence, see `block-phrases`. */
  sentence: string;
  values?: Record<string, string | number>;
  /** The property's name, with threshold and value. */
  rule?: string;
  /** The block book that contains the caller. */
  book?: string;
}

/** A rule: returns a reason, or undefined if it does not apply to this caller. */
export type Rule = (facts: CallerFacts, rules: BlockRules, context: BlockContext) => Reason | undefined;

/** A reason to allow. */
export const pass = (
  because: string,
  sentence: string,
  more: Omit<Reason, "verdict" | "because" | "sentence"> = {},
): Reason => ({
  verdict: "allow",
  because,
  sentence,
  ...more,
});

/** A reason to block, with its rule. */
const block = (because: string, sentence: string, rule: string, values: Reason["values"] = {}): Reason => ({
  verdict: "block",
  because,
  sentence,
  values,
  rule,
});

/**
 * Whether one of the names refers to the book. Case does not matter, unless another book has exactly that
 * name. `all`: the names of all books, if known.
 */
export const isListed = (book: string, names: readonly string[], all: readonly string[] = []) =>
  names.some((name) => name.trim() === book.trim() || (sameText(name, book) && !all.includes(name.trim())));

const sameText = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Whether the match depends on the names of the other books. */
export const isListedLoosely = (book: string, names: readonly string[]) =>
  isListed(book, names) && !names.some((name) => name.trim() === book.trim());

/**
 * Flags of real numbers that were transmitted incorrectly: a digit was lost, or a mobile number came behind
 * an area code.
 */
const MISTAKEN = ["missing-zero", "missing-plus", "veiled-mobile"];

/** A hit in a block book. */
export const blockBook: Rule = ({ hits }, rules, { books }) => {
  const hit = hits.find(({ book }) => isListed(book, blockBooksOf(rules), books));
  if (!hit) return undefined;
  const { book } = hit;
  return { ...block("block-book", "block-book", `blockBooks: ${book}`, { book }), book };
};

/** A matching block pattern. */
export const blockPattern: Rule = ({ keys, networkKeys }, rules, { plan }) => {
  const pattern = findPattern(rules.blockPatterns, [...keys, ...networkKeys], plan);
  return pattern === undefined
    ? undefined
    : block("pattern", "block-pattern", `blockPatterns: ${pattern}`, { pattern });
};

/** A name that a source says fits a pattern. */
const namePattern: Rule = ({ name, hits }, { namePatterns }) => {
  const pattern = hits.length > 0 ? undefined : textsOf(namePatterns).find((one) => fitsName(one, name));
  return pattern === undefined
    ? undefined
    : block("name", "name-pattern", `namePatterns: ${pattern}`, { name: name.trim(), pattern });
};

const fakeNumber: Rule = ({ flags }, { blockFake }) => {
  const fake = flags.find((flag) => hasHardFlag([flag as Flag]));
  if (blockFake !== true || fake === undefined || MISTAKEN.some((flag) => flags.includes(flag))) return undefined;
  return block("fake-number", `fake-${fake}`, `blockFake: ${fake}`);
};

const spamScore: Rule = ({ spam }, rules) => {
  const minScore = numberOr(rules.minScore, RULE_DEFAULTS.minScore);
  const minReports = numberOr(rules.minReports, RULE_DEFAULTS.minReports);
  if (!spam || minScore <= 0 || spam.score < minScore || spam.reports < minReports) return undefined;
  const { score, reports, source } = spam;
  const rule = `minScore ${minScore}, minReports ${minReports}: score ${score}, reports ${reports} (${source})`;
  return block("spam-score", "spam-score", rule, { minScore, minReports, score, reports, source });
};

/** Countries to block work without `blockForeign`; countries to allow are exceptions from it. */
const foreign: Rule = ({ foreign, country, countryCode }, { blockForeign, countries }) => {
  if (!foreign) return undefined;
  const list = textsOf(countries?.list).map((code) => code.trim().toUpperCase());
  const values = { country: country ?? countryCode ?? "?" };
  const met = countryCode ?? "?";
  if (list.length === 0)
    return blockForeign === true ? block("foreign", "foreign", `blockForeign: ${met}`, values) : undefined;
  const listed = countryCode !== undefined && list.includes(countryCode);
  const mode = countries?.mode === "allow" ? "allow" : "block";
  const rule = `countries ${mode} ${list.join(",")}: ${met}`;
  if (mode === "block") return listed ? block("foreign", "foreign-listed", rule, values) : undefined;
  // An unknown country may be one of the allowed ones.
  if (blockForeign !== true || listed || countryCode === undefined) return undefined;
  return block("foreign", "foreign-not-listed", rule, values);
};

const anonymous: Rule = (facts, { blockAnonymous }) =>
  facts.anonymous && blockAnonymous === true ? block("anonymous", "anonymous", "blockAnonymous") : undefined;

const repeated: Rule = ({ anonymous }, rules, context) => {
  const limit = numberOr(rules.repeatCalls, RULE_DEFAULTS.repeatCalls);
  const shortCalls = numberOr(context.shortCalls, 0);
  if (anonymous || limit <= 0 || shortCalls < limit) return undefined;
  const minutes = numberOr(rules.repeatMinutes, RULE_DEFAULTS.repeatMinutes);
  const rule = `repeatCalls ${limit} in ${minutes} min: ${shortCalls}`;
  return block("repeated", "repeated", rule, { limit, minutes, count: shortCalls });
};

/** A call without a number, but with a name, is a door station or similar. */
const quiet: Rule = ({ anonymous, keys }, rules, context) =>
  (anonymous || keys.length > 0) && inQuietHours(rules, context) ? quietHours(rules, context) : undefined;

/** In the order of evaluation. */
export const BLOCK_REASONS: readonly Rule[] = [
  blockBook,
  blockPattern,
  namePattern,
  fakeNumber,
  spamScore,
  foreign,
  anonymous,
  repeated,
  quiet,
];

/** The block books, and the target book. */
export function blockBooksOf({ blockBooks, targetBook }: BlockRules): string[] {
  return [...textsOf(blockBooks), ...textsOf(targetBook)];
}

/** Whether it is quiet time: from the first minute up to, but not including, the last; also over midnight. */
export function inQuietHours(rules: BlockRules, { time = "", day }: BlockContext): boolean {
  const { quietFrom = "", quietTo = "", quietDays = "" } = rules;
  const [from, to, now] = [quietFrom, quietTo, time].map(minuteOfDay);
  if (from === undefined || to === undefined || now === undefined) return false;
  const begun = from > to && now < to; // the day before
  const isQuiet = from <= to ? from <= now && now < to : now >= from || now < to;
  return isQuiet && isDayOf(quietDays, day === undefined ? undefined : (day + (begun ? 6 : 0)) % 7);
}

/** On an unknown day only hours of every day are quiet. */
function isDayOf(days: string, day: number | undefined): boolean {
  if (days !== "workdays" && days !== "weekend") return true;
  if (day === undefined) return false;
  const isWeekend = day === 0 || day === 6;
  return days === "weekend" ? isWeekend : !isWeekend;
}

/** Time and day of a local time with its offset. */
export function whenOf(at: string): Pick<BlockContext, "time" | "day"> {
  const ms = Date.parse(`${at.slice(0, 10)}T12:00:00Z`);
  return { time: at.slice(11, 16), ...(Number.isFinite(ms) && { day: new Date(ms).getUTCDay() }) };
}

/** "7:00", "22:00", also with more behind. */
export const isTimeOfDay = (time: string): boolean => minuteOfDay(time) !== undefined;

function minuteOfDay(time: unknown): number | undefined {
  const [, hour, minute] = /^\s*([01]?\d|2[0-3]):([0-5]\d)/.exec(typeof time === "string" ? time : "") ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** The reason of quiet hours. */
export function quietHours({ quietFrom = "", quietTo = "" }: BlockRules, { time = "" }: BlockContext): Reason {
  const rule = `quietFrom ${quietFrom}, quietTo ${quietTo}: ${time}`;
  return block("quiet-hours", "quiet-hours", rule, { from: quietFrom, to: quietTo, time });
}
