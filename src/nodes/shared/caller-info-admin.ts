/** L5 nodes: what the editor asks about `fritz-caller-info`: which sources there are, how they are doing, and to forget. */
import { offeredSources } from "../../lib/providers/index";
import type { CallerInfoService } from "../../lib/services/caller-info";
import { toUserError } from "./messages";
import type { Node, Runtime } from "./red";

/** The node, with what the editor asks. */
export interface CallerInfoNode extends Node {
  credentials: Record<string, string>;
  service: CallerInfoService;
}

const READ = "fritz-caller-info.read";
const WRITE = "fritz-caller-info.write";

/** Secrets never come out here: the editor only learns that there is one. */
export function serveEditor(RED: Runtime): void {
  const { httpAdmin, auth } = RED;
  httpAdmin.get("/fritz-caller-info/sources", auth.needsPermission(READ), (_request, response) => {
    response.json(offeredSources());
  });
  httpAdmin.get("/fritz-caller-info/:id/health", auth.needsPermission(READ), (request, response) => {
    const node = nodeOf(RED, request.params["id"]);
    if (!node) return void response.status(404).json({});
    const rows = node.service.health().map(({ health: { failure, ...health }, ...source }) => ({
      ...source,
      ...health,
      ...(failure && { error: toUserError(RED, failure).message }),
    }));
    response.json(rows);
  });
  httpAdmin.post("/fritz-caller-info/:id/forget", auth.needsPermission(WRITE), (request, response) => {
    const node = nodeOf(RED, request.params["id"]);
    if (!node) return void response.status(404).json({});
    node.service.forget().then(
      () => response.json({}),
      (error: unknown) => response.status(500).json({ error: toUserError(RED, error).message }),
    );
  });
}

function nodeOf(RED: Runtime, id: string | string[] | undefined): CallerInfoNode | undefined {
  const node = typeof id !== "string" ? null : (RED.nodes.getNode(id) as CallerInfoNode | null);
  return node?.type === "fritz-caller-info" ? node : undefined;
}
