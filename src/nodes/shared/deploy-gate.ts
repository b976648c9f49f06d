/**
 * L5 nodes: between "stopping" and "started" of a deploy the nodes behind may not exist yet, and what is sent is lost without
 * a word. The gate holds readers back for that time.
 */
import type { EventEmitter } from "node:events";
import type { Subscription } from "../../lib/services/feed";

/** A deploy that never says "started" must not silence a node for ever, ms. */
const LONGEST_HOLD_MS = 4_000;

class DeployGate {
  private readonly readers = new Map<Subscription, NodeJS.Timeout | undefined>();

  constructor(private readonly events: EventEmitter) {}

  add(reader: Subscription): void {
    if (this.readers.size === 0) {
      this.events.on("flows:stopping", this.hold);
      this.events.on("flows:started", this.flow);
    }
    this.readers.set(reader, this.limit(reader)); // a reader joins holding
  }

  remove(reader: Subscription): void {
    clearTimeout(this.readers.get(reader));
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    this.events.off("flows:stopping", this.hold);
    this.events.off("flows:started", this.flow);
  }

  private readonly hold = () => {
    for (const [reader, limit] of this.readers) {
      clearTimeout(limit);
      reader.hold();
      this.readers.set(reader, this.limit(reader));
    }
  };

  private readonly flow = () => {
    for (const [reader, limit] of this.readers) {
      clearTimeout(limit);
      this.readers.set(reader, undefined);
      reader.flow();
    }
  };

  private limit(reader: Subscription): NodeJS.Timeout {
    return setTimeout(() => reader.flow(), LONGEST_HOLD_MS);
  }
}

const gates = new WeakMap<EventEmitter, DeployGate>();

/** The gate of a runtime: two listeners, however many nodes. */
export function deployGate(events: EventEmitter): DeployGate {
  let gate = gates.get(events);
  if (!gate) gates.set(events, (gate = new DeployGate(events)));
  return gate;
}
