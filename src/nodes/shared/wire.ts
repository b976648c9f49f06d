/**
 * Messages between two nodes. Node-RED delivers a message one turn of the event loop after it was sent, and
 * drops it if the receiver was closed meanwhile. Here it waits for the receiver's successor.
 */
import type { Message, Node, Outgoing, Runtime, Send } from "./red";

/** Upper bound of messages that are sent and not delivered yet. */
const MOST_ON_WIRE = 1_000;
const HOOK = "onReceive.fritz-calls";

/** The messages sent by this package's nodes. A reader of the deploy gate: only active during a deploy. */
export class Wire {
  /** The ids of the last messages sent; the next one takes the place of the oldest. */
  private readonly sent: string[] = [];
  private next = 0;
  private watching = false;
  private held: { id: string; msg: Message }[] = [];

  constructor(
    private readonly RED: Runtime,
    private readonly lost: (count: number) => void,
  ) {}

  send(node: Node, output: Outgoing, send?: Send): void {
    if (send) send(output);
    else node.send(output);
    if (Array.isArray(output)) for (const msg of output) this.note(msg);
    else this.note(output);
  }

  /** A deploy begins: messages to closed nodes are held. */
  hold(): void {
    if (this.watching) return;
    this.watching = true;
    // The unit test helper has no hooks.
    (this.RED.hooks as Runtime["hooks"] | undefined)?.add(HOOK, ({ msg, destination }: Received) => {
      const { id, node } = destination;
      if (!this.sent.includes(msg._msgid ?? "") || this.RED.nodes.getNode(id) === node) return;
      this.held.push({ id, msg });
      return false;
    });
  }

  private note(msg: Message | null): void {
    if (msg?._msgid === undefined) return;
    this.sent[this.next] = msg._msgid;
    this.next = (this.next + 1) % MOST_ON_WIRE;
  }

  /** The deploy has ended: delivers held messages. */
  flow(): void {
    if (!this.watching) return;
    this.watching = false;
    (this.RED.hooks as Runtime["hooks"] | undefined)?.remove(HOOK);
    const held = this.held;
    this.held = [];
    let lost = 0;
    for (const { id, msg } of held) {
      const node = this.RED.nodes.getNode(id) as Node | null;
      if (node) node.receive(msg);
      else lost++;
    }
    if (lost > 0) this.lost(lost);
  }
}

interface Received {
  msg: Message;
  destination: { id: string; node: Node };
}
