/** L5 nodes: the one wrapper of all input handlers. A handler that rejects unwrapped would end the whole Node-RED. */
import { toUserError } from "./messages";
import type { Done, Message, Node, Runtime, Send } from "./red";

/** Runs `handler` for each message and calls `done` exactly once, with a sentence for the user if it failed. */
export function onInput(RED: Runtime, node: Node, handler: (msg: Message, send: Send) => Promise<void>): void {
  node.on("input", (msg, send, done) => {
    void run(RED, node, () => handler(msg, send), done);
  });
}

async function run(RED: Runtime, node: Node, work: () => Promise<void>, done: Done): Promise<void> {
  let failure: Error | undefined;
  try {
    await work();
  } catch (error) {
    failure = toUserError(RED, error);
  }
  guarded(RED, node, () => done(failure));
}

/** Runs what may call other people's code from a timer or a socket, where an exception would end Node-RED. */
export function guarded(RED: Runtime, node: Node, action: () => void): void {
  try {
    action();
  } catch (error) {
    node.error(toUserError(RED, error));
  }
}
