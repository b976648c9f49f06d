/**
 * Between "stopping" and "started" of a deploy the next nodes may not exist yet, and messages to them are
 * lost. The gate holds readers for that time.
 */
import type { EventEmitter } from "node:events";
import type { Subscription } from "../../lib/calls/event-feed";
import type { Node } from "./red";

type Reader = Pick<Subscription<never>, "hold" | "flow">;

/** Node-RED waits 15 s for nodes that are slow to close; after this the gate opens again, ms. */
const LONGEST_WAIT_MS = 20_000;

/** One for each runtime: three event listeners, however many nodes. */
class DeployGate {
  private readonly readers = new Map<Reader, NodeJS.Timeout | undefined>();
  private readonly waiting = new Set<() => void>();
  private stopping = false;
  private running = false;

  constructor(events: EventEmitter) {
    events.on("flows:stopping", () => {
      this.stopping = true;
      this.running = false;
      for (const reader of this.readers.keys()) {
        reader.hold();
        this.limit(reader);
      }
    });
    events.on("flows:stopped", () => {
      this.stopping = false;
      for (const run of [...this.waiting]) run();
    });
    events.on("flows:started", () => {
      this.running = true;
      for (const reader of this.readers.keys()) this.open(reader);
    });
  }

  /** Adds a reader, which holds at first: it flows once the flows are started, at once if they are. */
  add(reader: Reader): void {
    clearTimeout(this.readers.get(reader));
    this.readers.set(reader, undefined);
    if (this.running) reader.flow();
    else this.limit(reader);
  }

  remove(reader: Reader): void {
    clearTimeout(this.readers.get(reader));
    this.readers.delete(reader);
  }

  /** Runs the callback after all nodes of the current deploy are closed, at once if there is none. */
  afterStop(run: () => void): void {
    if (!this.stopping) return run();
    const once = () => {
      clearTimeout(limit);
      if (this.waiting.delete(once)) run();
    };
    const limit = setTimeout(once, LONGEST_WAIT_MS);
    this.waiting.add(once);
  }

  private open(reader: Reader): void {
    clearTimeout(this.readers.get(reader));
    this.readers.set(reader, undefined);
    reader.flow();
  }

  private limit(reader: Reader): void {
    clearTimeout(this.readers.get(reader));
    this.readers.set(reader, setTimeout(() => this.open(reader), LONGEST_WAIT_MS).unref());
  }
}

const gates = new WeakMap<EventEmitter, DeployGate>();

/** The gate of a runtime. */
export function deployGate(events: EventEmitter): DeployGate {
  let gate = gates.get(events);
  if (!gate) gates.set(events, (gate = new DeployGate(events)));
  return gate;
}

/** Runs the callback once when the flows run, at once if they do; not if the node is closed before. */
export function onceFlowsRun(events: EventEmitter, node: Node, run: () => void): void {
  const gate = deployGate(events);
  const reader = {
    hold: () => undefined,
    flow: () => {
      gate.remove(reader);
      run();
    },
  };
  gate.add(reader);
  node.on("close", () => gate.remove(reader));
}
