/** L3 services: what the digits of a number alone tell. */
import { isEmergency, callerKey } from "../domain/number-patterns";
import { presentationOf } from "../model/number-text";
import type { DialPlan, NormalizedNumber } from "../model/phone-number";

/** Anonymous, emergency, from abroad, or from home; nothing about networks and places. */
export function plainNumber(number: string, plan: DialPlan): NormalizedNumber {
  const known = (type: NormalizedNumber["type"], e164: string | null = null) => ({ e164, type, flags: [] });
  if (number === "" || presentationOf(number) !== "allowed") return known("anonymous");
  const key = callerKey(number, plan);
  if (key === "") return known("invalid");
  if (isEmergency(key)) return known("short");
  if (!key.startsWith("+")) return known(/^[*#]/.test(key) ? "internal" : "landline");
  return known(key.startsWith(`+${plan.countryCode}`) ? "landline" : "foreign", key);
}
