/** Reports the failures of stores whose users go on without them. */
import { FritzError } from "../../lib/core/errors";
import type { Store } from "../../lib/core/store";
import { systemCode } from "../../lib/core/system-error";
import { reportConfigError } from "./config-error";
import { toUserError } from "./messages";
import type { Node, Runtime } from "./red";

/**
 * Wraps the stores of one node: the first failure is an error of the node with this code, once for each deploy, since a disk may be
 * full for days.
 */
export function reportingStores(RED: Runtime, node: Node, code: "box-store" | "answer-store"): (store: Store) => Store {
  let told: Node | undefined;
  const passedOn = (error: unknown) => {
    const now = (RED.nodes.getNode(node.id) as Node | null) ?? node; // connections outlive a deploy
    if (told !== now) {
      told = now;
      const detail = error instanceof SyntaxError ? "JSON" : systemCode(error);
      reportConfigError(RED, now, toUserError(RED, new FritzError(code, { detail })).message);
    }
    throw error;
  };
  return (store) => ({
    load: () => store.load().catch(passedOn),
    save: (value) => store.save(value).catch(passedOn),
  });
}
