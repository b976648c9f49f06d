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

// AVM's ids of the telephones in CALL and CONNECT lines.

const ANSWERING_MACHINE = "Answering machine";

/** First id, last id, kind: docs/protocol/call-monitor.md#extension-ids. */
const DEVICES: readonly (readonly [number, number, string])[] = [
  [0, 0, "FON 1"],
  [1, 1, "FON 2"],
  [2, 2, "FON 3"],
  [3, 3, "Call-through"],
  [4, 4, "ISDN"],
  [5, 5, "Fax"],
  [6, 6, ANSWERING_MACHINE], // firmware before 2010
  [10, 19, "DECT"],
  [20, 29, "IP phone"],
  [32, 37, "Data"],
  [40, 49, ANSWERING_MACHINE],
  [50, 59, "ISDN"],
  [99, 99, "Mobile"],
];

/** All that an id of two digits may mean. */
const EXTENSIONS: readonly Extension[] = Array.from({ length: 100 }, (_, extension) => {
  const device = DEVICES.find(([first, last]) => extension >= first && extension <= last)?.[2];
  return {
    extension,
    ...(device !== undefined && { device }),
    ...(device === ANSWERING_MACHINE && { machine: true }),
  };
});

/** Name of the telephone with this id. An undocumented id has no name. */
export function describeExtension(extension: number): Readonly<Extension> {
  return EXTENSIONS[extension] ?? { extension };
}

/** Copies what is known of a telephone. Returns `target`. */
export function setTelephone<T extends Extension>(target: T, { extension, device, machine }: Extension): T {
  if (extension !== undefined) target.extension = extension;
  if (device !== undefined) target.device = device;
  if (machine !== undefined) target.machine = machine;
  return target;
}
