/** L1 domain: how the home's box dials, cleaned of all the ways in which boxes and people write it. */
import type { Country, NumberingData } from "../../model/numbering";
import type { DialPlan } from "../../model/phone-number";

export const GERMANY = "49";
/** What most of the world dials, for a country that is not known better. */
const USUAL: Country = { region: "DE", trunk: "0", international: "00" };

/** A dial plan without gaps. */
export interface Home {
  country: string;
  /** As it stands in an E.164 number: without the trunk prefix, with the zero in Italy. */
  areaCode?: string;
  /** "" where every number is dialled as it is. */
  trunk: string;
  international: string;
  /** Whether numbers are dialled here, rather than shown by callers. */
  outgoing: boolean;
}

/** "+49", "0049" and "49" are the same country, "07191" and "7191" the same area; what is missing or senseless is Germany. */
export function readHome(plan: Partial<DialPlan> | undefined, { countries }: NumberingData): Home {
  const given = digitsOf(plan?.countryCode).replace(/^0+/, "");
  const country = countries.has(given) ? given : GERMANY;
  const usual = countries.get(country) ?? USUAL;
  // A box may say "0" in a country that has no trunk prefix, and nothing in one that has.
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

function withoutTrunk(areaCode: string, trunk: string): string {
  return trunk !== "" && areaCode.startsWith(trunk) ? areaCode.slice(trunk.length) : areaCode;
}

/** Whatever a configuration or a box may hold. */
function digitsOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).replace(/\D/g, "") : "";
}
