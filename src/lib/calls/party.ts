/** Adds the E.164 form to the parties of a call. */
import type { CallEvent, Party } from "./types";
import { type DialPlan, e164Of } from "../numbers/index";

/** A plan that holds for both directions. */
type HomePlan = Omit<DialPlan, "direction">;

/** Returns the party with `e164`, or unchanged if its number has none or the plan is not known. */
export function withE164(party: Party, plan: HomePlan | undefined, direction: "in" | "out"): Party {
  if (!plan || party.presentation !== "allowed" || party.number === "") return { ...party };
  const e164 = e164Of(party.number, plan, direction);
  return e164 === null ? { ...party } : { e164, ...party };
}

/** Both parties of an event; only a dialled number may have a call-by-call prefix. */
export function partiesWithE164({ direction, caller, called }: CallEvent, plan: HomePlan | undefined) {
  const dialled = direction === "outgoing" ? "out" : "in";
  return { caller: withE164(caller, plan, "in"), called: withE164(called, plan, dialled) };
}
