/** L1 domain: the rules that block a caller whom nothing lets through. */
import type { BlockContext, BlockRules } from "../model/block-rules";
import { block, isListed, type Judge, type Reason } from "./block-reason";
import type { Flag } from "../model/caller-info";
import { findPattern, numberOr, textsOf } from "./caller-facts";
import { hasHardFlag } from "./phone-number/judged";

/** A real number, badly passed on: a digit was lost on the way, or a mobile's number came behind an area code. */
const MISTAKEN = ["missing-zero", "missing-plus", "veiled-mobile"];

const blockBook: Judge = ({ hits }, rules) => {
  const hit = hits.find(({ book }) => isListed(book, blockBooksOf(rules)));
  if (!hit) return undefined;
  const { book } = hit;
  return { ...block("block-book", "block-book", `blockBooks: ${book}`, { book }), book };
};

const blockPattern: Judge = ({ keys, networkKeys }, rules, { plan }) => {
  const pattern = findPattern(rules.blockPatterns, [...keys, ...networkKeys], plan);
  return pattern === undefined
    ? undefined
    : block("pattern", "block-pattern", `blockPatterns: ${pattern}`, { pattern });
};

const fakeNumber: Judge = ({ flags }, { blockFake }) => {
  const fake = flags.find((flag) => hasHardFlag([flag as Flag]));
  if (blockFake !== true || fake === undefined || MISTAKEN.some((flag) => flags.includes(flag))) return undefined;
  return block("fake-number", `fake-${fake}`, `blockFake: ${fake}`);
};

const spamScore: Judge = ({ spam }, rules) => {
  const minScore = numberOr(rules.minScore, 7);
  const minReports = numberOr(rules.minReports, 3);
  if (!spam || minScore <= 0 || spam.score < minScore || spam.reports < minReports) return undefined;
  const { score, reports, source } = spam;
  const rule = `minScore ${minScore}, minReports ${minReports}: score ${score}, reports ${reports} (${source})`;
  return block("spam-score", "spam-score", rule, { minScore, minReports, score, reports, source });
};

/** A list of countries to block works without `blockForeign`; one to allow only makes exceptions from it. */
const foreign: Judge = ({ foreign, country, countryCode }, { blockForeign, countries }) => {
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
  // A country that nobody knows may be one of those that get through.
  if (blockForeign !== true || listed || countryCode === undefined) return undefined;
  return block("foreign", "foreign-not-listed", rule, values);
};

const anonymous: Judge = (facts, { blockAnonymous }) =>
  facts.anonymous && blockAnonymous === true ? block("anonymous", "anonymous", "blockAnonymous") : undefined;

const repeated: Judge = ({ anonymous }, rules, context) => {
  const limit = numberOr(rules.repeatCalls, 0);
  const shortCalls = numberOr(context.shortCalls, 0);
  if (anonymous || limit <= 0 || shortCalls < limit) return undefined;
  const minutes = numberOr(rules.repeatMinutes, 60);
  const rule = `repeatCalls ${limit} in ${minutes} min: ${shortCalls}`;
  return block("repeated", "repeated", rule, { limit, minutes, count: shortCalls });
};

/** What calls without any number, but with a name, is a door bell or the like. */
const quiet: Judge = ({ anonymous, keys }, rules, context) =>
  (anonymous || keys.length > 0) && inQuietHours(rules, context) ? quietHours(rules, context) : undefined;

/** In their order. */
export const BLOCK_REASONS: readonly Judge[] = [
  blockBook,
  blockPattern,
  fakeNumber,
  spamScore,
  foreign,
  anonymous,
  repeated,
  quiet,
];

/** The block books, and the book into which the blocked numbers are written. */
export function blockBooksOf({ blockBooks, targetBook }: BlockRules): string[] {
  return [...textsOf(blockBooks), ...textsOf(targetBook)];
}

/** Whether it is quiet: from the first minute up to the last but one; over midnight, too. */
export function inQuietHours({ quietFrom = "", quietTo = "" }: BlockRules, { time = "" }: BlockContext): boolean {
  const [from, to, now] = [quietFrom, quietTo, time].map(minuteOfDay);
  if (from === undefined || to === undefined || now === undefined) return false;
  return from <= to ? from <= now && now < to : now >= from || now < to;
}

function minuteOfDay(time: unknown): number | undefined {
  const [, hour, minute] = /^\s*([01]?\d|2[0-3]):([0-5]\d)/.exec(typeof time === "string" ? time : "") ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** The reason of quiet hours. */
export function quietHours({ quietFrom = "", quietTo = "" }: BlockRules, { time = "" }: BlockContext): Reason {
  const rule = `quietFrom ${quietFrom}, quietTo ${quietTo}: ${time}`;
  return block("quiet-hours", "quiet-hours", rule, { from: quietFrom, to: quietTo, time });
}
