/** L3 services: telephone numbers for everybody else: the rules with their data, which are loaded with the first number. */
import { lookupKeys as keysOf } from "../domain/phone-number/lookup-keys";
import { normalize } from "../domain/phone-number/normalize";
import type { World } from "../domain/phone-number/world";
import type { AreaCodes, NumberingData } from "../model/numbering";
import type { DialPlan, NormalizedNumber } from "../model/phone-number";
import { loadNumberingData, readAreaCodeFile } from "../transport/numbering-data";
import { foreignNumbers } from "./foreign-numbers";

let shipped: NumberingData | undefined;
let current: NumberingData | undefined;
/** The user's own list, if there is one. */
let own: AreaCodes | undefined;
/** Counts the wishes for another list: only the last one counts. */
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
 * A number in any form in which a Fritz!Box or a person writes it -> one E.164 number with its kind, its place and the reasons to
 * distrust it. Total: never throws, whatever the input. A German number takes some 10 µs; the first one loads the data (5 ms),
 * the first foreign one libphonenumber-js (50 ms).
 */
export function normalizeNumber(input: string, plan: DialPlan): NormalizedNumber {
  return normalize(input, plan, world);
}

/** The keys under which a number is filed and found, the surest first; see `domain/phone-number/lookup-keys`. */
export function lookupKeys(input: string, plan: DialPlan): string[] {
  return keysOf(input, plan, world);
}

/** Whether two numbers, each in any written form, are one. Nobody (withheld, empty) is never the same as nobody. */
export function isSameNumber(a: string, b: string, plan: DialPlan): boolean {
  const [key] = lookupKeys(a, plan);
  return key !== undefined && key === lookupKeys(b, plan)[0];
}

/** How many area codes are in use, and how many were given up. */
export interface AreaCodeCount {
  inUse: number;
  former: number;
}

/**
 * Takes the German area codes from the authority's list at `path` for all boxes of this process; "" goes back to those of the
 * package. Rejects with a `FritzError` (`onb-missing`, `onb-unreadable`, `onb-line`, `onb-incomplete`): then nothing changes.
 */
export async function useAreaCodeFile(path: string): Promise<AreaCodeCount> {
  const wish = ++wishes;
  const read = path === "" ? undefined : await readAreaCodeFile(path);
  if (wish === wishes) {
    own = read;
    current = undefined;
  }
  const { areas, former } = read ?? world.data;
  return { inUse: areas.size, former: former.size };
}
