/** Simulator: a Fritz!Box with telephones, lines and a call monitor. */
import { MonitorServer } from "./monitor-server";

export interface CallOptions {
  /** The own number; default is the box's first. */
  own?: string;
  /** "SIP0", "POTS", ... */
  line?: string;
}

export interface BoxOptions {
  /** Own number of the box, as entered there. */
  own?: string;
  now?: () => Date;
}

const two = (n: number) => String(n).padStart(2, "0");

/** The box's stamp: local time, two-digit year, no zone. */
export function stamp(date: Date): string {
  const day = [date.getDate(), date.getMonth() + 1, date.getFullYear() % 100].map(two).join(".");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

/** A call in progress in the simulated box. */
export interface SimulatedCall {
  readonly id: number;
  /** The other side's number. */
  readonly remote: string;
  connectedAt?: number;
}

export class SimulatedBox {
  readonly monitor = new MonitorServer();
  /** Numbers that the box rejects: the ring is announced all the same, as real boxes do. */
  readonly barred = new Set<string>();
  private readonly calls = new Map<number, SimulatedCall>();
  private readonly own: string;
  private readonly now: () => Date;

  constructor({ own = "732123", now = () => new Date() }: BoxOptions = {}) {
    this.own = own;
    this.now = now;
  }

  get openCalls(): SimulatedCall[] {
    return [...this.calls.values()];
  }

  /** An outside call comes in. "" = the caller withholds the number. */
  ring(caller: string, { own = this.own, line = "SIP0" }: CallOptions = {}): SimulatedCall {
    const call = this.begin(caller);
    this.say("RING", call.id, caller, own, line);
    if (this.barred.has(caller)) this.hangUp(call);
    return call;
  }

  /** Somebody in the house dials out. */
  dial(number: string, extension = 11, { own = this.own, line = "SIP0" }: CallOptions = {}): SimulatedCall {
    const call = this.begin(number);
    this.say("CALL", call.id, extension, own, number, line);
    return call;
  }

  /** The call is answered at a telephone (10-15 DECT, 40-44 answering machine). */
  answer(call: SimulatedCall, extension = 11): void {
    call.connectedAt = this.now().getTime();
    this.say("CONNECT", call.id, extension, call.remote);
  }

  /** The call ends; its id is free at once. */
  hangUp(call: SimulatedCall): void {
    if (!this.calls.delete(call.id)) return;
    const seconds = call.connectedAt === undefined ? 0 : Math.round((this.now().getTime() - call.connectedAt) / 1000);
    this.say("DISCONNECT", call.id, seconds);
  }

  private begin(remote: string): SimulatedCall {
    let id = 0;
    while (this.calls.has(id)) id++;
    const call: SimulatedCall = { id, remote };
    this.calls.set(id, call);
    return call;
  }

  private say(...fields: (string | number)[]): void {
    this.monitor.send(`${[stamp(this.now()), ...fields].join(";")};`);
  }
}
