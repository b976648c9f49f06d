/** L1 protocol: a call-monitor line without recognisable numbers, still a line that can be parsed and replayed. */
import { maskNumber, maskText } from "../model/mask";
import { parseLine } from "./call-monitor-line";

/** Where the numbers stand, and how many fields are known, both counted from the date. */
const FIELDS = {
  ring: { numbers: [3, 4], known: 6 },
  call: { numbers: [4, 5], known: 7 },
  connect: { numbers: [4], known: 5 },
  disconnect: { numbers: [], known: 4 },
} as const satisfies Record<string, { numbers: readonly number[]; known: number }>;

/**
 * Masks the last three digits of every number in the line with `xxx` and keeps all else, the line end too. A comment and a
 * line that is not understood may hold a number anywhere: there everything that looks like one is masked.
 */
export function anonymizeLine(line: string): string {
  const parsed = parseLine(line);
  if (!parsed.ok) return maskText(line);
  const start = line.indexOf(parsed.raw);
  const { numbers, known } = FIELDS[parsed.event];
  const masked = parsed.raw.split(";").map((field, i) => {
    if ((numbers as readonly number[]).includes(i)) return maskNumber(field);
    return i >= known ? maskText(field) : field;
  });
  return line.slice(0, start) + masked.join(";") + maskText(line.slice(start + parsed.raw.length));
}
