/**
 * Merges the answers of sources: the best name, the known parts of the place, one score of independent
 * sources.
 */
import { defined } from "../core/defined";
import type { CallerInfo } from "./types";
import type { NameRank, Opinion, SourceFinding, SourceProfile } from "./source";

/** The finding of one source. */
export interface Vote {
  source: Pick<SourceProfile, "id" | "group" | "trust">;
  finding: SourceFinding;
}

/** The part of a `CallerInfo` that comes from sources. */
export type Merged = Pick<CallerInfo, "name" | "place" | "contact" | "spam">;

const RANKS: readonly NameRank[] = ["phonebook", "directory", "trunk", "details", "label"];

/** Reports at which an opinion has half its weight, so that one fake review does not decide. */
const HALF_WEIGHT_REPORTS = 3;
/** Default thresholds of fritz-block. */
const SPAM = { score: 7, reports: 3 };
/** Reports needed to call a number spam that a directory lists under its owner's name. */
const REPORTS_AGAINST_A_LISTED_NAME = 20;

/** Merges in the order of the sources: of equal findings the first one counts. */
export function mergeFindings(votes: readonly Vote[]): Merged {
  const contact = votes.find(({ finding }) => finding.contact)?.finding.contact;
  const name = bestName(votes);
  const place = mergePlaces(votes);
  const spam = mergeOpinions(votes, name?.rank === "directory");
  return defined({ name: name?.text, place, contact, spam });
}

/**
 * Whether further sources need not be queried: the caller is a contact, is spam by the default thresholds, or
 * the name is certain and no score is wanted.
 */
export function isDecided(merged: Merged, votes: readonly Vote[], wantsScore: boolean): boolean {
  const { contact, spam } = merged;
  if (contact) return true;
  if (spam && spam.score >= SPAM.score && spam.reports >= SPAM.reports) return true;
  const rank = bestName(votes)?.rank;
  return !wantsScore && (rank === "directory" || rank === "trunk");
}

/** Converts 0..100 to 1 good .. 5 neutral .. 9 bad, the scale of tellows. */
export function toScore(risk: number): number {
  return Math.round(1 + (Math.min(100, Math.max(0, risk)) * 8) / 100);
}

function bestName(votes: readonly Vote[]): SourceFinding["name"] {
  const names = votes.map(({ finding }) => finding.name).filter((name) => name !== undefined);
  const usable = names.filter(({ text }) => text.trim() !== "");
  return RANKS.map((rank) => usable.find((name) => name.rank === rank)).find((name) => name !== undefined);
}

/** Later sources add missing parts, unless they give another country. */
function mergePlaces(votes: readonly Vote[]): CallerInfo["place"] {
  let merged: CallerInfo["place"];
  for (const { finding } of votes) {
    const { place } = finding;
    if (!place) continue;
    const { countryCode } = merged ?? {};
    if (countryCode !== undefined && place.countryCode !== undefined && countryCode !== place.countryCode) continue;
    merged = { ...place, ...merged };
  }
  return merged;
}

interface WeightedOpinion {
  id: string;
  opinion: Opinion;
  weight: number;
}

function mergeOpinions(votes: readonly Vote[], listed: boolean): CallerInfo["spam"] {
  const opinions = votes.flatMap(({ source, finding }) => weighOpinion(source, finding.opinion));
  const own = opinions.find(({ opinion }) => opinion.own);
  if (own) return toSpam(own, own.opinion.risk, own.opinion.reports);
  const groups = strongestOfEachGroup(votes, opinions);
  const [first] = [...groups].sort((a, b) => b.weight - a.weight);
  if (!first) return undefined;
  const total = sum(groups.map(({ weight }) => weight));
  const risk = sum(groups.map(({ weight, opinion }) => weight * opinion.risk)) / total;
  const reports = sum(groups.map(({ opinion }) => opinion.reports));
  const doubted = listed && reports < REPORTS_AGAINST_A_LISTED_NAME;
  const spam = toSpam(first, risk, reports);
  return doubted ? { ...spam, score: Math.min(spam.score, SPAM.score - 1) } : spam;
}

function weighOpinion({ id, trust }: Vote["source"], opinion: Opinion | undefined): WeightedOpinion[] {
  if (!opinion || !(opinion.reports >= 1) || !Number.isFinite(opinion.risk)) return []; // unknown, not neutral
  const reports = Math.floor(opinion.reports);
  return [{ id, opinion: { ...opinion, reports }, weight: (trust * reports) / (reports + HALF_WEIGHT_REPORTS) }];
}

/**
 * Sites that copy one another count as one source: the opinion with the most evidence, of equal ones the
 * worse.
 */
function strongestOfEachGroup(votes: readonly Vote[], opinions: readonly WeightedOpinion[]): WeightedOpinion[] {
  const groupOf = new Map(votes.map(({ source }) => [source.id, source.group]));
  const strongest = new Map<string, WeightedOpinion>();
  for (const opinion of opinions) {
    const group = groupOf.get(opinion.id) ?? opinion.id;
    const other = strongest.get(group);
    const stronger =
      !other ||
      opinion.weight > other.weight ||
      (opinion.weight === other.weight && opinion.opinion.risk > other.opinion.risk);
    if (stronger) strongest.set(group, opinion);
  }
  return [...strongest.values()];
}

function toSpam({ id, opinion }: WeightedOpinion, risk: number, reports: number): NonNullable<CallerInfo["spam"]> {
  return { score: toScore(risk), reports, source: id, ...defined({ link: opinion.link }) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/**
 * The name, else the place, else kind and operator ("Mobile · Telekom"), else the number, else "Anonymous". A country is only
 * shown for a call from abroad.
 */
export function displayText({ name, place, kind, operator, number, type }: Omit<CallerInfo, "display">): string {
  const where = place?.town ?? place?.region ?? (type === "foreign" ? place?.country : undefined);
  const what = kind !== undefined && operator !== undefined ? `${kind} · ${operator}` : kind;
  return [name, where, what, number].map((text) => text?.trim() ?? "").find((text) => text !== "") ?? "Anonymous";
}
