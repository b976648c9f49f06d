/** Converts the ratings of sites to a risk from 0 (good) to 100 (bad). */
import type { Entry, Scale } from "./descriptor";
import type { Opinion } from "../source";

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
