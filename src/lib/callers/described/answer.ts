/** Converts the fields of a described source to a `SourceAnswer`. */
import type { Descriptor, Entry, Scale } from "./descriptor";
import type { NameRank, SourceAnswer, SourceFinding } from "../source";
import { matchListed } from "../../numbers/index";
import { toOpinion } from "./scale";

/** The scale of tellows, used if a description has none. */
const NATIVE = { type: "linear", good: 1, bad: 9 } as const;

/** "strange": no entry has any of the described fields; the site has probably changed. */
export function answerOf(
  { kind, response, scale = NATIVE }: Pick<Descriptor, "kind" | "response" | "scale">,
  entries: readonly Entry[],
  e164: string,
  home: string,
): SourceAnswer | "strange" {
  const telling = entries.filter((entry) => saysSomething(entry, kind, scale));
  if (telling.length === 0) return "strange";
  const fitting = telling.flatMap((entry) => {
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

function saysSomething(entry: Entry, kind: Descriptor["kind"], scale: Scale): boolean {
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
