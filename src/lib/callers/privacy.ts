/** Decides whether a number may be sent to services at all, whatever the user has enabled. */
import type { NormalizedNumber, NumberType } from "../numbers/index";

/** Why a number is not sent. */
export type KeptBecause = "anonymous" | "internal" | "emergency" | "own-number" | "no-number" | "phonebook";

const REASONS: Partial<Record<NumberType, KeptBecause>> = {
  anonymous: "anonymous",
  internal: "internal",
  code: "internal",
  short: "emergency",
  sip: "no-number",
  prefix: "no-number",
};

/** Undefined if it may be sent to the enabled sources. `own`: it is an own number. */
export function keptLocal(number: NormalizedNumber, own: boolean): KeptBecause | undefined {
  if (own) return "own-number";
  const reason = REASONS[number.type];
  if (reason !== undefined) return reason;
  if (number.flags.includes("emergency-cli")) return "emergency";
  return number.e164 === null ? "no-number" : undefined;
}
