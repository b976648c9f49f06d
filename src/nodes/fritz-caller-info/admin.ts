/** Admin routes of `fritz-caller-info`: offered sources, their health, a test, and clearing the cache. */
import { FritzError } from "../../lib/core/errors";
import { propertiesOf } from "../../lib/core/unknown";
import { offeredSources, definitionOf, type SourceEntry } from "../../lib/callers/sources/index";
import type { SourceTools } from "../../lib/callers/source-definition";
import { trySource } from "../../lib/callers/sources/try-source";
import type { CallerInfoService } from "../../lib/callers/caller-info";
import type { HomeCache } from "../../lib/box/home-cache";
import { adminRoute, UNCHANGED_SECRET } from "../shared/admin-route";
import type { Node, Runtime } from "../shared/red";

/** The node, with the properties that the routes use. */
export interface CallerInfoNode extends Node {
  credentials: Record<string, string>;
  service: CallerInfoService;
  homeCache: HomeCache;
  /** The deployed sources. */
  entries: readonly SourceEntry[];
}

/** A request of the dialog. */
interface SourceQuestion {
  /** Id of the node; its stored values are used where the dialog has none. */
  id?: string;
  entry?: SourceEntry;
  credentials?: Record<string, string>;
  number?: string;
  page?: string;
}

const READ = "fritz-caller-info.read";
const WRITE = "fritz-caller-info.write";
/** Default for a node that is not deployed. */
const SOMEWHERE = { countryCode: "49" };

/** Registers the routes, once for a runtime. `toolsFor`: builds the sources' dependencies from secrets. */
export function offerCallerInfoRoutes(RED: Runtime, toolsFor: (secrets: Record<string, string>) => SourceTools): void {
  adminRoute(RED, "sources", READ, () => Promise.resolve({ sources: offeredSources() }));
  adminRoute(RED, "source-health", READ, ({ id }: SourceQuestion) => {
    const rows = nodeOf(RED, id)?.service.health() ?? [];
    const health = rows.map(({ health: { failure, ...numbers }, ...source }) => ({
      ...source,
      ...numbers,
      ...(failure && { code: failure.code, values: failure.values }),
    }));
    return Promise.resolve({ health });
  });
  adminRoute(RED, "forget-callers", WRITE, async ({ id }: SourceQuestion) => {
    const node = nodeOf(RED, id);
    if (!node) throw new FritzError("not-deployed");
    await node.service.forget();
    return {};
  });
  adminRoute(RED, "try-source", WRITE, async (question: SourceQuestion) => {
    const { id, entry, number = "", page } = question;
    if (typeof entry?.id !== "string" || typeof number !== "string") throw new FritzError("source-unknown");
    const node = nodeOf(RED, id);
    const plan = node ? (await node.homeCache.now()).plan : SOMEWHERE;
    const trial = { entry, number, ...(typeof page === "string" && { page }) };
    return trySource(trial, plan, toolsFor(secretsOf(RED, question)));
  });
}

function nodeOf(RED: Runtime, id: string | undefined): CallerInfoNode | undefined {
  const node = typeof id === "string" ? (RED.nodes.getNode(id) as CallerInfoNode | null) : null;
  return node?.type === "fritz-caller-info" ? node : undefined;
}

/**
 * The secrets for a test: those typed, else those stored with this node, and these only for the address of
 * the deployed source. Throws `key-elsewhere`.
 */
function secretsOf(RED: Runtime, { id = "", entry, credentials = {} }: SourceQuestion): Record<string, string> {
  const node = nodeOf(RED, id);
  const stored = node?.credentials ?? {};
  const typed = Object.entries(credentials).filter(
    ([, value]) => typeof value === "string" && value !== UNCHANGED_SECRET,
  );
  const wanted = entry && definitionOf(entry)?.secret?.name;
  const needed = wanted !== undefined && stored[wanted] !== undefined && !typed.some(([name]) => name === wanted);
  if (!needed) return Object.fromEntries(typed);
  const deployed = node?.entries.find((one) => one?.id === entry?.id) ?? { id: entry?.id ?? "" };
  // A user's own source may name another one's key.
  const isItsOwn = definitionOf(deployed)?.secret?.name === wanted;
  if (!isItsOwn || addressOf(deployed) !== addressOf(entry)) throw new FritzError("key-elsewhere");
  return { [wanted]: stored[wanted] ?? "", ...Object.fromEntries(typed) };
}

/** The address of a source, as far as the user sets it. */
function addressOf({ baseUrl, descriptor }: SourceEntry = { id: "" }): string {
  const { url } = propertiesOf(propertiesOf(descriptor)["request"]);
  return [baseUrl, url].map((address) => originOf(address)).join(" ");
}

function originOf(address: unknown): string {
  if (typeof address !== "string" || address === "") return "";
  try {
    return new URL(address).origin;
  } catch {
    return address;
  }
}
