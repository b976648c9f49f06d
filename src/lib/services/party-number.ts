/** L3 services: adds to a party of a call the international form of its number, where the number is understood. */
import type { CallEvent, Party } from "../model/call-event";
import type { DialPlan } from "../model/phone-number";
import { normalizeNumber } from "./numbers";

/** The same party with `e164`, or as it was if the number has none. Nothing is guessed without a plan. */
export function withE164(party: Party, plan: DialPlan | undefined, direction: "in" | "out"): Party {
  if (!plan || party.presentation !== "allowed" || party.number === "") return { ...party };
  const { e164 } = normalizeNumber(party.number, { ...plan, direction });
  return { ...party, ...(e164 !== null && { e164 }) };
}

/** Both parties of an event; only the number that was dialled may carry a call-by-call prefix. */
export function partiesWithE164({ direction, caller, called }: CallEvent, plan: DialPlan | undefined) {
  const dialled = direction === "outgoing" ? "out" : "in";
  return { caller: withE164(caller, plan, "in"), called: withE164(called, plan, dialled) };
}
