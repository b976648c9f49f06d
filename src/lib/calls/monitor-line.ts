/** Types: one parsed line of the call monitor, without the context of earlier lines. */

interface LineBase {
  ok: true;
  /** The box's local time without zone, "2020-06-16T12:25:42". */
  localTime: string;
  /** The box's connection id of the call (0, 1, 2 ...). */
  connectionId: number;
  /** The line without line end and comment. */
  raw: string;
}

/** The telephone that a line names. */
export interface Extension {
  extension?: number;
  device?: string;
  /** True for the box's answering machines. */
  machine?: true;
}

export interface RingLine extends LineBase {
  event: "ring";
  /** Empty: the caller withholds the number. */
  caller: string;
  /** The own number that is called. */
  called: string;
  line?: string;
}

export interface DialLine extends LineBase, Extension {
  event: "call";
  /** The own number that is used. */
  caller: string;
  /** The number dialled. */
  called: string;
  line?: string;
}

export interface ConnectLine extends LineBase, Extension {
  event: "connect";
  /** The other side's number; empty if withheld. */
  remote: string;
}

export interface DisconnectLine extends LineBase {
  event: "disconnect";
  /** Talk time in seconds; 0 if the call was never connected. */
  durationSeconds: number;
}

export type MonitorLine = RingLine | DialLine | ConnectLine | DisconnectLine;

/** Why a line is not an event. */
export type LineFault =
  | "empty"
  | "bad-date"
  | "unknown-verb"
  | "bad-connection-id"
  | "bad-extension"
  | "bad-duration"
  | "bad-line"
  | "bad-number"
  | "too-few-fields"
  | "too-long"
  | "cut-off";

/** A line that cannot be parsed. `raw` holds it (shortened if it was too long). */
export interface LineFailure {
  ok: false;
  reason: LineFault;
  raw: string;
}
