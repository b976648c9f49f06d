/** L1 protocol: AVM's ids of the telephones in CALL and CONNECT lines. */
import type { Extension } from "../model/monitor-line";

const ANSWERING_MACHINE = "Answering machine";

/** First id, last id, kind. From several independent clients (FHEM, JFritz, Dingsbums); see the protocol notes. */
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

/** The telephone behind an id. An id that nobody has documented keeps its number and gets no name. */
export function describeExtension(extension: number): Extension {
  const device = DEVICES.find(([first, last]) => extension >= first && extension <= last)?.[2];
  return {
    extension,
    ...(device !== undefined && { device }),
    ...(device === ANSWERING_MACHINE && { machine: true }),
  };
}
