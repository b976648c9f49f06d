/** L1 domain: whose number may leave the house at all, whatever the user has switched on. */
import type { NumberType } from "../model/caller-info";
import type { NormalizedNumber } from "../model/phone-number";

/** Why a number is kept in the house. */
export type KeptBecause = "anonymous" | "internal" | "emergency" | "own-number" | "no-number" | "phonebook";

const REASONS: Partial<Record<NumberType, KeptBecause>> = {
  anonymous: "anonymous",
  internal: "internal",
  code: "internal",
  short: "emergency",
  sip: "no-number",
  prefix: "no-number",
};

/** Undefined: it may be sent to the sources that the user chose. `own`: it is one of the house's own numbers. */
export function keptInHouse(number: NormalizedNumber, own: boolean): KeptBecause | undefined {
  if (own) return "own-number";
  const reason = REASONS[number.type];
  if (reason !== undefined) return reason;
  if (number.flags.includes("emergency-cli")) return "emergency";
  return number.e164 === null ? "no-number" : undefined;
}
