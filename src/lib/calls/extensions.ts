/** AVM's ids of the telephones in CALL and CONNECT lines. */
import type { Extension } from "./monitor-line";

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
