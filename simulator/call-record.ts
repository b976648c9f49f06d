/** Simulator: a call's data for the call list. */
import type { CallEntry, CallType } from "./tr064/call-list";

/** An open call of the simulated box. */
export interface SimulatedCall {
  readonly id: number;
  /** The remote number. */
  readonly remote: string;
  connectedAt?: number;
}

/** Data of a call for the call list. */
export interface CallRecord {
  incoming: boolean;
  barred: boolean;
  own: string;
  line: string;
  extension?: number;
  date: Date;
  /** Seconds of a message left on an answering machine. */
  spokenSeconds?: number;
  /** In the call list, from the beginning on. */
  listId: number;
}

const NUMBERTYPES: Record<string, CallEntry["numbertype"]> = {
  SIP: "sip",
  POTS: "pots",
  ISDN: "isdn",
  GSM: "umts",
};

export function toEntry(call: SimulatedCall, record: Omit<CallRecord, "listId">, seconds: number): CallEntry {
  const { incoming, barred, own, line, extension, date } = record;
  const type: CallType = !incoming ? 3 : barred ? 10 : call.connectedAt === undefined ? 2 : 1;
  const entry: CallEntry = { type, remote: call.remote, own, date, seconds };
  entry.numbertype = NUMBERTYPES[line.replace(/\d+$/, "")] ?? "";
  if (extension !== undefined) entry.port = extension;
  return entry;
}
