/** Splits an international number into country and national number, and classifies it. */
import type { Flag, ForeignNumbers, NumberingData } from "./types";
import { isSoundGerman, judgeGerman } from "./germany";
import { GERMANY, type FullDialPlan } from "./home";
import { type NumberFlags, longestPrefix, MOST_DIGITS } from "./flags";

/** What the rules need besides the number. */
export interface World {
  readonly data: NumberingData;
  readonly foreign: ForeignNumbers;
}

/** Country code and national number, each without plus and trunk zero. */
export interface Split {
  country: string;
  national: string;
}

/** Shortest number that may have lost its plus or a zero: shorter ones could belong to any country. */
const LEAST_TO_REPAIR = 11;
/** Luxembourg's prefixes tell the place, but are no area codes: they belong to the subscriber's number. */
const WITHOUT_AREA_CODES: readonly string[] = ["352"];

/**
 * Splits the digits behind the plus; a fault if no country has such numbers. No calling code is a prefix of
 * another one.
 */
export function splitInternational(digits: string, world: World): Split | "unknown-country" | "invalid" {
  if (digits.startsWith("0") || digits === "") return "invalid";
  const found = longestPrefix(world.data.countries, digits, 3);
  if (!found) return "unknown-country";
  const { prefix: country, value } = found;
  const rest = digits.slice(country.length);
  // +49 (0) 711: that zero is for callers inside. Italy's belongs to the number.
  const national = value.trunk === "0" ? rest.replace(/^0/, "") : withoutOtherTrunk({ country, national: rest }, world);
  if (country === FORMER_TRUNK.country && national.startsWith(FORMER_TRUNK.trunk)) {
    return { country, national: withoutTrunk({ country, national }, FORMER_TRUNK.trunk, world) };
  }
  return national === "" || (value.trunk === "0" && national.startsWith("0")) ? "invalid" : { country, national };
}

/** Lithuania dialled 8 in front of national numbers until it took 0. */
const FORMER_TRUNK = { country: "370", trunk: "8" };

/** +36 06 1, +7 8 495, +1 1 212, +48 (0)22: taken out where the number is none with it, and is one without. */
function withoutOtherTrunk(split: Split, world: World): string {
  const trunk = world.data.countries.get(split.country)?.trunk ?? "";
  // Hungary's 06: no number there begins with a zero, so it is taken out of faulty numbers, too.
  if (/^0\d/.test(trunk) && split.national.startsWith(trunk)) {
    return withoutOtherTrunk({ ...split, national: split.national.slice(trunk.length) }, world);
  }
  const prefix = [trunk, "0"].find((candidate) => candidate !== "" && split.national.startsWith(candidate));
  return prefix === undefined ? split.national : withoutTrunk(split, prefix, world);
}

function withoutTrunk({ country, national }: Split, trunk: string, world: World): string {
  for (const digits of [national, national.slice(trunk.length)]) {
    const { valid, e164 } = world.foreign.judge(`+${country}${digits}`);
    if (valid) return e164?.slice(1 + country.length) ?? digits;
  }
  return national;
}

/** Type, place and flags of a number, seen from home. */
export function judge({ country, national }: Split, home: FullDialPlan, world: World): NumberFlags {
  const abroad = country !== home.country;
  if (country !== GERMANY) return judgeForeign({ country, national }, home, world);
  const result = judgeGerman(national, world.data, !home.outgoing);
  return abroad && result.type !== "invalid" && result.type !== "short" ? { ...result, type: "foreign" } : result;
}

function judgeForeign({ country, national }: Split, home: FullDialPlan, { data, foreign }: World): NumberFlags {
  const { region, type, fault } = foreign.judge(`+${country}${national}`);
  const flags: Flag[] = fault === undefined ? [] : [fault];
  if (fault === undefined && country.length + national.length > MOST_DIGITS) flags.push("too-long");
  // 00261 is Madagascar and looks like 0261, Koblenz: calls that provoke expensive return calls
  if (home.country === GERMANY && data.areas.has(country)) flags.push("lookalike-area-code");
  const fixed = type === undefined || type === "landline";
  const place = fixed ? longestPrefix(data.towns.get(country) ?? new Map<string, string>(), national, 5) : undefined;
  return {
    type: country === home.country ? (type ?? "landline") : "foreign",
    flags,
    country: region ?? data.countries.get(country)?.region ?? "001",
    ...(place && { town: place.value }),
    ...(place && !WITHOUT_AREA_CODES.includes(country) && { areaCode: place.prefix }),
  };
}

/** Whether nothing is wrong with a number. */
export function isSound({ country, national }: Split, { data, foreign }: World): boolean {
  return country === GERMANY ? isSoundGerman(national, data) : foreign.judge(`+${country}${national}`).valid;
}

/**
 * Parses digits as if only their plus were missing: a valid number of the home country, or a long one of
 * another country.
 */
export function withPlus(digits: string, home: FullDialPlan, world: World): Split | undefined {
  const split = splitInternational(digits, world);
  if (typeof split === "string") return undefined;
  const longEnough = split.country === home.country || digits.length >= LEAST_TO_REPAIR;
  return longEnough && isSound(split, world) ? split : undefined;
}
