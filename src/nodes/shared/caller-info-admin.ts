/** L5 nodes: what the dialog of `fritz-caller-info` asks: which sources there are, how they are doing, to try one, to forget. */
import { FritzError } from "../../lib/model/errors";
import { offeredSources, type SourceEntry } from "../../lib/providers/index";
import type { SourceTools } from "../../lib/providers/provider";
import { trySource } from "../../lib/providers/trial";
import type { CallerInfoService } from "../../lib/services/caller-info";
import type { HomeView } from "../../lib/services/home-view";
import { adminRoute } from "./admin-route";
import type { Node, Runtime } from "./red";

/** The node, with what the editor asks. */
export interface CallerInfoNode extends Node {
  credentials: Record<string, string>;
  service: CallerInfoService;
  home: HomeView;
}

/** What the dialog sends. */
interface SourceQuestion {
  /** Of the node; what is stored for it is used where the dialog knows no better. */
  id?: string;
  entry?: SourceEntry;
  credentials?: Record<string, string>;
  number?: string;
  page?: string;
}

const READ = "fritz-caller-info.read";
const WRITE = "fritz-caller-info.write";
/** The editor never knows a stored secret; it sends this in its place. */
const UNCHANGED = "__PWRD__";
/** Where most users live, for a node that is not deployed. */
const SOMEWHERE = { countryCode: "49" };

/** Offers the routes, once for a runtime. `toolsFor`: what sources are built with, given these secrets. */
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
    const plan = node ? (await node.home.now()).plan : SOMEWHERE;
    const trial = { entry, number, ...(typeof page === "string" && { page }) };
    return trySource(trial, plan, toolsFor(secretsOf(RED, question)));
  });
}

function nodeOf(RED: Runtime, id: string | undefined): CallerInfoNode | undefined {
  const node = typeof id === "string" ? (RED.nodes.getNode(id) as CallerInfoNode | null) : null;
  return node?.type === "fritz-caller-info" ? node : undefined;
}

function secretsOf(RED: Runtime, { id = "", credentials = {} }: SourceQuestion): Record<string, string> {
  const stored = nodeOf(RED, id)?.credentials ?? {};
  const typed = Object.entries(credentials).filter(([, value]) => typeof value === "string" && value !== UNCHANGED);
  return { ...stored, ...Object.fromEntries(typed) };
}
