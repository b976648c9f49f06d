/** L1 domain: a call event without recognisable numbers. */
import type { CallEvent, Party } from "../model/call-event";
import { maskNumber } from "../model/mask";

/** A copy in which every number ends in `xxx`. `anonymizeRaw` does the same for the box's line. */
export function anonymizeEvent(event: CallEvent, anonymizeRaw: (raw: string) => string): CallEvent {
  return {
    ...event,
    caller: anonymizeParty(event.caller),
    called: anonymizeParty(event.called),
    raw: anonymizeRaw(event.raw),
  };
}

function anonymizeParty(party: Party): Party {
  return {
    ...party,
    number: maskNumber(party.number),
    ...(party.e164 !== undefined && { e164: maskNumber(party.e164) }),
  };
}
