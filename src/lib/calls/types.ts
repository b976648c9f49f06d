/** Types: what the call monitor and the call list report, and which values are taken for it. Plain JSON only. */
import { propertiesOf } from "../core/unknown";

// What a value of unknown origin must have to be taken for a call of the box's call list.

/** Longer than any number with prefixes, separators and network number. */
const LONGEST_NUMBER = 100;

/** A call of the list, as far as one needs to know. */
export function isListedCall(value: unknown): value is Call {
  const { at, kind, caller, called } = propertiesOf(value);
  return typeof at === "string" && typeof kind === "string" && [caller, called].every(isParty);
}

function isParty(value: unknown): boolean {
  const { number } = propertiesOf(value);
  return typeof number === "string" && number.length <= LONGEST_NUMBER;
}

/** `ring`: an incoming call; `call`: an outgoing one; `connect`: answered; `disconnect`: ended. */
export const EVENT_NAMES = ["ring", "call", "connect", "disconnect"] as const;
export type CallEventName = (typeof EVENT_NAMES)[number];

export type Direction = "incoming" | "outgoing";

/**
 * How a call ended: `machine` = answered by an answering machine, `rejected` = rejected by the box at once
 * (or the caller hung up in the same second: the lines are the same), `unreached` = dialled, not answered,
 * `hungup` = ended by fritz-hangup, `lost` = the end was missed.
 */
export type Outcome = "answered" | "missed" | "unreached" | "machine" | "rejected" | "hungup" | "lost";

/** How many calls are ringing, dialling and talking. */
export interface LineCounts {
  ringing: number;
  dialling: number;
  talking: number;
}

/** State of the line. */
export type LineState = "idle" | "ringing" | "dialling" | "talking";

/** One party of a call. `number` is as the box wrote it; empty if it is withheld or unknown. */
export interface Party {
  number: string;
  /** E.164 form, if the number has one. */
  e164?: string;
  /** `restricted`: the caller withholds the number (CLIR). `unavailable`: no number was transmitted. */
  presentation: "allowed" | "restricted" | "unavailable";
  /** Of an own number: how the user calls it at the box, where that is known. */
  label?: string;
}

/** One event of one call: the payload of a message of `fritz-callmonitor`. */
export interface CallEvent {
  event: CallEventName;
  /** The package's id of the call: the same for all its events, unique over restarts. */
  callId: string;
  /** The box's id of the call; reused as soon as the call ends. */
  connectionId: number;
  /** ISO 8601 with offset: the box's own time. */
  at: string;
  direction: Direction;
  caller: Party;
  called: Party;
  /** The line the box used: "SIP0", "POTS", "ISDN", "GSM". */
  line?: string;
  /** The box's id of the telephone, e.g. 11 (docs/protocol/call-monitor.md#extension-ids). */
  extension?: number;
  /** Its name on the box where that is known, else what kind of telephone it is: "DECT", "FON 1", "Answering machine", ... */
  device?: string;
  /** Seconds from ring (or dialling) to answer, or to the end if it was not answered. */
  ringSeconds?: number;
  /** Seconds of talk as the box counts them; on `disconnect`. */
  durationSeconds?: number;
  /** On `disconnect`. Absent if the beginning of the call is unknown, and so is the outcome. */
  outcome?: Outcome;
  /** The beginning of this call was missed: `direction` is a guess and empty fields are unknown. */
  partial?: true;
  /** Which box, by the name of its configuration. */
  box: string;
  /** The box's line as it came, without line end and comment. */
  raw: string;
  /** Replayed from the node's input. */
  replayed?: true;
  /** Open calls of the box after this event, among those that the node selects. */
  open: LineCounts;
  /** The highest of these states. */
  lineState: LineState;
  /** The end was missed; `raw` is empty. */
  estimated?: true;
  /** From the box's call list, after an outage; `raw` is empty. */
  recovered?: true;
  /** Sent shortly before Node-RED was killed, and now again, since it may not have been handled. */
  repeated?: true;
}

// A call of the box's call list, as messages carry it. Plain JSON only.

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

// What a value of unknown origin must have to be taken for a call event, and which of its parties is which.

const isText = (value: unknown): value is string => typeof value === "string";

/** Whether it is a call event, as far as one needs to know. */
export function isCallEvent(value: unknown): value is CallEvent {
  const { raw, at, caller, called } = propertiesOf(value);
  return [raw, at, propertiesOf(caller)["number"], propertiesOf(called)["number"]].every(isText);
}

/** The two ends of a call. */
type Ends<P> = Pick<CallEvent, "direction"> & { caller: P; called: P };

/** The end outside the house. */
export const remoteParty = <P = Party>({ direction, caller, called }: Ends<P>): P =>
  direction === "outgoing" ? called : caller;

/** The end in the house. */
export const ownParty = <P = Party>({ direction, caller, called }: Ends<P>): P =>
  direction === "outgoing" ? caller : called;
