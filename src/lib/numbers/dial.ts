/** Splits dialled digits into country code and national number, by the home's dial plan. */
import type { NormalizedNumber, Flag } from "./types";
import { callerFlags, isGermanMobile, shortCode } from "./germany";
import { GERMANY, type FullDialPlan } from "./home";
import { longestPrefix } from "./flags";
import { isSound, type Split, splitInternational, withPlus, type World } from "./world";

/**
 * A number of a country, or the kind of digits that it is instead. `flags`: irregularities of its written
 * form.
 */
export type Dialled =
  | { split: Split; flags: Flag[] }
  | { type: "short" | "invalid"; flags: Flag[]; because?: NonNullable<NormalizedNumber["because"]> };

interface Digits {
  digits: string;
  plus: boolean;
}

/** 010xy, 0100yy: another carrier for this call, until the end of 2024. */
const CALL_BY_CALL = /^010(0\d\d|[1-9]\d)/;
/** Emergency and other services of most countries, and Europe's 116xxx. */
const SHORT_ABROAD = /^(\d{2,3}|116\d{3})$/;
/** No German number is longer, and no area code shorter. */
const MOST_GERMAN = 13;
const LEAST_AREA_CODE = 2;
const NORTH_AMERICA = "1";
/** In its own area a number of +1 may be dialled without the area code. */
const LOCAL_NORTH_AMERICAN = 7;

/** The international prefix comes first: Australia's 0011 begins like a national number. */
export function dial(written: Digits, home: FullDialPlan, world: World): Dialled {
  const abroad = behindInternational(written, home);
  if (abroad !== undefined) return behindPlus(abroad, world);
  const { digits } = written;
  const carrier = home.outgoing && home.country === GERMANY ? CALL_BY_CALL.exec(digits)?.[0] : undefined;
  if (carrier !== undefined) return behindCarrier(digits.slice(carrier.length), home, world);
  const national = behindTrunk(digits, home);
  if (national !== undefined) return behindPlus(home.country + national, world);
  return home.country === GERMANY ? dialLocal(digits, home, world) : dialLocalAbroad(digits, home, world);
}

function behindInternational({ digits, plus }: Digits, { international }: FullDialPlan): string | undefined {
  if (plus) return digits.replace(/^00/, "");
  return digits.startsWith(international) ? digits.slice(international.length) : undefined;
}

function behindTrunk(digits: string, { trunk }: FullDialPlan): string | undefined {
  return trunk !== "" && digits.startsWith(trunk) ? digits.slice(trunk.length) : undefined;
}

function behindPlus(digits: string, world: World): Dialled {
  const split = splitInternational(digits, world);
  if (typeof split !== "string") return { split, flags: [] };
  return { type: "invalid", flags: split === "unknown-country" ? [split] : [] };
}

function behindCarrier(digits: string, home: FullDialPlan, world: World): Dialled {
  const dialled = digits === "" ? behindPlus("", world) : dial({ digits, plus: false }, home, world);
  return { ...dialled, flags: [...new Set<Flag>(["call-by-call", ...dialled.flags])] };
}

/** Without a prefix: a short code, a number of the home's own network, or one that lost its plus or its zero. */
function dialLocal(digits: string, home: FullDialPlan, world: World): Dialled {
  if (shortCode(digits, true)) return { split: { country: GERMANY, national: digits }, flags: [] };
  if ((home.areaCode?.length ?? LEAST_AREA_CODE) + digits.length > MOST_GERMAN) {
    const split = withPlus(digits, home, world);
    if (split) return { split, flags: ["missing-plus"] };
    const mobile = isGermanMobile(digits, world.data);
    if (mobile) return { split: { country: GERMANY, national: digits }, flags: ["missing-zero"] };
  }
  return inOwnArea(digits, home, world);
}

function inOwnArea(digits: string, { country, areaCode }: FullDialPlan, world: World): Dialled {
  if (areaCode === undefined) return { type: "invalid", flags: [], because: "area-code-needed" };
  return behindPlus(country + areaCode + digits, world);
}

/** The plans of other countries are not loaded: a number counts if it has a plausible length. */
function dialLocalAbroad(digits: string, home: FullDialPlan, world: World): Dialled {
  if (SHORT_ABROAD.test(digits)) return { type: "short", flags: callerFlags(digits, !home.outgoing) };
  const { country, areaCode, trunk } = home;
  const asLocal = areaCode === undefined || trunk === "" ? [] : [country + areaCode + digits];
  for (const candidate of [...asLocal, country + digits]) {
    const split = splitInternational(candidate, world);
    if (typeof split !== "string" && isSound(split, world)) return { split, flags: [] };
  }
  const plus = withPlus(digits, home, world);
  if (plus) return { split: plus, flags: ["missing-plus"] };
  return dialsInFull(digits, home) ? behindPlus(country + digits, world) : inOwnArea(digits, home, world);
}

/** Without a trunk prefix there are no local numbers, and +1 puts its own only in front of another area's full number. */
function dialsInFull({ length }: string, { country, trunk }: FullDialPlan): boolean {
  return trunk === "" || (country === NORTH_AMERICA && length > LOCAL_NORTH_AMERICAN);
}

/** The plus form of a prefix, as far as it can be determined; undefined if no number begins like this. */
export function prefixOf(written: Digits, home: FullDialPlan, { data }: World): string | undefined {
  const abroad = behindInternational(written, home) ?? withCountry(written.digits, home);
  if (abroad === undefined || !/^[1-9]/.test(abroad)) return undefined;
  const found = longestPrefix(data.countries, abroad, 3);
  if (found?.value.trunk !== "0") return `+${abroad}`;
  const national = abroad.slice(found.prefix.length).replace(/^0/, "");
  return national.startsWith("0") ? undefined : `+${found.prefix}${national}`;
}

function withCountry(digits: string, home: FullDialPlan): string | undefined {
  const inFull = home.trunk === "" || home.country === NORTH_AMERICA; // 212* is an area there
  const national = behindTrunk(digits, home) ?? (inFull ? digits : undefined);
  if (national !== undefined) return home.country + national;
  return home.areaCode === undefined ? undefined : home.country + home.areaCode + digits;
}
