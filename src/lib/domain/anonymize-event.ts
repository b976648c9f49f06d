/** L1 domain: a call event without recognisable numbers. */
import type { CallEvent, Party } from "../model/call-event";
import { maskNumber } from "../model/mask";

/** A copy in which every number ends in `xxx`. `anonymizeRaw` does the same for the box's line. Unknown properties are left out. */
export function anonymizeEvent(event: CallEvent, anonymizeRaw: (raw: string) => string): CallEvent {
  const { callId, connectionId, at, direction, line, extension, device, ringSeconds, durationSeconds } = event;
  const { outcome, partial, box, replayed } = event;
  return {
    event: event.event,
    callId,
    connectionId,
    at,
    direction,
    caller: anonymizeParty(event.caller),
    called: anonymizeParty(event.called),
    ...(line !== undefined && { line }),
    ...(extension !== undefined && { extension }),
    ...(device !== undefined && { device }),
    ...(ringSeconds !== undefined && { ringSeconds }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(outcome !== undefined && { outcome }),
    ...(partial !== undefined && { partial }),
    box,
    raw: anonymizeRaw(event.raw),
    ...(replayed !== undefined && { replayed }),
  };
}

function anonymizeParty({ number, e164, presentation }: Party): Party {
  return {
    number: maskNumber(number),
    ...(e164 !== undefined && { e164: maskNumber(e164) }),
    presentation,
  };
}
