/** L1 domain: many answers become one: the best name, the known parts of the place, one score of independent witnesses. */
import type { CallerInfo } from "../model/caller-info";
import type { NameRank, Opinion, SourceFinding, SourceProfile } from "../model/source";

/** What one source found. */
export interface Testimony {
  source: Pick<SourceProfile, "id" | "group" | "trust">;
  finding: SourceFinding;
}

/** The part of a `CallerInfo` that sources tell. */
export type Merged = Pick<CallerInfo, "name" | "place" | "contact" | "spam">;

const RANKS: readonly NameRank[] = ["phonebook", "directory", "trunk", "details", "label"];

/** Reports at which evidence has half its weight: one fake review does not decide. */
const HALF_WEIGHT_REPORTS = 3;
/** What fritz-block takes for spam unless told otherwise. */
const SPAM = { score: 7, reports: 3 };
/** A number that stands in a directory under its owner's name is spam only if so many say so. */
const REPORTS_AGAINST_A_LISTED_NAME = 20;

/** Merges in the order of the sources: among equals the first one counts. */
export function mergeFindings(testimonies: readonly Testimony[]): Merged {
  const contact = testimonies.find(({ finding }) => finding.contact)?.finding.contact;
  const name = bestName(testimonies);
  const place = mergePlaces(testimonies);
  const spam = mergeOpinions(testimonies, name?.rank === "directory");
  return {
    ...(name && { name: name.text }),
    ...(place && { place }),
    ...(contact && { contact }),
    ...(spam && { spam }),
  };
}

/**
 * Whether sources that only add to this need not be asked: the caller is a contact, is spam by the usual thresholds, or the
 * name is known for certain and no score is wanted.
 */
export function isDecided(merged: Merged, testimonies: readonly Testimony[], wantsScore: boolean): boolean {
  const { contact, spam } = merged;
  if (contact) return true;
  if (spam && spam.score >= SPAM.score && spam.reports >= SPAM.reports) return true;
  const rank = bestName(testimonies)?.rank;
  return !wantsScore && (rank === "directory" || rank === "trunk");
}

/** 0..100 becomes 1 good .. 5 neutral .. 9 bad, the scale of tellows. */
export function toScore(risk: number): number {
  return Math.round(1 + (Math.min(100, Math.max(0, risk)) * 8) / 100);
}

function bestName(testimonies: readonly Testimony[]): SourceFinding["name"] {
  const names = testimonies.map(({ finding }) => finding.name).filter((name) => name !== undefined);
  const usable = names.filter(({ text }) => text.trim() !== "");
  return RANKS.map((rank) => usable.find((name) => name.rank === rank)).find((name) => name !== undefined);
}

/** What one source leaves open the next may fill, as long as they do not speak of different countries. */
function mergePlaces(testimonies: readonly Testimony[]): CallerInfo["place"] {
  let merged: CallerInfo["place"];
  for (const { finding } of testimonies) {
    const { place } = finding;
    if (!place) continue;
    const { countryCode } = merged ?? {};
    if (countryCode !== undefined && place.countryCode !== undefined && countryCode !== place.countryCode) continue;
    merged = { ...place, ...merged };
  }
  return merged;
}

interface Witness {
  id: string;
  opinion: Opinion;
  weight: number;
}

function mergeOpinions(testimonies: readonly Testimony[], listed: boolean): CallerInfo["spam"] {
  const witnesses = testimonies.flatMap(({ source, finding }) => toWitness(source, finding.opinion));
  const own = witnesses.find(({ opinion }) => opinion.own);
  if (own) return toSpam(own, own.opinion.risk, own.opinion.reports);
  const groups = strongestOfEachGroup(testimonies, witnesses);
  const [first] = [...groups].sort((a, b) => b.weight - a.weight);
  if (!first) return undefined;
  const total = sum(groups.map(({ weight }) => weight));
  const risk = sum(groups.map(({ weight, opinion }) => weight * opinion.risk)) / total;
  const reports = sum(groups.map(({ opinion }) => opinion.reports));
  const doubted = listed && reports < REPORTS_AGAINST_A_LISTED_NAME;
  const spam = toSpam(first, risk, reports);
  return doubted ? { ...spam, score: Math.min(spam.score, SPAM.score - 1) } : spam;
}

function toWitness({ id, trust }: Testimony["source"], opinion: Opinion | undefined): Witness[] {
  if (!opinion || !(opinion.reports >= 1) || !Number.isFinite(opinion.risk)) return []; // unknown is unknown, not neutral
  const reports = Math.floor(opinion.reports);
  return [{ id, opinion: { ...opinion, reports }, weight: (trust * reports) / (reports + HALF_WEIGHT_REPORTS) }];
}

/** Sites that copy one another are one witness: the one with the most evidence speaks; if equal, the one that warns. */
function strongestOfEachGroup(testimonies: readonly Testimony[], witnesses: readonly Witness[]): Witness[] {
  const groupOf = new Map(testimonies.map(({ source }) => [source.id, source.group]));
  const strongest = new Map<string, Witness>();
  for (const witness of witnesses) {
    const group = groupOf.get(witness.id) ?? witness.id;
    const other = strongest.get(group);
    const stronger =
      !other ||
      witness.weight > other.weight ||
      (witness.weight === other.weight && witness.opinion.risk > other.opinion.risk);
    if (stronger) strongest.set(group, witness);
  }
  return [...strongest.values()];
}

function toSpam({ id, opinion }: Witness, risk: number, reports: number): NonNullable<CallerInfo["spam"]> {
  return { score: toScore(risk), reports, source: id, ...(opinion.link !== undefined && { link: opinion.link }) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
