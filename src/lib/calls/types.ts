/** Types: call events as messages carry them. Plain JSON only. */

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
  /** On `disconnect`. Absent if the beginning of the call was not heard and the outcome cannot be told. */
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
