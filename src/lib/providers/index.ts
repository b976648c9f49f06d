/** L4 providers: the only list of sources, in the order in which they are offered, and which are on from the start. */
import type { CallerSource, SourceProfile } from "../model/source";
import { numbers } from "./numbers";
import { phoneblock } from "./phoneblock";
import { phonebook } from "./phonebook";
import { buildSource, type Provider, type SourceOptions, type SourceTools } from "./provider";

const PROVIDERS: readonly Provider[] = [phonebook, numbers, phoneblock];

/** What is on until the user chooses otherwise: nothing of it leaves the house. */
const ON_FROM_THE_START = ["phonebook", "numbers"];

/** One entry of a node's list of sources. */
export interface SourceEntry extends SourceOptions {
  id: string;
  enabled?: boolean;
  ifNeeded?: boolean;
}

/** A source as the editor offers it. */
export type OfferedSource = SourceProfile & { secret?: { name: string; required: boolean }; on: boolean };

/** All sources that the package brings. */
export function offeredSources(): OfferedSource[] {
  return PROVIDERS.map(({ profile, secret }) => ({
    ...profile,
    ...(secret && { secret }),
    on: ON_FROM_THE_START.includes(profile.id),
  }));
}

/** The list of a node that was never opened. */
export const defaultEntries = (): SourceEntry[] => ON_FROM_THE_START.map((id) => ({ id, enabled: true }));

/** The sources of a list that are switched on, in its order; an id that nobody knows becomes a source that says so. */
export function buildSources(
  entries: readonly SourceEntry[],
  tools: SourceTools,
): { source: CallerSource; ifNeeded: boolean }[] {
  const seen = new Set<string>();
  return entries
    .filter(({ id, enabled }) => enabled !== false && !seen.has(id) && seen.add(id))
    .map(({ ifNeeded, ...options }) => {
      const provider = PROVIDERS.find(({ profile }) => profile.id === options.id) ?? unknown(options.id);
      return { source: buildSource(provider, options, tools), ifNeeded: ifNeeded === true };
    });
}

function unknown(id: string): Provider {
  return {
    profile: {
      ...{ id, label: id, sends: "nothing", kinds: [], group: id, trust: 1, local: true, countries: [] },
    },
    manners: { timeoutMs: 0, gapMs: 0, hitMs: 0, missMs: 0 },
    create: () => ({ lookup: () => Promise.resolve(null), unready: "unknown-source" }),
  };
}
