/** How `fritz-hangup` compares numbers: its own ones, and those of its allow list. */
import { findPattern } from "../../lib/blocking/pattern-list";
import { type DialPlan, isEmergency as isEmergencyIn, keyOf as keyIn } from "../../lib/numbers/index";
import { isCalledOf } from "../../lib/sip/hangups-options";
import type { HangupOptions } from "./options";

/** `plan`: the box's, as far as it is known. */
export function numberRules(
  { numbers, allowPatterns }: Pick<HangupOptions, "numbers" | "allowPatterns">,
  plan: () => DialPlan | undefined,
) {
  const keyOf = (number: string) => keyIn(number, plan());
  return {
    keyOf,
    isEmergency: (number: string) => isEmergencyIn(number, plan()),
    isOwn: (called: string | undefined) => isCalledOf(numbers, keyOf)(called),
    isAllowed: (number: string) => findPattern(allowPatterns, [keyOf(number)], plan()) !== undefined,
  };
}
