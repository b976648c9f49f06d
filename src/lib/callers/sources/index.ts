/** The list of all sources, in the order of the editor, with the default ones. */
import { defined } from "../../core/defined";
import { FritzError } from "../../core/errors";
import type { CallerSource, SourceProfile } from "../source";
import { readSourceData } from "./list-file";
import { blocklist } from "./block-list";
import { describedDefinition } from "../described/source";
import { namesList } from "./names-list";
import { numbers } from "./number-data";
import { phoneblock } from "./phoneblock";
import { phoneblockNumber } from "./phoneblock-number";
import { phonebook } from "./phonebook";
import { buildSource, type SourceDefinition, type SourceOptions, type SourceTools } from "../source-definition";
import { searchch } from "./search-ch";
import { tellows } from "./tellows";

const PROGRAMMED: readonly SourceDefinition[] = [
  phonebook,
  numbers,
  namesList,
  blocklist,
  phoneblock,
  phoneblockNumber,
  tellows,
  searchch,
];

/** Described in data/sources: directories first, then rating sites. */
const DESCRIBED = [
  ...["dasoertliche", "dastelefonbuch", "11880", "herold", "dasschnelle", "118712"],
  ...["cleverdialer", "tellows-page", "werruft", "telefonspion", "werhatangerufen", "shouldianswer"],
  ...["wer-ruftan", "anrufer-bewertung", "rueckwaertssuche-telefonbuch", "wemgehoert"],
];

/** The default sources: none sends anything to a service. */
const ON_FROM_THE_START = ["phonebook", "numbers", "blocklist"];

/** One entry of a node's list of sources. */
export interface SourceEntry extends SourceOptions {
  id: string;
  enabled?: boolean;
  ifNeeded?: boolean;
  /** A user's own description. */
  descriptor?: unknown;
  /** Number of the credential with its secret: `customKey1` ... */
  keySlot?: number;
}

/** A source as the editor offers it. */
export type OfferedSource = SourceProfile & {
  secret?: { name: string; required: boolean };
  on: boolean;
  seen?: number;
};

let described: Map<string, { definition: SourceDefinition; seen: number | undefined }> | undefined;

/** Loaded on first use: most flows need none of them. */
function describedDefinitions(): NonNullable<typeof described> {
  return (described ??= new Map(
    DESCRIBED.map((id) => {
      const data = readSourceData(id);
      const { notice } = data as { notice?: { seen?: number } };
      return [id, { definition: describedDefinition(data, "package"), seen: notice?.seen }];
    }),
  ));
}

/** All sources of the package. */
export function offeredSources(): OfferedSource[] {
  const programmed = PROGRAMMED.map((definition) => ({ definition, seen: undefined }));
  return [...programmed, ...describedDefinitions().values()].map(({ definition: { profile, secret }, seen }) => ({
    ...profile,
    ...defined({ secret, seen }),
    on: ON_FROM_THE_START.includes(profile.id),
  }));
}

/** The list of a node whose dialog was never opened. */
export const defaultEntries = (): SourceEntry[] => ON_FROM_THE_START.map((id) => ({ id, enabled: true }));

/** The definition of a node's source. Throws `source-descriptor` for an invalid description. */
export function definitionOf({ id, descriptor, keySlot }: SourceEntry): SourceDefinition | undefined {
  if (descriptor !== undefined) return describedDefinition(descriptor, "user", `customKey${keySlot ?? ""}`);
  const programmed = PROGRAMMED.find(({ profile }) => profile.id === id);
  return programmed ?? (DESCRIBED.includes(id) ? describedDefinitions().get(id)?.definition : undefined);
}

/**
 * Builds the enabled sources of a list, in its order. An unknown id, or an invalid description, gives a
 * source that reports this; `onError` is called, too.
 */
export function buildSources(
  entries: readonly SourceEntry[],
  tools: SourceTools,
  onError: (error: FritzError) => void = () => undefined,
): { source: CallerSource; ifNeeded: boolean }[] {
  const seen = new Set<string>();
  const usable = entries.filter(
    (entry) => typeof entry?.id === "string" && entry.enabled !== false && !seen.has(entry.id) && seen.add(entry.id),
  );
  return usable.map(({ ifNeeded, ...entry }) => {
    let definition: SourceDefinition | undefined;
    try {
      definition = definitionOf(entry);
    } catch (error) {
      if (!(error instanceof FritzError)) throw error;
      onError(error);
    }
    return { source: buildSource(definition ?? unusable(entry.id), entry, tools), ifNeeded: ifNeeded === true };
  });
}

function unusable(id: string): SourceDefinition {
  return {
    profile: { id, label: id, sends: "nothing", kinds: [], group: id, trust: 1, local: true, countries: [] },
    policy: { timeoutMs: 0, minIntervalMs: 0, hitMs: 0, missMs: 0 },
    create: () => ({ lookup: () => Promise.resolve(null), unready: "unknown-source" }),
  };
}
