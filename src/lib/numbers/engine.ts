/** The numbers engine: the rules with their data, which are loaded with the first number. */
import { BoundedMap } from "../core/bounded-map";
import { isCallForHelp as isCallForHelpIn, isEmergencyNumber } from "./emergency";
import { keyOf as keyIn, lookupKeys as keysIn } from "./keys";
import { matchListed as matchIn, numberForms as formsIn, type NumberForms } from "./formats";
import { normalize } from "./normalize";
import { type NumberPattern, parsePattern as parseIn } from "./patterns";
import type { World } from "./world";
import type { AreaCodes, NumberingData, DialPlan, NormalizedNumber, ForeignNumber, ForeignNumbers } from "./types";
import { loadNumberingData, readAreaCodeFile, readPlans } from "./data";
import { Plans } from "./plans";
import { presentationOf } from "./presentation";

/** Size of the cache: one number is checked several times for each ring. */
const MOST_CHECKED = 100;
const checked = new BoundedMap<string, ForeignNumber>(MOST_CHECKED);
const plans = new Plans(readPlans);

export const foreignNumbers: ForeignNumbers = {
  judge(e164): ForeignNumber {
    const known = checked.get(e164) ?? plans.judge(e164);
    checked.set(e164, known);
    return known;
  },
};

let shipped: NumberingData | undefined;
let current: NumberingData | undefined;
/** The user's own area codes, if configured. */
let own: AreaCodes | undefined;
/** Counts the calls of `useAreaCodeFile`: only the last one takes effect. */
let wishes = 0;

const world: World = {
  get data() {
    shipped ??= loadNumberingData();
    current ??= { ...shipped, ...own };
    return current;
  },
  foreign: foreignNumbers,
};

/**
 * Converts a number in any form that a Fritz!Box or a person writes to one E.164 number with its type, its
 * place and flags. Never throws. A number takes about 10 µs; the first one loads the data (5 ms), the first
 * foreign one the plans (1 ms).
 */
export function normalizeNumber(input: string, plan?: Partial<DialPlan>): NormalizedNumber {
  return normalize(input, plan, world);
}

/** Numbers of a plan that are remembered: those of one call come with each of its events. */
const MOST_REMEMBERED = 100;
const nothingRemembered = () => ({
  in: new BoundedMap<string, string | null>(MOST_REMEMBERED),
  out: new BoundedMap<string, string | null>(MOST_REMEMBERED),
});
let remembered = new WeakMap<Partial<DialPlan>, ReturnType<typeof nothingRemembered>>();

/** The E.164 form alone, quickly if the same plan object asks for the same number again. */
export function e164Of(input: string, plan: Partial<DialPlan>, direction: "in" | "out" = "in"): string | null {
  let known = remembered.get(plan);
  if (!known) remembered.set(plan, (known = nothingRemembered()));
  let e164 = known[direction].get(input);
  if (e164 === undefined) known[direction].set(input, (e164 = normalizeNumber(input, { direction, ...plan }).e164));
  return e164;
}

/**
 * The keys under which a number is stored and looked up, best first: its E.164 form, then that of the number
 * that was probably meant. Empty for a withheld or invalid number.
 */
export function lookupKeys(input: string, plan?: Partial<DialPlan>): string[] {
  return keysIn(input, plan, world);
}

/**
 * The canonical form in which numbers are compared: "+4930…" if there is an international form, else as
 * dialled ("**610", "112", a local number if the area code is not known), or a SIP address. "" for a withheld
 * or invalid number.
 */
export function keyOf(input: string, plan?: Partial<DialPlan>): string {
  return keyIn(input, plan, world);
}

/** Whether two numbers, each in any written form, are one. Two withheld numbers are never equal. */
export function isSameNumber(a: string, b: string, plan?: Partial<DialPlan>): boolean {
  const key = keyOf(a, plan);
  return key !== "" && key === keyOf(b, plan);
}

/**
 * Parses `030 1234567`, `0900*` or `030 23125000..999` with the home's dial plan. Undefined for an invalid
 * pattern, or one that would match nearly every caller.
 */
export function parsePattern(text: string, plan?: Partial<DialPlan>): NumberPattern | undefined {
  return parseIn(text, plan, world);
}

/**
 * Whether a number is one of the emergency services or of services of public interest, as it is dialled ("112", "116117"), behind
 * a country code, or a German or Austrian area code with at most three digits behind it, as police and fire brigades show when they
 * call back ("030 112").
 */
export function isEmergency(input: string, plan?: Partial<DialPlan>): boolean {
  return isEmergencyNumber(input, plan, world);
}

/**
 * Whether dialled digits call the emergency services: 112 and the like everywhere, and the home country's own numbers (17 in
 * France, 144 in Switzerland).
 */
export function isCallForHelp(digits: string, plan?: Partial<DialPlan>): boolean {
  return isCallForHelpIn(digits, plan, world);
}

/** All written forms of an E.164 number. `home`: the calling code of the service's country. */
export function numberForms(e164: string, home: string): NumberForms {
  return formsIn(e164, home, world);
}

/**
 * Compares a number on a page ("Tel. (030) 23 12 50-0") with the caller's (E.164). `home` is the calling code of the site's country.
 * "trunk": of one switchboard.
 */
export function matchListed(listed: string, e164: string, home: string): "exact" | "trunk" | undefined {
  return matchIn(listed, e164, home, world);
}

/** How many area codes are in use, and how many were given up. */
export interface AreaCodeCount {
  inUse: number;
  former: number;
}

/**
 * Loads the German area codes from the file at `path` for all boxes of this process; "" restores the built-in
 * ones. Rejects with a `FritzError` (`onb-missing`, `onb-unreadable`, `onb-line`, `onb-incomplete`) and
 * changes nothing then.
 */
export async function useAreaCodeFile(path: string): Promise<AreaCodeCount> {
  const wish = ++wishes;
  const read = path === "" ? undefined : await readAreaCodeFile(path);
  if (wish === wishes) {
    own = read;
    current = undefined;
    remembered = new WeakMap();
  }
  const { areas, former } = read ?? world.data;
  return { inUse: areas.size, former: former.size };
}

/** `wildcard`: the number is a range, `text` its beginning. "" finds nothing. */
export interface NumberKey {
  text: string;
  wildcard: boolean;
  /** Further key to look up: the number that was probably meant. */
  meant?: string;
}

/**
 * The E.164 form, or the literal text of internal and SIP numbers; an invalid number is its own key, as a box
 * compares it letter by letter.
 */
export function numberKey(written: string, plan: DialPlan): NumberKey {
  const [key, meant] = lookupKeys(written, plan);
  if (key === undefined) return { text: literal(written), wildcard: false };
  if (key.endsWith("*")) return { text: key.slice(0, -1), wildcard: true };
  return { text: key, wildcard: false, ...(meant !== undefined && { meant }) };
}

/** For example a number whose last digits are masked. */
function literal(written: string): string {
  return presentationOf(written.trim()) === "allowed" ? written.replace(/\s/g, "").toLowerCase() : "";
}
