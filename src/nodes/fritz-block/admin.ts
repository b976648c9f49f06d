/** Admin route of the journal tab of `fritz-block`: journal, corrections, and rehearsal. */
import type { Decision } from "../../lib/blocking/types";
import { FritzError } from "../../lib/core/errors";
import { adminRoute } from "../shared/admin-route";
import type { Message, Node, Runtime } from "../shared/red";

/** The node, with the methods that the route uses. */
export interface BlockNode extends Node {
  credentials: { phoneblockToken?: string };
  /** Executes a command like a message with `operation`; resolves to the answer of the first output. */
  order(msg: Message): Promise<Message>;
  /** The box's call list of the last days. Rejects with `no-box` without a box. */
  pastCalls(days: number): Promise<unknown>;
  /** What a call of this number would get now. */
  tryNumber(number: unknown): Promise<Decision>;
}

interface Order {
  id?: unknown;
  operation?: unknown;
  payload?: unknown;
}

/** Commands of the dialog; "try" decides about one number. */
const OPERATIONS = ["journal", "false-alarm", "undo", "block", "rehearse", "try"];
const REHEARSED_DAYS = 30;

/** Registers the route, once for a runtime. */
export function offerBlockRoutes(RED: Runtime): void {
  adminRoute(RED, "block-order", "fritz-block.write", async ({ id, operation, payload }: Order) => {
    const node = RED.nodes.getNode(String(id)) as BlockNode | null;
    if (node?.type !== "fritz-block") throw new FritzError("not-deployed");
    const known = OPERATIONS.find((one) => one === operation);
    if (known === undefined) throw new FritzError("block-input", { operations: OPERATIONS.join(", ") });
    if (known === "try") return { payload: await node.tryNumber(payload) };
    const given = known === "rehearse" ? await node.pastCalls(REHEARSED_DAYS) : payload;
    return node.order({ operation: known, payload: given });
  });
}
