/** Normalises a dial plan from a box or a configuration. */
import type { Country, NumberingData, DialPlan } from "./types";

export const GERMANY = "49";
/** The dial plan if none is known. */
export const DEFAULT_PLAN: DialPlan = { countryCode: GERMANY };
/** The usual prefixes, for a country that is not in the data. */
const USUAL: Country = { region: "DE", trunk: "0", international: "00" };

/** A complete dial plan. */
export interface FullDialPlan {
  country: string;
  /** As it stands in an E.164 number: without the trunk prefix, with the zero in Italy. */
  areaCode?: string;
  /** "" in countries without a trunk prefix. */
  trunk: string;
  international: string;
  /** Whether numbers are dialled here, rather than shown by callers. */
  outgoing: boolean;
}

/**
 * "+49", "0049" and "49" are the same country, "07191" and "7191" the same area; a missing or invalid country
 * is Germany.
 */
export function readHome(plan: Partial<DialPlan> | undefined, data: NumberingData): FullDialPlan {
  if (last?.data !== data || !isSamePlan(last.plan, plan))
    last = { plan: { ...plan }, data, home: complete(plan, data) };
  return last.home;
}

/** The plan that was read last: nearly all numbers of a home are read with one. */
let last: { plan: Partial<DialPlan>; data: NumberingData; home: FullDialPlan } | undefined;

function isSamePlan(a: Partial<DialPlan>, b: Partial<DialPlan> | undefined): boolean {
  return (
    a.countryCode === b?.countryCode &&
    a.areaCode === b?.areaCode &&
    a.trunkPrefix === b?.trunkPrefix &&
    a.intlPrefix === b?.intlPrefix &&
    a.direction === b?.direction
  );
}

function complete(plan: Partial<DialPlan> | undefined, { countries }: NumberingData): FullDialPlan {
  const given = digitsOf(plan?.countryCode).replace(/^0+/, "");
  const country = countries.has(given) ? given : GERMANY;
  const usual = countries.get(country) ?? USUAL;
  // A box may report "0" in a country without trunk prefix, and "" in one that has it.
  const trunk = usual.trunk === "" ? "" : digitsOf(plan?.trunkPrefix) || usual.trunk;
  const areaCode = withoutTrunk(digitsOf(plan?.areaCode), trunk);
  return {
    country,
    trunk,
    international: digitsOf(plan?.intlPrefix) || usual.international,
    outgoing: plan?.direction === "out",
    ...(areaCode !== "" && { areaCode }),
  };
}

/** An area code as it stands in an E.164 number. */
export function withoutTrunk(areaCode: string, trunk: string): string {
  return trunk !== "" && areaCode.startsWith(trunk) ? areaCode.slice(trunk.length) : areaCode;
}

/** Accepts any value from a configuration or a box. */
function digitsOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).replace(/\D/g, "") : "";
}
