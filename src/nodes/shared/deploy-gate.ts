/**
 * L5 nodes: between "stopping" and "started" of a deploy the nodes behind may not exist yet, and what is sent is lost without
 * a word. The gate holds readers back for that time.
 */
import type { EventEmitter } from "node:events";
import type { Subscription } from "../../lib/services/feed";

type Reader = Pick<Subscription<never>, "hold" | "flow">;

/** Node-RED waits 15 s for nodes that are slow to close; a deploy that says nothing for longer must not silence us, ms. */
const LONGEST_WAIT_MS = 20_000;

/** One for each runtime: three listeners, however many nodes. */
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

  /** A reader that holds by itself at first: it flows once the flows are started, at once if they are. */
  add(reader: Reader): void {
    this.readers.set(reader, undefined);
    if (this.running) reader.flow();
    else this.limit(reader);
  }

  remove(reader: Reader): void {
    clearTimeout(this.readers.get(reader));
    this.readers.delete(reader);
  }

  /** Runs once all nodes of the deploy that is going on are closed, or now if there is none. */
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
    this.readers.set(
      reader,
      setTimeout(() => this.open(reader), LONGEST_WAIT_MS),
    );
  }
}

const gates = new WeakMap<EventEmitter, DeployGate>();

/** The gate of a runtime. */
export function deployGate(events: EventEmitter): DeployGate {
  let gate = gates.get(events);
  if (!gate) gates.set(events, (gate = new DeployGate(events)));
  return gate;
}
