/** Admin route of the journal tab of `fritz-block`: journal, corrections, and rehearsal. */
import type { Decision } from "../../lib/blocking/types";
import { FritzError } from "../../lib/core/errors";
import type { Call } from "../../lib/calls/types";
import { adminRoute } from "../shared/admin-route";
import type { Message, Node, Runtime } from "../shared/red";
import type { ScoredRehearsal } from "./rehearsal";

/** The node, with the methods that the route uses. */
export interface BlockNode extends Node {
  credentials: { phoneblockToken?: string };
  /** Executes a command like a message with `operation`; resolves to the answer of the first output. */
  order(msg: Message): Promise<Message>;
  /** The box's call list of the last days. Rejects with `no-box` without a box. */
  pastCalls(days: number): Promise<readonly Call[]>;
  /** The rehearsal that asks the sources, too. */
  scored: ScoredRehearsal;
  /** What a call of this number would get now. */
  tryNumber(number: unknown): Promise<Decision>;
}

interface Order {
  id?: unknown;
  operation?: unknown;
  payload?: unknown;
}

/** Commands of the dialog; "try" decides about one number, "scores…" rehearse with the sources' scores. */
const OPERATIONS = [
  "journal",
  "false-alarm",
  "undo",
  "block",
  "rehearse",
  "try",
  "scores",
  "scores-progress",
  "scores-cancel",
];
export const REHEARSED_DAYS = 30;

/** Registers the route, once for a runtime. */
export function offerBlockRoutes(RED: Runtime): void {
  adminRoute(RED, "block-order", "fritz-block.write", async ({ id, operation, payload }: Order) => {
    const node = RED.nodes.getNode(String(id)) as BlockNode | null;
    if (node?.type !== "fritz-block") throw new FritzError("not-deployed");
    const known = OPERATIONS.find((one) => one === operation);
    if (known === undefined) throw new FritzError("block-input", { operations: OPERATIONS.join(", ") });
    if (known === "scores") return node.scored.start();
    if (known === "scores-progress") return node.scored.progress();
    if (known === "scores-cancel") return node.scored.cancel();
    if (known === "try") return { payload: await node.tryNumber(payload) };
    const given = known === "rehearse" ? await node.pastCalls(REHEARSED_DAYS) : payload;
    return node.order({ operation: known, payload: given });
  });
}
