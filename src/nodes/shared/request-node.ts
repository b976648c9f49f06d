/**
 * Common parts of the nodes that act on a box: status of a request, errors for status and Catch nodes,
 * closing.
 */
import { serialize, withTimeout } from "../../lib/core/async";
import { systemClock } from "../../lib/core/clock";
import { FritzError } from "../../lib/core/errors";
import { boxOf } from "./box";
import { onInput } from "./input";
import { sharedKey } from "./messages";
import type { Message, Node, Runtime, Send } from "./red";
import { boxIsBack, showFailure, showStatus } from "./status";

/** Longest wait of a deploy for a running request, ms. */
const CLOSE_PATIENCE_MS = 3_000;
/** Requests longer than this show a status, ms. */
const SHOWN_AFTER_MS = 1_000;

/** Functions for a request handler. */
export interface RequestTools {
  /** Aborted when the node is closed. */
  signal: AbortSignal;
  /** Shows progress in blue. */
  progress(text: string): void;
  /** Shows the result in green, or "off" in grey. */
  done(text: string, off?: boolean): void;
}

export type RequestHandler = (msg: Message, send: (msg: Message) => void, tools: RequestTools) => Promise<void>;

/** A closed node shows nothing more, as its successor owns the status. */
function statusTools(node: Node, signal: AbortSignal): RequestTools {
  const show = (fill: "blue" | "green" | "grey", shape: "dot" | "ring", text: string) => {
    if (!signal.aborted) showStatus(node, fill, shape, text);
  };
  return {
    signal,
    progress: (text) => show("blue", "dot", text),
    done: (text, off = false) => show(off ? "grey" : "green", off ? "ring" : "dot", text),
  };
}

export interface RequestOptions {
  /** Handles messages in sequence, so that they keep their order; default true. */
  serial?: boolean;
  /** The id of the configuration node whose box is asked. */
  box?: string | undefined;
}

/** Runs `handler` for each message; returns the functions for what the node does by itself. */
export function onRequest(
  RED: Runtime,
  node: Node,
  handler: RequestHandler,
  { serial = true, box }: RequestOptions,
): RequestTools {
  const closing = new AbortController();
  const { signal } = closing;
  const tools = statusTools(node, signal);
  const open = new Set<Promise<unknown>>();
  const run = async (msg: Message, send: Send) => {
    if (signal.aborted) throw new FritzError("interrupted");
    const busy = setTimeout(() => tools.progress(sharedKey("acting.busy")), SHOWN_AFTER_MS);
    const pass = (answer: Message) => {
      if (signal.aborted) throw new FritzError("interrupted"); // the next nodes may be gone, too
      send(answer);
    };
    const watched = { ...tools, progress: (text: string) => (clearTimeout(busy), tools.progress(text)) };
    try {
      await handler(msg, pass, watched);
      const config = boxOf(RED, box);
      if (config) boxIsBack(config);
    } catch (error) {
      if (!signal.aborted) showFailure(RED, node, error, { box: boxOf(RED, box) });
      throw error;
    } finally {
      clearTimeout(busy);
    }
  };
  onInput(RED, node, (msg, send) => {
    const mine = serial ? serialize(node, () => run(msg, send)) : run(msg, send);
    const settled: Promise<unknown> = mine.catch(() => undefined).then(() => open.delete(settled));
    open.add(settled);
    return mine;
  });
  node.on("close", (_removed: boolean, done: () => void) => {
    closing.abort();
    void withTimeout(systemClock, CLOSE_PATIENCE_MS, Promise.all(open)).then(() => done());
  });
  return tools;
}
