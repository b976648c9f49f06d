/** L1 protocol: a call-monitor line without recognisable numbers, still a line that can be parsed and replayed. */
import { maskNumber, maskText } from "../model/mask";
import { parseLine } from "./call-monitor-line";

/** Where the numbers stand, and from where on there is only text (the line field and what may follow), from the date on. */
const FIELDS = {
  ring: { numbers: [3, 4], text: 5 },
  call: { numbers: [4, 5], text: 6 },
  connect: { numbers: [4], text: 5 },
  disconnect: { numbers: [], text: 4 },
} as const satisfies Record<string, { numbers: readonly number[]; text: number }>;

/**
 * Masks the last three digits of every number in the line with `xxx` and keeps all else, the line end too. A comment and a
 * line that is not understood may hold a number anywhere: there everything that looks like one is masked.
 */
export function anonymizeLine(line: string): string {
  line = String(line);
  const parsed = parseLine(line);
  if (!parsed.ok) return maskText(line);
  const start = line.indexOf(parsed.raw);
  const { numbers, text } = FIELDS[parsed.event];
  const masked = parsed.raw.split(";").map((field, i) => {
    if ((numbers as readonly number[]).includes(i)) return maskNumber(field);
    return i >= text ? maskText(field) : field;
  });
  return line.slice(0, start) + masked.join(";") + maskText(line.slice(start + parsed.raw.length));
}
