/** L0 model: a call of the box's call list as it travels in a message. Plain JSON only. */
import type { Party } from "./call-event";

/** `answered` also by an answering machine or fax; `rejected` by the box; `active…`: still going on. */
export type CallKind = "answered" | "missed" | "outgoing" | "active" | "rejected" | "active-outgoing";

/** One call of the list. */
export interface Call {
  /** The box's, unique until a factory reset. */
  id: string;
  kind: CallKind;
  /** ISO 8601 with offset; the box does not tell the seconds. */
  at: string;
  /** The box counts in whole minutes, rounded up. */
  durationSeconds: number;
  caller: Party;
  called: Party;
  /** From the box, else from the phonebooks. */
  name?: string;
  /** "SIP", "POTS", "ISDN", ... */
  line?: string;
  /** The telephone's name on the box. */
  device?: string;
  /** As the call monitor's extensions: 5 fax, 40-49 answering machine. */
  port?: number;
  /** A recorded message or fax on the box. */
  path?: string;
}
