/** Test support: what sources are built with, pointed at the simulated services. */
import { join } from "node:path";
import type { CallerSource } from "../../src/lib/callers/source";
import { buildSources, type SourceEntry } from "../../src/lib/callers/sources/index";
import type { SourceTools } from "../../src/lib/callers/source-definition";
import { webFetch } from "../../src/lib/web/fetch";
import { PHONEBLOCK_TOKEN, SEARCHCH_KEY, TELLOWS_KEY, type WebServices } from "../../simulator/index";
import { FakeStore } from "./fake-store";

/** The keys that the simulated services know. */
export const SECRETS = { phoneblockToken: PHONEBLOCK_TOKEN, tellowsKey: TELLOWS_KEY, searchchKey: SEARCHCH_KEY };

/** Tools with a real way to the web; lists are kept in memory. */
export function sourceTools(over: Partial<SourceTools> = {}): SourceTools {
  const stores = new Map<string, FakeStore>();
  return {
    ...{ fetch: webFetch, secrets: SECRETS, boxKey: "box", finder: "no-box" as const, language: "de" },
    resolve: (path) => join("/", path),
    keep: (name) => {
      const store = stores.get(name) ?? new FakeStore();
      stores.set(name, store);
      return store;
    },
    ...over,
  };
}

/** One source of the list; with `web` its server is the simulated one. */
export function sourceOf(entry: SourceEntry, tools: SourceTools = sourceTools(), web?: WebServices): CallerSource {
  const server = web && { baseUrl: web.base(entry.id), allowPrivate: true };
  const [built] = buildSources([{ enabled: true, ...server, ...entry }], tools);
  if (!built) throw new Error(`no source ${entry.id}`);
  return built.source;
}
