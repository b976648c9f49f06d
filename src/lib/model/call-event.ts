/** L0 model: the words of a telephone call as they travel in a flow. Plain JSON only. */

/** What happened. `ring`: an outside call comes in; `call`: someone in the house dials out. */
export type CallEventName = "ring" | "call" | "connect" | "disconnect";

export type Direction = "incoming" | "outgoing";

/**
 * How a call ended: `machine` = taken by an answering machine, `rejected` = the box turned it away at once
 * (or the caller hung up in the same instant: both look the same on the wire), `unreached` = dialled, not answered.
 */
export type Outcome = "answered" | "missed" | "unreached" | "machine" | "rejected";

/** One end of a call. `number` is as the box wrote it; empty when it is withheld or not known. */
export interface Party {
  number: string;
  /** International form with a plus, once the number is understood. */
  e164?: string;
  /** `restricted`: the caller withholds the number (CLIR). `unavailable`: nobody told us. */
  presentation: "allowed" | "restricted" | "unavailable";
}

/** One event of one call. A message of `fritz-callmonitor` carries it as its payload. */
export interface CallEvent {
  event: CallEventName;
  /** Ours: the same for all events of one call, unique over restarts. */
  callId: string;
  /** The box's own number for the call; given to the next call as soon as this one ends. */
  connectionId: number;
  /** ISO 8601 with offset: the box's own time. */
  at: string;
  direction: Direction;
  caller: Party;
  called: Party;
  /** The line the box used: "SIP0", "POTS", "ISDN", "GSM". */
  line?: string;
  /** The box's id of the telephone, e.g. 11 (see facts of AVM's call monitor). */
  extension?: number;
  /** What kind of telephone that is: "DECT", "FON 1", "Answering machine", ... */
  device?: string;
  /** Seconds from ring (or dialling) to answer, or to the end if nobody answered. */
  ringSeconds?: number;
  /** Seconds of talk as the box counts them; on `disconnect`. */
  durationSeconds?: number;
  /** On `disconnect`. Absent if the beginning of the call was not heard and the outcome cannot be told. */
  outcome?: Outcome;
  /** The beginning of this call was not heard: `direction` and what is empty are not known, but guessed. */
  partial?: true;
  /** Which box, by the name of its configuration. */
  box: string;
  /** The box's line as it came, without line end and comment. */
  raw: string;
  /** Not from the box, but fed into the node's input. */
  replayed?: true;
}
