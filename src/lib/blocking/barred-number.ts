/** Form, name and range of a blocked number as an entry at the box. */
import { type DialPlan, isEmergency, type NumberPattern } from "../numbers/index";

/** Handsets truncate names at about 30 characters; boxes accept more, but the limit is not documented. */
const LONGEST_NAME = 48;
/** Fewest digits of a range: a shorter prefix may contain numbers of unrelated subscribers. */
const LEAST_DIGITS_OF_RANGE = 10;

/**
 * `because` of an entry that the user requested; such a request is executed even if the node only decides.
 */
export const BY_ORDER = "order";

/** Whether the key is a complete, unmasked international number, of no emergency service: no other can or may be barred. */
export function isBarrable(key: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(key) && !isEmergency(key);
}

/**
 * The form in which the box shows callers: national at home, else with the international prefix. Keeps a `*`.
 */
export function writtenForm(key: string, { countryCode, trunkPrefix = "0", intlPrefix = "00" }: DialPlan): string {
  const home = `+${countryCode}`;
  return key.startsWith(home) ? trunkPrefix + key.slice(home.length) : (intlPrefix || "00") + key.slice(1);
}

/** The pattern of a key: "+493023125001", or "+4930231250*" for a range. */
export function patternOfKey(key: string): NumberPattern {
  return key.endsWith("*") ? { kind: "prefix", prefix: key.slice(0, -1) } : { kind: "exact", key };
}

/** Whether an entry, given as its key, covers the number. */
export function covers(entry: string, key: string): boolean {
  return entry.endsWith("*") ? key.startsWith(entry.slice(0, -1)) : entry === key;
}

/** The common prefix of the hundred neighbours of a number; undefined for a short one. */
export function neighbourhood(key: string): string | undefined {
  return isBarrable(key) && key.length - 1 >= LEAST_DIGITS_OF_RANGE ? key.slice(0, -2) : undefined;
}

/** Whether a number that the pattern matches may begin with this prefix. */
export function meetsRange(pattern: NumberPattern, beginning: string): boolean {
  switch (pattern.kind) {
    case "exact":
      return pattern.key.startsWith(beginning);
    case "prefix":
      return pattern.prefix.startsWith(beginning) || beginning.startsWith(pattern.prefix);
    case "range":
      return pattern.from.slice(0, beginning.length) <= beginning && beginning <= pattern.to.slice(0, beginning.length);
  }
}

/** "[Spam] Berlin 2026-11-24 12:25": keeps prefix and time and truncates the name in between. */
export function entryName(prefix: string, name: string, at: string | undefined): string {
  const start = prefix.replace(/\p{Cc}/gu, "").slice(0, 20);
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(at ?? "") ?? [];
  const end = day !== undefined ? ` ${day} ${time}` : "";
  const middle = [...name.replace(/\p{Cc}+/gu, " ").trim()].slice(0, LONGEST_NAME - start.length - end.length).join("");
  return `${start}${middle}${end}`.trim();
}
