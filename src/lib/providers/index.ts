/** L4 providers: the only list of sources, in the order in which they are offered, and which are on from the start. */
import { FritzError } from "../model/errors";
import type { CallerSource, SourceProfile } from "../model/source";
import { readSourceData } from "../transport/source-data";
import { blocklist } from "./blocklist";
import { describedProvider } from "./described/described";
import { numbers } from "./numbers";
import { phoneblock } from "./phoneblock";
import { phoneblockNumber } from "./phoneblock-number";
import { phonebook } from "./phonebook";
import { buildSource, type Provider, type SourceOptions, type SourceTools } from "./provider";
import { searchch } from "./searchch";
import { tellows } from "./tellows";

const PROGRAMMED: readonly Provider[] = [
  phonebook,
  numbers,
  blocklist,
  phoneblock,
  phoneblockNumber,
  tellows,
  searchch,
];

/** Described in data/sources: directories first, then what people say of numbers. */
const DESCRIBED = [
  ...["dasoertliche", "dastelefonbuch", "11880", "herold", "dasschnelle", "118712"],
  ...["cleverdialer", "tellows-page", "werruft", "telefonspion", "werhatangerufen", "shouldianswer"],
  ...["wer-ruftan", "anrufer-bewertung", "rueckwaertssuche-telefonbuch", "wemgehoert"],
];

/** What is on until the user chooses otherwise: nothing of it leaves the house. */
const ON_FROM_THE_START = ["phonebook", "numbers", "blocklist"];

/** One entry of a node's list of sources. */
export interface SourceEntry extends SourceOptions {
  id: string;
  enabled?: boolean;
  ifNeeded?: boolean;
  /** A user's own source. */
  descriptor?: unknown;
  /** Which of the node's credentials `customKey1` ... is its secret. */
  keySlot?: number;
}

/** A source as the editor offers it. */
export type OfferedSource = SourceProfile & {
  secret?: { name: string; required: boolean };
  on: boolean;
  seen?: number;
};

let described: Map<string, { provider: Provider; seen: number | undefined }> | undefined;

/** Read when somebody asks: most houses need none of them. */
function describedSources(): NonNullable<typeof described> {
  return (described ??= new Map(
    DESCRIBED.map((id) => {
      const data = readSourceData(id);
      const { notice } = data as { notice?: { seen?: number } };
      return [id, { provider: describedProvider(data), seen: notice?.seen }];
    }),
  ));
}

/** All sources that the package brings. */
export function offeredSources(): OfferedSource[] {
  const programmed = PROGRAMMED.map((provider) => ({ provider, seen: undefined }));
  return [...programmed, ...describedSources().values()].map(({ provider: { profile, secret }, seen }) => ({
    ...profile,
    ...(secret && { secret }),
    ...(seen !== undefined && { seen }),
    on: ON_FROM_THE_START.includes(profile.id),
  }));
}

/** The list of a node that was never opened. */
export const defaultEntries = (): SourceEntry[] => ON_FROM_THE_START.map((id) => ({ id, enabled: true }));

/** Gives a node's source as it is set. Throws `source-descriptor` for a description that is none. */
export function providerOf({ id, descriptor, keySlot }: SourceEntry): Provider | undefined {
  if (descriptor !== undefined) return describedProvider(descriptor, `customKey${keySlot ?? ""}`);
  const programmed = PROGRAMMED.find(({ profile }) => profile.id === id);
  return programmed ?? (DESCRIBED.includes(id) ? describedSources().get(id)?.provider : undefined);
}

/**
 * The sources of a list that are switched on, in its order. One that nobody knows, or whose description is wrong, becomes a source
 * that says so; `complain` is told, too.
 */
export function buildSources(
  entries: readonly SourceEntry[],
  tools: SourceTools,
  complain: (error: FritzError) => void = () => undefined,
): { source: CallerSource; ifNeeded: boolean }[] {
  const seen = new Set<string>();
  const usable = entries.filter(
    (entry) => typeof entry?.id === "string" && entry.enabled !== false && !seen.has(entry.id) && seen.add(entry.id),
  );
  return usable.map(({ ifNeeded, ...entry }) => {
    let provider: Provider | undefined;
    try {
      provider = providerOf(entry);
    } catch (error) {
      if (!(error instanceof FritzError)) throw error;
      complain(error);
    }
    return { source: buildSource(provider ?? unusable(entry.id), entry, tools), ifNeeded: ifNeeded === true };
  });
}

function unusable(id: string): Provider {
  return {
    profile: { id, label: id, sends: "nothing", kinds: [], group: id, trust: 1, local: true, countries: [] },
    manners: { timeoutMs: 0, gapMs: 0, hitMs: 0, missMs: 0 },
    create: () => ({ lookup: () => Promise.resolve(null), unready: "unknown-source" }),
  };
}
