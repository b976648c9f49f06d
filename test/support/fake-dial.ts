/** Test support: connections to a call monitor that do what a test says. */
import type { MonitorProblem, MonitorProblemCode } from "../../src/lib/calls/connection";
import type { Dial, Wire, WireEnd, WireEvents } from "../../src/lib/calls/connection";

export const ORDERLY: WireEnd = { orderly: true };

export function problem(code: MonitorProblemCode): MonitorProblem {
  return { code, host: "fritz.box", port: 1012 };
}

export class FakeWire implements Wire {
  /** Closed by our side. */
  closed = false;
  private ended = false;

  constructor(private readonly events: WireEvents) {}

  get alive(): boolean {
    return !this.closed && !this.ended;
  }

  close(): void {
    this.closed = true;
  }

  open(address = "192.168.178.1"): this {
    if (this.alive) this.events.opened(address);
    return this;
  }

  send(...chunks: (string | Uint8Array)[]): this {
    for (const chunk of chunks) if (this.alive) this.events.received(Buffer.from(chunk));
    return this;
  }

  end(end: WireEnd = ORDERLY): void {
    if (!this.alive) return;
    this.ended = true;
    this.events.ended(end);
  }

  fail(code: MonitorProblemCode): void {
    this.end({ orderly: false, problem: problem(code) });
  }
}

export class FakeDial {
  readonly wires: FakeWire[] = [];

  readonly dial: Dial = (events) => {
    const wire = new FakeWire(events);
    this.wires.push(wire);
    return wire;
  };

  /** How often was dialled. */
  get count(): number {
    return this.wires.length;
  }

  get last(): FakeWire {
    const wire = this.wires.at(-1);
    if (!wire) throw new Error("no connection was dialled");
    return wire;
  }

  get alive(): number {
    return this.wires.filter((wire) => wire.alive).length;
  }
}
