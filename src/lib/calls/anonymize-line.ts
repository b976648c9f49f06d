/** Masks the numbers in a call-monitor line; the result can still be parsed and replayed. */
import { maskNumber, maskText } from "../numbers/index";
import { parseLine } from "./parse-line";

/** No box sends a longer one, characters. */
const LONGEST_LINE = 20_000;

/** Indexes of the fields with numbers, and of the first free-text field, counted from the date. */
const FIELDS = {
  ring: { numbers: [3, 4], text: 5 },
  call: { numbers: [4, 5], text: 6 },
  connect: { numbers: [4], text: 5 },
  disconnect: { numbers: [], text: 4 },
} as const satisfies Record<string, { numbers: readonly number[]; text: number }>;

/**
 * Masks the last three digits of every number in the line with `xxx` and keeps the rest, including the line
 * end. In a comment, and in a line that cannot be parsed, everything that looks like a number is masked.
 */
export function anonymizeLine(line: string): string {
  line = String(line);
  if (line.length > LONGEST_LINE) return maskText(line);
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
