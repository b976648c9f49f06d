/** Test support: dial plans of homes, and shorthands for what the rules say there. */
import { type DialPlan, type NormalizedNumber, normalizeNumber } from "../../src/lib/numbers/index";

/** Backnang, near Stuttgart. */
export const HOME: DialPlan = { countryCode: "49", areaCode: "7191" };
export const BERLIN: DialPlan = { countryCode: "49", areaCode: "30" };
export const VIENNA: DialPlan = { countryCode: "43", areaCode: "1" };
export const ROME: DialPlan = { countryCode: "39", areaCode: "06", trunkPrefix: "" };
export const NEW_YORK: DialPlan = { countryCode: "1", areaCode: "212", trunkPrefix: "1", intlPrefix: "011" };
export const SYDNEY: DialPlan = { countryCode: "61", areaCode: "02", trunkPrefix: "0", intlPrefix: "0011" };

/** Seen from Backnang. */
export const at = (input: unknown, plan: DialPlan = HOME): NormalizedNumber => normalizeNumber(input as string, plan);

/** The parts of an answer that a table names. */
export function parts(number: NormalizedNumber, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, (number as unknown as Record<string, unknown>)[name]]));
}
