/** Wrapper of all input handlers: an unhandled rejection would end Node-RED. */
import { inboxOf } from "./hand-over";
import type { Handler } from "./inbox";
import type { Node, Runtime } from "./red";

export { emit, guarded, keepOverDeploys, placeOf } from "./hand-over";

/**
 * Runs `handler` for each message and calls `done` exactly once, with a sentence for the user if it failed.
 * Inputs that are not answered when a deploy closes the node are sent by its successor. Returns a function
 * that waits until all started inputs are answered.
 */
export function onInput(RED: Runtime, node: Node, handler: Handler): () => Promise<void> {
  const inbox = inboxOf(RED, node);
  inbox.answer(handler);
  node.on("input", (msg, send, done) => inbox.take({ node, msg, send, done }));
  return () => inbox.answered();
}
