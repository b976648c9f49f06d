/** Wrapper of all input handlers: an unhandled rejection would end Node-RED. */
import { type Handler, Inbox, type Input } from "./inbox";
import type { Node, Runtime, Message, Outgoing } from "./red";
import type { EventEmitter } from "node:events";
import { deployGate } from "./deploy-gate";
import { sharedText, toUserError } from "./messages";
import { Wire } from "./wire";

// Keeps messages over a deploy: one inbox for each node's place in the flows, one wire for all.

class HandOver {
  /** By the nodes' places. */
  private readonly inboxes = new Map<string, Inbox>();
  private readonly ofNode = new WeakMap<Node, Inbox>();
  private readonly wire: Wire;

  constructor(private readonly RED: Runtime) {
    this.wire = new Wire(RED, (count) => this.lost("", count));
    deployGate(RED.events).add(this.wire);
  }

  /** The inbox of a node, also of a closed one. The node's first call takes over its predecessor's. */
  open(node: Node): Inbox {
    const known = this.ofNode.get(node);
    if (known) return known;
    const place = placeOf(node);
    const inbox = this.inboxes.get(place) ?? this.create(place);
    this.ofNode.set(node, inbox);
    inbox.attach(node);
    deployGate(this.RED.events).add(inbox);
    node.on("close", (removed: boolean, done: () => void) => {
      inbox.detach(removed);
      node.receive = (msg) => this.receiveLate(node, inbox, msg ?? {});
      done();
    });
    return inbox;
  }

  private create(place: string): Inbox {
    const { RED } = this;
    const inbox = new Inbox({
      send: (node, output, send) => guarded(RED, node, () => this.wire.send(node, output, send)),
      finish: (input, owner, failure) => finish(RED, input, owner, failure),
      lost: (node, count) => this.lost(node.type, count),
      forget: () => {
        deployGate(RED.events).remove(inbox);
        if (this.inboxes.get(place) === inbox) this.inboxes.delete(place);
      },
    });
    this.inboxes.set(place, inbox);
    return inbox;
  }

  /** A message sent to a node that was closed before it arrived. */
  private receiveLate(node: Node, inbox: Inbox, msg: Message): void {
    if (inbox.owner) inbox.owner.receive(msg);
    else inbox.take({ node, msg, send: (output) => inbox.emit(output), done: () => undefined });
  }

  private lost(node: string, count: number): void {
    this.RED.log.warn(sharedText(this.RED, "deploy-lost", { node, count }));
  }
}

/** A place is stable over deploys, also inside a subflow, where the nodes get new ids. */
export function placeOf(node: Node): string {
  return (node as Node & { _path?: string })._path ?? node.id;
}

/** A closed node has no Catch nodes: its successor reports the failure. */
function finish(RED: Runtime, input: Input, owner: Node | undefined, failure: { error: unknown } | undefined): void {
  const { node, msg, done } = input;
  const error = failure && toUserError(RED, failure.error);
  if (!owner || owner === node) guarded(RED, node, () => done(error));
  else if (error) guarded(RED, owner, () => owner.error(error, msg));
}

/** Runs callbacks of other nodes from a timer or a socket, where an exception would end Node-RED. */
export function guarded(RED: Runtime, node: Node, action: () => void): void {
  try {
    action();
  } catch (error) {
    node.error(toUserError(RED, error));
  }
}

const handOvers = new WeakMap<EventEmitter, HandOver>();

/** The inbox of a node. */
function inboxOf(RED: Runtime, node: Node): Inbox {
  let handOver = handOvers.get(RED.events);
  if (!handOver) handOvers.set(RED.events, (handOver = new HandOver(RED)));
  return handOver.open(node);
}

/** Sends a message that answers no input: during a deploy it waits until the next nodes exist. */
export function emit(RED: Runtime, node: Node, output: Outgoing): void {
  inboxOf(RED, node).emit(output);
}

/**
 * The value that the predecessor with the same id kept under `name`; created by the first one. Shared while
 * the predecessor still answers its last inputs.
 */
export function keepOverDeploys<T>(RED: Runtime, node: Node, name: string, make: () => T): T {
  const { kept } = inboxOf(RED, node);
  if (!kept.has(name)) kept.set(name, make());
  return kept.get(name) as T;
}

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
