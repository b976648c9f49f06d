/** L1 domain: an international number -> its country and what that country's rules say about it. */
import type { Flag } from "../../model/caller-info";
import type { ForeignNumbers, NumberingData } from "../../model/numbering";
import { isSoundGerman, judgeGerman } from "./german";
import { GERMANY, type Home } from "./home";
import { type Judged, longestPrefix, MOST_DIGITS } from "./judged";

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

/** So long is a number at least that lost its plus or a zero: shorter ones would turn into any country. */
const LEAST_TO_REPAIR = 11;
/** Luxembourg's prefixes tell the place, but are no area codes: they belong to the subscriber's number. */
const WITHOUT_AREA_CODES: readonly string[] = ["352"];

/** Splits what stands behind the plus; a fault if no country has such numbers. No calling code begins with another one. */
export function splitInternational(digits: string, { data }: World): Split | "unknown-country" | "invalid" {
  if (digits.startsWith("0") || digits === "") return "invalid";
  const found = longestPrefix(data.countries, digits, 3);
  if (!found) return "unknown-country";
  const { prefix: country, value } = found;
  const rest = digits.slice(country.length);
  // +49 (0) 711: that zero is for callers inside. Italy's belongs to the number.
  const national = value.trunk === "0" ? rest.replace(/^0/, "") : rest;
  return national === "" || (value.trunk === "0" && national.startsWith("0")) ? "invalid" : { country, national };
}

/** Type, place and flags of a number, seen from home. */
export function judge({ country, national }: Split, home: Home, world: World): Judged {
  const abroad = country !== home.country;
  if (country !== GERMANY) return judgeForeign({ country, national }, home, world);
  const judged = judgeGerman(national, world.data, !home.outgoing);
  return abroad && judged.type !== "invalid" && judged.type !== "short" ? { ...judged, type: "foreign" } : judged;
}

function judgeForeign({ country, national }: Split, home: Home, { data, foreign }: World): Judged {
  const { region, type, fault } = foreign.judge(`+${country}${national}`);
  const flags: Flag[] = fault === undefined ? [] : [fault];
  if (fault === undefined && country.length + national.length > MOST_DIGITS) flags.push("too-long");
  // 00261 is Madagascar and reads like 0261, Koblenz: calls that lure people into calling back.
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

/** Reads digits as if only their plus were missing: at home a sound number, of other countries also a long one. */
export function withPlus(digits: string, home: Home, world: World): Split | undefined {
  const split = splitInternational(digits, world);
  if (typeof split === "string") return undefined;
  const longEnough = split.country === home.country || digits.length >= LEAST_TO_REPAIR;
  return longEnough && isSound(split, world) ? split : undefined;
}
