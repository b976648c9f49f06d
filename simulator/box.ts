/** Simulator: a Fritz!Box with telephones, lines, a call monitor and TR-064. */
import { MonitorServer } from "./monitor-server";
import type { CallEntry, CallType } from "./tr064/call-list";
import { Tr064Server } from "./tr064/server";
import { WebServices } from "./web/server";

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

/** What the call list wants to know of a call. */
interface CallRecord {
  incoming: boolean;
  barred: boolean;
  own: string;
  line: string;
  extension?: number;
  date: Date;
}

const DIAL_AID_EXTENSION = 10;
const MONITOR_ON = "#96*5*";
const MONITOR_OFF = "#96*4*";

export class SimulatedBox {
  readonly monitor = new MonitorServer();
  /** Phonebooks, call list, dialling aid; does not listen until told so. */
  readonly tr064: Tr064Server;
  /** The services outside the house that know callers; do not listen until told so. */
  readonly web = new WebServices();
  /** Numbers that the box rejects: the ring is announced all the same, as real boxes do. */
  readonly barred = new Set<string>();
  private readonly calls = new Map<number, SimulatedCall>();
  private readonly records = new Map<SimulatedCall, CallRecord>();
  private dialled: SimulatedCall | undefined;
  private readonly own: string;
  private readonly now: () => Date;

  constructor({ own = "732123", now = () => new Date() }: BoxOptions = {}) {
    this.own = own;
    this.now = now;
    this.tr064 = new Tr064Server({
      now,
      dial: (number) => this.dialForClient(number),
      hangUp: () => this.dialled && this.hangUp(this.dialled),
    });
    this.tr064.state.numbers = [{ number: own, type: "eVoIP", index: 0, name: own }];
  }

  get openCalls(): SimulatedCall[] {
    return [...this.calls.values()];
  }

  /** An outside call comes in. "" = the caller withholds the number. */
  ring(caller: string, { own = this.own, line = "SIP0" }: CallOptions = {}): SimulatedCall {
    const call = this.begin(caller);
    const barred = this.barred.has(caller) || this.tr064.state.bars(caller);
    this.records.set(call, { incoming: true, barred, own, line, date: this.now() });
    this.say("RING", call.id, caller, own, line);
    if (barred) this.hangUp(call);
    return call;
  }

  /** Somebody in the house dials out. */
  dial(number: string, extension = 11, { own = this.own, line = "SIP0" }: CallOptions = {}): SimulatedCall {
    const call = this.begin(number);
    this.records.set(call, { incoming: false, barred: false, own, line, extension, date: this.now() });
    this.say("CALL", call.id, extension, own, number, line);
    return call;
  }

  /** The call is answered at a telephone (10-15 DECT, 40-44 answering machine). */
  answer(call: SimulatedCall, extension = 11): void {
    call.connectedAt = this.now().getTime();
    const record = this.records.get(call);
    if (record?.incoming) record.extension = extension;
    this.say("CONNECT", call.id, extension, call.remote);
  }

  /** The call ends and enters the call list; its id is free at once. */
  hangUp(call: SimulatedCall): void {
    if (this.calls.get(call.id) !== call) return; // over already, and the id may be another call's
    this.calls.delete(call.id);
    const seconds = call.connectedAt === undefined ? 0 : Math.round((this.now().getTime() - call.connectedAt) / 1000);
    this.say("DISCONNECT", call.id, seconds);
    const record = this.records.get(call);
    this.records.delete(call);
    if (record) this.tr064.state.calls.add(toEntry(call, record, seconds));
  }

  /** The dialling aid: keypad codes switch the monitor, inside calls leave no trace, others are made. */
  private async dialForClient(number: string): Promise<void> {
    const code = number.replace(/#$/, ""); // a last # only says "that was all"
    if (code === MONITOR_ON) await this.monitor.accept();
    else if (code === MONITOR_OFF) await this.monitor.refuse();
    else if (!/^(\*\*|#)/.test(number)) this.dialled = this.dial(number, DIAL_AID_EXTENSION);
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

const NUMBERTYPES: Record<string, CallEntry["numbertype"]> = { SIP: "sip", POTS: "pots", ISDN: "isdn", GSM: "umts" };

function toEntry(call: SimulatedCall, record: CallRecord, seconds: number): CallEntry {
  const { incoming, barred, own, line, extension, date } = record;
  const type: CallType = !incoming ? 3 : barred ? 10 : call.connectedAt === undefined ? 2 : 1;
  const entry: CallEntry = { type, remote: call.remote, own, date, seconds };
  entry.numbertype = NUMBERTYPES[line.replace(/\d+$/, "")] ?? "";
  if (extension !== undefined) entry.port = extension;
  return entry;
}
