/** Simulator: a Fritz!Box with telephones, lines, a call monitor and TR-064. */
import type { Leg } from "./sip/leg";
import { SipServer } from "./sip/server";
import { MonitorServer } from "./monitor-server";
import { deviceOf } from "./tr064/device-names";
import { Tr064Server } from "./tr064/server";
import { WebServices } from "./web/server";
import { CallRecord, toEntry, type SimulatedCall } from "./call-record";

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
  /** So long after its end a call stays in the call list as running, ms. */
  listDelayMs?: number;
}

const two = (n: number) => String(n).padStart(2, "0");

/** The box's timestamp: local time, two-digit year, no zone. */
export function stamp(date: Date): string {
  const day = [date.getDate(), date.getMonth() + 1, date.getFullYear() % 100].map(two).join(".");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

const DIAL_AID_EXTENSION = 10;
const FIRST_MACHINE = 40;
const MONITOR_ON = "#96*5*";
const MONITOR_OFF = "#96*4*";

export class SimulatedBox {
  readonly monitor = new MonitorServer();
  /** Phonebooks, call list, dialling aid; listens after `listen`. */
  readonly tr064: Tr064Server;
  /** Simulated web services with caller information; listen after `listen`. */
  readonly web = new WebServices();
  /** The registrar for IP telephones, which ring for every call; listens after `listen`. */
  readonly sip: SipServer;
  /** Numbers that the box rejects: it sends the RING line nevertheless, like real boxes. */
  readonly barred = new Set<string>();
  private readonly calls = new Map<number, SimulatedCall>();
  private readonly records = new Map<SimulatedCall, CallRecord>();
  private readonly legs = new Map<SimulatedCall, Leg[]>();
  private dialled: SimulatedCall | undefined;
  /**
   * The code of the telephones that the dialling aid rings now, e.g. **9; "" = none. Not visible in any
   * interface.
   */
  ringing = "";
  /** Every number given to the dialling aid. */
  readonly dialledNumbers: string[] = [];
  private readonly own: string;
  private readonly now: () => Date;

  private readonly listDelayMs: number;

  constructor({ own = "732123", now = () => new Date(), listDelayMs = 0 }: BoxOptions = {}) {
    this.own = own;
    this.now = now;
    this.listDelayMs = listDelayMs;
    this.tr064 = new Tr064Server({
      now,
      dial: (number) => this.dialForClient(number),
      hangUp: () => this.hangUpDialled(),
    });
    this.sip = new SipServer({ phones: () => this.tr064.state.sipClients, now });
    this.tr064.state.numbers = [{ number: own, type: "eVoIP", index: 0, name: own }];
  }

  get openCalls(): SimulatedCall[] {
    return [...this.calls.values()];
  }

  /** An incoming call. "" = withheld number. */
  ring(caller: string, { own = this.own, line = "SIP0" }: CallOptions = {}): SimulatedCall {
    const call = this.begin(caller);
    const barred = this.barred.has(caller) || this.tr064.state.bars(caller);
    this.list(call, { incoming: true, barred, own, line, date: this.now() });
    this.sendLine("RING", call.id, caller, own, line);
    if (barred) this.hangUp(call);
    else this.ringPhones(call, own);
    return call;
  }

  /** A call is in the list, with its final id, while it goes on. */
  private list(call: SimulatedCall, record: Omit<CallRecord, "listId">): void {
    const entry = { ...toEntry(call, record, 0), type: record.incoming ? (9 as const) : (11 as const) };
    this.records.set(call, { ...record, listId: this.tr064.state.calls.add(entry) });
  }

  /** Incoming calls that are ringing now. */
  get ringingCalls(): SimulatedCall[] {
    return this.openCalls.filter((call) => this.records.get(call)?.incoming && call.connectedAt === undefined);
  }

  /** Registered IP telephones ring, too. */
  private ringPhones(call: SimulatedCall, own: string): void {
    const legs = this.sip.ring({
      ...{ caller: call.remote, own, name: this.tr064.state.nameOf(call.remote) },
      answered: (extension) => this.answer(call, extension),
      ended: () => this.hangUp(call),
    });
    this.legs.set(call, legs);
  }

  /** An outgoing call. */
  dial(number: string, extension = 11, { own = this.own, line = "SIP0" }: CallOptions = {}): SimulatedCall {
    const call = this.begin(number);
    this.list(call, { incoming: false, barred: false, own, line, extension, date: this.now() });
    this.sendLine("CALL", call.id, extension, own, number, line);
    return call;
  }

  /** A telephone, or the other side, answers the call (10-15 DECT, 40-44 answering machine). */
  answer(call: SimulatedCall, extension = 11): void {
    call.connectedAt = this.now().getTime();
    for (const leg of this.legs.get(call) ?? []) if (leg.state !== "answered") leg.cancel();
    const record = this.records.get(call);
    if (record?.incoming) record.extension = extension;
    // Of a dialled call the line names the telephone that dialled.
    this.sendLine("CONNECT", call.id, record?.extension ?? extension, call.remote);
  }

  /** An answering machine answers, and the caller leaves a message; it is in the list when the call ends. */
  speak(call: SimulatedCall, { machine = 0, seconds = 3 } = {}): void {
    this.answer(call, FIRST_MACHINE + machine);
    const record = this.records.get(call);
    if (record) record.spokenSeconds = seconds;
  }

  /** The call ends and enters the call list; its id can be reused at once. */
  hangUp(call: SimulatedCall): void {
    if (this.calls.get(call.id) !== call) return; // already ended, and the id may belong to another call
    this.calls.delete(call.id);
    for (const leg of this.legs.get(call) ?? []) leg.hangUp();
    this.legs.delete(call);
    const seconds = call.connectedAt === undefined ? 0 : Math.round((this.now().getTime() - call.connectedAt) / 1000);
    this.sendLine("DISCONNECT", call.id, seconds);
    const record = this.records.get(call);
    this.records.delete(call);
    if (!record) return;
    const device = deviceOf(this.tr064.state, record.extension);
    const entry = { ...toEntry(call, record, seconds), ...(device !== undefined && { device }) };
    const finish = () => this.tr064.state.calls.finish(record.listId, entry);
    if (this.listDelayMs > 0) setTimeout(finish, this.listDelayMs).unref();
    else finish();
    const { spokenSeconds, extension = 0, own, date } = record;
    if (spokenSeconds === undefined) return;
    const message = { number: call.remote, called: own, date, seconds: spokenSeconds };
    this.tr064.state.tam.leave(extension - FIRST_MACHINE, message);
  }

  /** A telephone that the dialling aid rings is answered: from now on the aid cannot end it. */
  pickUp(): void {
    this.ringing = "";
  }

  /** Only an unanswered call can be ended. */
  private hangUpDialled(): void {
    this.ringing = "";
    if (this.dialled && this.dialled.connectedAt === undefined) this.hangUp(this.dialled);
  }

  /** The dialling aid: keypad codes switch the monitor, internal calls are not recorded, others are made. */
  private async dialForClient(number: string): Promise<void> {
    this.dialledNumbers.push(number);
    const code = number.replace(/#$/, ""); // a final # marks the end of the number
    if (code === MONITOR_ON) await this.monitor.accept();
    else if (code === MONITOR_OFF) await this.monitor.refuse();
    else if (code.startsWith("**")) this.ringing = code;
    else if (!code.startsWith("#")) this.dialled = this.dial(number, DIAL_AID_EXTENSION);
  }

  private begin(remote: string): SimulatedCall {
    let id = 0;
    while (this.calls.has(id)) id++;
    const call: SimulatedCall = { id, remote };
    this.calls.set(id, call);
    return call;
  }

  private sendLine(...fields: (string | number)[]): void {
    this.monitor.send(`${[stamp(this.now()), ...fields].join(";")};`);
  }
}
