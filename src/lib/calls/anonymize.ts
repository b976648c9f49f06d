/** Masks the numbers in call events and in call-monitor lines. */
import { defined } from "../core/defined";
import type { CallEvent, Party } from "./types";
import { describeExtension } from "./monitor-line";
import { maskNumber, maskText } from "../numbers/index";
import { parseLine } from "./parse-line";

/**
 * A copy in which every number ends in `xxx`. `anonymizeRaw` does the same for the box's line. Names that the user gave to
 * telephones and own numbers may identify a household: only the kind of telephone remains. Unknown properties are left out.
 */
export function anonymizeEvent(event: CallEvent, anonymizeRaw: (raw: string) => string): CallEvent {
  const { callId, connectionId, at, direction, line, extension, ringSeconds, durationSeconds } = event;
  const { device } = extension === undefined ? {} : describeExtension(extension);
  const { outcome, partial, box, replayed, estimated, recovered, repeated } = event;
  const { open, lineState }: Partial<CallEvent> = event; // events of older versions have neither
  const copy: Omit<CallEvent, "open" | "lineState"> & Partial<CallEvent> = {
    event: event.event,
    callId,
    connectionId,
    at,
    direction,
    caller: anonymizeParty(event.caller),
    called: anonymizeParty(event.called),
    ...defined({ line, extension, device, ringSeconds, durationSeconds, outcome, partial }),
    box,
    raw: anonymizeRaw(event.raw),
    ...defined({ replayed, open: open && { ...open }, lineState, estimated, recovered, repeated }),
  };
  return copy as CallEvent;
}

function anonymizeParty({ number, e164, presentation }: Party): Party {
  return {
    number: maskNumber(number),
    ...(e164 !== undefined && { e164: maskNumber(e164) }),
    presentation,
  };
}

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
