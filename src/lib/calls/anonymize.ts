/** Masks the numbers in a call event. */
import { defined } from "../core/defined";
import type { CallEvent, Party } from "./types";
import { describeExtension } from "./extensions";
import { maskNumber } from "../numbers/index";

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
