/**
 * Messages on their way through one node. An inbox outlives the node object: after a deploy the node with the
 * same id answers what its predecessor has not answered, once and in order.
 */
import { propertiesOf } from "../../lib/core/unknown";
import type { Done, Message, Node, Outgoing, Send } from "./red";

/** A node's message handler. Resolves when everything is sent; a rejection goes to the Catch nodes. */
export type Handler = (msg: Message, send: Send) => Promise<void>;

/** A message, and the node that received it. */
export interface Input {
  node: Node;
  msg: Message;
  send: Send;
  done: Done;
}
type Item = Input | { output: Outgoing };

/** An input whose handler runs, and the later inputs of the same call that wait for it. */
interface Work {
  callId: string | undefined;
  waiting: Item[];
  answered: Promise<void>;
}

/** Callbacks for output and errors. */
export interface InboxParts {
  /** Sends as `node`; `send` is the function that came with the input, if it is the same node's. */
  send(node: Node, output: Outgoing, send: Send | undefined): void;
  /** Ends an input once, for the current node. */
  finish(input: Input, owner: Node | undefined, failure: { error: unknown } | undefined): void;
  /** `count` messages are lost, as the node was removed. */
  lost(node: Node, count: number): void;
  /** The node was removed. */
  forget(): void;
}

/** Holds at first, and during a deploy. A reader of the deploy gate. */
export class Inbox {
  /** Values for the successor; see `keepOverDeploys`. */
  readonly kept = new Map<string, unknown>();
  private node: Node | undefined;
  private last: Node | undefined;
  private handler: Handler | undefined;
  private holding = true;
  private draining = false;
  private gone = false;
  private queue: Item[] = [];
  private works = new Set<Work>();
  /** Of earlier nodes. */
  private readonly older = new Set<Work>();

  constructor(private readonly parts: InboxParts) {}

  attach(node: Node): void {
    this.node = this.last = node;
    this.handler = undefined;
    this.holding = true;
  }

  get owner(): Node | undefined {
    return this.node;
  }

  answer(handler: Handler): void {
    this.handler = handler;
  }

  /** The node is closed. `removed`: it has no successor. */
  detach(removed: boolean): void {
    this.node = undefined;
    this.holding = true;
    for (const work of this.works) this.older.add(work);
    this.works = new Set();
    if (removed) this.abandon();
  }

  /** Resolves when all started inputs are answered, those of earlier nodes too. Never rejects. */
  async answered(): Promise<void> {
    await Promise.all([...this.older, ...this.works].map((work) => work.answered));
  }

  hold(): void {
    this.holding = true;
  }

  flow(): void {
    if (!this.node) return this.abandon();
    this.holding = false;
    this.drain();
  }

  /** An input of `node`, also of a closed one. */
  take(item: Input): void {
    if (this.gone) this.parts.lost(item.node, 1);
    else if (this.holding || (this.queue.length > 0 && !this.draining)) this.queue.push(item);
    else this.pass(item);
  }

  /** A message from the node, also from a closed one. */
  emit(output: Outgoing, send?: Send): void {
    if (this.gone) return;
    if (this.node && !this.holding) this.parts.send(this.node, output, send);
    else this.queue.push({ output });
  }

  private drain(): void {
    if (this.draining) return;
    this.draining = true;
    while (!this.holding) {
      const item = this.queue.shift();
      if (!item) break;
      this.pass(item);
    }
    this.draining = false;
  }

  private pass(item: Item): void {
    if ("output" in item) return this.emit(item.output);
    const before = this.older.size > 0 ? this.predecessorOf(item.msg) : undefined;
    if (before) before.waiting.push(item);
    else if (item.node === this.node) this.begin(item);
    else this.node?.receive(item.msg); // comes back through `take` with the new node's `send` and `done`
  }

  private predecessorOf(msg: Message): Work | undefined {
    const callId = callIdOf(msg);
    return callId === undefined ? undefined : [...this.older].find((work) => work.callId === callId);
  }

  private begin(input: Input): void {
    const work: Work = { callId: callIdOf(input.msg), waiting: [], answered: Promise.resolve() };
    this.works.add(work);
    work.answered = this.run(input, work);
  }

  private async run(input: Input, work: Work): Promise<void> {
    const { node, msg, send } = input;
    let failure: { error: unknown } | undefined;
    try {
      await this.handler?.(msg, (output) => this.emit(output, node === this.node ? send : undefined));
    } catch (error) {
      failure = { error };
    }
    this.works.delete(work);
    this.older.delete(work);
    this.parts.finish(input, this.node, failure);
    this.release(work.waiting);
  }

  private release(waiting: Item[]): void {
    if (this.holding) this.queue.unshift(...waiting);
    else for (const item of waiting) this.pass(item);
  }

  private abandon(): void {
    const waiting = [...this.older].flatMap((work) => work.waiting);
    const count = this.queue.length + this.older.size + waiting.length;
    this.gone = true;
    this.queue = [];
    this.older.clear();
    if (count > 0 && this.last) this.parts.lost(this.last, count);
    this.parts.forget();
  }
}

function callIdOf(msg: Message): string | undefined {
  const { callId } = propertiesOf(msg.payload);
  return typeof callId === "string" ? callId : undefined;
}
