/** A call of the box's call list, as messages carry it. Plain JSON only. */
import type { Party } from "./types";

/** `answered` also by an answering machine or fax; `rejected` by the box; `active…`: still going on. */
export const CALL_KINDS = ["answered", "missed", "outgoing", "active", "rejected", "active-outgoing"] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** One call of the list. */
export interface Call {
  /** The box's, unique until a factory reset. */
  id: string;
  kind: CallKind;
  /** ISO 8601 with offset; the box does not give seconds. */
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
