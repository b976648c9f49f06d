/** Finds out whether a `fritz-block` gets scores from the caller info nodes wired before it. */
import type { EditorNode } from "./red";
import { missingKey } from "./source-groups";

/** Sources with scores; a user's own source has them if its description has the field. */
const SCORING = [
  ...["blocklist", "phoneblock", "phoneblock-number", "tellows", "tellows-page", "cleverdialer", "werruft"],
  ...[
    "telefonspion",
    "werhatangerufen",
    "shouldianswer",
    "wer-ruftan",
    "anrufer-bewertung",
    "wemgehoert",
    "rueckwaertssuche-telefonbuch",
  ],
];

interface Entry {
  id?: string;
  enabled?: boolean;
  file?: string;
  url?: string;
  phoneblock?: boolean;
  descriptor?: { response?: { fields?: object }; kind?: string[] };
}

/** Whether one of a caller info's sources can give a score. A block list without a list cannot. */
export function givesScores(providers: unknown): boolean {
  const entries = Array.isArray(providers) ? (providers as (Entry | null)[]) : [];
  return entries.some((entry) => {
    if (!entry || entry.enabled === false) return false;
    if (entry.descriptor) return (entry.descriptor.kind ?? []).includes("score");
    if (entry.id === "blocklist") return Boolean(entry.file || entry.url || entry.phoneblock);
    return SCORING.includes(entry.id ?? "");
  });
}

export type Scores = "yes" | "no" | "no-key" | "unwired";

/** Over the caller infos that are wired before the node, directly or through other nodes. */
export function scoresBefore(node: EditorNode, before: (node: EditorNode) => EditorNode[]): Scores {
  const infos = before(node).filter(({ type }) => type === "fritz-caller-info");
  if (infos.length === 0) return "unwired";
  const ofInfo = (info: EditorNode): Scores => {
    const entries = Array.isArray(info["providers"]) ? (info["providers"] as Entry[]) : [];
    const scoring = entries.filter((entry) => givesScores([entry]));
    if (scoring.length === 0) return "no";
    return scoring.every((entry) => missingKey([entry], keysOf(info)) !== undefined) ? "no-key" : "yes";
  };
  const found = infos.map(ofInfo);
  return (["yes", "no-key"] as const).find((one) => found.includes(one)) ?? "no";
}

/** Whether a node has a key, stored or typed; undefined while its keys are not loaded. */
export function keysOf({ credentials: known }: EditorNode): ((key: string) => boolean) | undefined {
  return known && ((key) => Boolean(known[key]) || Boolean(known[`has_${key}`]));
}
