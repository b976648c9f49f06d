/** Emergency numbers and numbers of public interest: they are never barred or called. */
import { normalize } from "./normalize";
import { keyOf } from "./keys";
import { readHome } from "./home";
import type { DialPlan } from "./types";
import type { World } from "./world";

/** Dialled, and shown, without any prefix. */
const SHORT = /^(1\d\d|116\d{3}|911|999|000)$/;
/** Calls for help in any country: 112 reaches it from abroad, too; 110 and 19222 in Germany. */
const CALLS_FOR_HELP = /^(11[0-2]|911|999|000|19222)$/;
/**
 * Calls for help of single countries, by calling code, besides the common ones: ambulance, fire brigade, police and
 * rescue at sea, in the mountains and by air.
 */
const NATIONAL: Readonly<Record<string, RegExp>> = {
  1: /^988$/,
  32: /^10[01]$/, // fire and ambulance, police
  33: /^(1[578]|114|19[167])$/, // ambulance, police, fire; by text; air, sea, terror
  39: /^(11[358]|15(15|30))$/, // police, fire, ambulance; forest fires, coast guard
  41: /^(11[78]|144|141[45])$/, // police, fire, ambulance, air rescue
  43: /^1(22|28|33|4[04])$/, // fire, gas, police, mountain rescue, ambulance
  48: /^99[789]$/, // police, fire, ambulance
  352: /^113$/, // police
  423: /^(11[78]|144)$/,
};
/** Behind a country code: +49 110, +43 112, +49 116117. */
const BEHIND_COUNTRY = /^(11\d|116\d{3})$/;
/**
 * Longest subscriber number behind a German or Austrian area code that only authorities use: 030 112 when
 * they call back.
 */
const SHORT_SUBSCRIBER = 3;
/** No key of such a number is longer: +49 3646 110. */
const LONGEST_KEY = 12;

/** See `isEmergency`. */
export function isEmergencyNumber(input: unknown, plan: Partial<DialPlan> | undefined, world: World): boolean {
  if (typeof input === "string") {
    const digits = input.trim().replace(/\s/g, "");
    if (SHORT.test(digits) || isCallForHelp(digits, plan, world)) return true;
  }
  const key = keyOf(input, plan, world);
  if (SHORT.test(key)) return true;
  if (key.length > LONGEST_KEY) return false;
  const { areaCode } = normalize(input, plan, world);
  if (areaCode !== undefined && /^\+4[39]/.test(key) && key.startsWith(areaCode, 3)) {
    const subscriber = key.length - 3 - areaCode.length;
    return subscriber > 0 && subscriber <= SHORT_SUBSCRIBER;
  }
  return callingCodes(key, world).some((code) => {
    const rest = key.slice(1 + code.length);
    return BEHIND_COUNTRY.test(rest) || NATIONAL[code]?.test(rest) === true;
  });
}

/** See the exported `isCallForHelp`. */
export function isCallForHelp(digits: string, plan: Partial<DialPlan> | undefined, { data }: World): boolean {
  return CALLS_FOR_HELP.test(digits) || NATIONAL[readHome(plan, data).country]?.test(digits) === true;
}

const callingCodes = (key: string, { data }: World) =>
  key.startsWith("+") ? [2, 3, 4].map((end) => key.slice(1, end)).filter((code) => data.countries.has(code)) : [];
