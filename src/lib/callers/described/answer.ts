/** Converts the fields of a described source to a `SourceAnswer`. */
import type { Descriptor, Entry, Scale } from "./descriptor";
import type { NameRank, SourceAnswer, SourceFinding, Opinion } from "../source";
import { matchListed } from "../../numbers/index";

// Converts the ratings of sites to a risk from 0 (good) to 100 (bad).

/**
 * The opinion of an entry; undefined if it has none. `votes`: number of ratings; 1 if the site does not give
 * it.
 */
export function toOpinion(entry: Entry, scale: Scale): Opinion | undefined {
  const opinion = judge(entry, scale);
  if (!opinion || !(opinion.reports >= 1) || !Number.isFinite(opinion.risk)) return undefined;
  return { risk: Math.min(100, Math.max(0, opinion.risk)), reports: Math.floor(opinion.reports) };
}

function judge(entry: Entry, scale: Scale): Opinion | undefined {
  const value = entry["value"];
  const reports = entry["votes"] === undefined ? 1 : Number(entry["votes"]);
  switch (scale.type) {
    case "linear":
      return value === undefined
        ? undefined
        : { risk: (100 * (scale.good - Number(value))) / (scale.good - scale.bad), reports };
    case "map":
      return value !== undefined && Object.hasOwn(scale.values, value)
        ? { risk: scale.values[value] ?? NaN, reports }
        : undefined;
    case "flag":
      return value === undefined ? undefined : { risk: scale[isTrue(value) ? "true" : "false"], reports };
    case "wilson":
      return wilson(count(entry, scale.spam), count(entry, scale.legit));
    case "weighted":
      return weighted(entry, scale.weights);
  }
}

const isTrue = (text: string) => !/^(0|false|no|nein|)$/i.test(text);
const count = (entry: Entry, field: string) => Math.max(0, Number(entry[field] ?? 0) || 0);

/** The lower bound at 95 % of the majority, as distance from neutral. */
function wilson(spam: number, legit: number): Opinion {
  const reports = spam + legit;
  const more = Math.max(spam, legit);
  const z2 = 1.96 ** 2;
  const p = more / reports;
  const bound =
    (p + z2 / (2 * reports) - 1.96 * Math.sqrt((p * (1 - p) + z2 / (4 * reports)) / reports)) / (1 + z2 / reports);
  return { risk: 50 + (spam >= legit ? 50 : -50) * bound, reports };
}

function weighted(entry: Entry, weights: Readonly<Record<string, number>>): Opinion {
  const counts = Object.entries(weights).map(([field, score]) => ({ score, votes: count(entry, field) }));
  const reports = counts.reduce((sum, { votes }) => sum + votes, 0);
  const mean = counts.reduce((sum, { score, votes }) => sum + score * votes, 0) / reports;
  return { risk: (mean - 1) * 12.5, reports };
}

/** The scale of tellows, used if a description has none. */
const NATIVE = { type: "linear", good: 1, bad: 9 } as const;

/** "strange": no entry has any of the described fields; the site has probably changed. */
export function answerOf(
  { kind, response, scale = NATIVE }: Pick<Descriptor, "kind" | "response" | "scale">,
  entries: readonly Entry[],
  e164: string,
  home: string,
): SourceAnswer | "strange" {
  const usable = entries.filter((entry) => hasContent(entry, kind, scale));
  if (usable.length === 0) return "strange";
  const fitting = usable.flatMap((entry) => {
    const rank = rankOf(entry, response.requireMatch ?? null, kind.includes("score"), e164, home);
    return rank === undefined ? [] : [{ entry, rank }];
  });
  const best = fitting.find(({ rank }) => rank === "directory") ?? fitting[0];
  if (!best) return null;
  const rivals = fitting.filter(({ rank, entry }) => rank === best.rank && entry["name"] !== best.entry["name"]);
  const opinion = kind.includes("score") ? toOpinion(best.entry, scale) : undefined;
  const name = best.entry["name"];
  const { city, link } = best.entry;
  const finding: SourceFinding = {
    ...(name !== undefined && rivals.length === 0 && { name: { text: name, rank: best.rank } }), // several people: no name
    ...(city !== undefined && { place: { town: city } }),
    ...(opinion && { opinion: { ...opinion, ...(link !== undefined && isLink(link) && { link }) } }),
  };
  return (finding.name ?? finding.opinion ?? (kind.includes("place") && finding.place)) ? finding : null;
}

function hasContent(entry: Entry, kind: Descriptor["kind"], scale: Scale): boolean {
  const { name, city } = entry;
  return (
    (kind.includes("name") && name !== undefined && !kind.includes("score")) ||
    (kind.includes("score") && isRated(entry, scale)) ||
    (kind.includes("place") && city !== undefined)
  );
}

/** Counts of zero are no opinion; an unrelated page has no counts, either. */
function isRated(entry: Entry, scale: Scale): boolean {
  const counted = (fields: readonly string[]) => fields.some((field) => Number(entry[field] ?? 0) > 0);
  if (scale.type === "weighted") return counted(Object.keys(scale.weights));
  return scale.type === "wilson" ? counted([scale.spam, scale.legit]) : entry["value"] !== undefined;
}

function rankOf(
  { listedNumber }: Entry,
  requireMatch: Descriptor["response"]["requireMatch"],
  score: boolean,
  e164: string,
  home: string,
): NameRank | undefined {
  if (requireMatch === null) return score ? "label" : "details";
  if (listedNumber === undefined) return requireMatch === "ifListed" ? "details" : undefined;
  const match = matchListed(listedNumber, e164, home);
  return match === "exact" ? "directory" : match;
}

const isLink = (text: string) => /^https?:\/\/\S+$/.test(text);
