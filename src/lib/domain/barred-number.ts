/** L1 domain: how a blocked number is written into the box: in which form, under which name, and as which range. */
import type { DialPlan } from "../model/phone-number";
import { matchesPattern, type NumberPattern } from "./number-patterns";

/** Handsets cut names at about 30 characters; boxes take more, but how many is not documented. */
const LONGEST_NAME = 48;
/** A shorter number belongs to an exchange that may serve anybody: no range is made of it. */
const LEAST_DIGITS_OF_RANGE = 10;

/** A whole international number, nothing masked: what else there is cannot be barred, or must not be. */
export function isBarrable(key: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(key);
}

/** The form in which the box shows its callers: national at home, else with the prefix for abroad. A `*` is kept. */
export function writtenForm(key: string, { countryCode, trunkPrefix = "0", intlPrefix = "00" }: DialPlan): string {
  const home = `+${countryCode}`;
  return key.startsWith(home) ? trunkPrefix + key.slice(home.length) : (intlPrefix || "00") + key.slice(1);
}

/** The pattern of a key as an entry has it: "+493023125001", or "+4930231250*" for a range. */
export function patternOfKey(key: string): NumberPattern {
  return key.endsWith("*") ? { kind: "prefix", prefix: key.slice(0, -1) } : { kind: "exact", key };
}

/** Whether an entry, as its key, means the number. */
export function covers(entry: string, key: string): boolean {
  return entry.endsWith("*") ? key.startsWith(entry.slice(0, -1)) : entry === key;
}

/** The hundred neighbours of a number, as the beginning that they share; undefined for a short one. */
export function neighbourhood(key: string): string | undefined {
  return isBarrable(key) && key.length - 1 >= LEAST_DIGITS_OF_RANGE ? key.slice(0, -2) : undefined;
}

/** Whether somebody whom the pattern means has a number that begins so. */
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

/** Whether one of the patterns means the number, or for a range ("…*") one of its numbers. */
export function isMeant(patterns: readonly NumberPattern[], key: string): boolean {
  return patterns.some((pattern) =>
    key.endsWith("*") ? meetsRange(pattern, key.slice(0, -1)) : matchesPattern(pattern, key),
  );
}

/** "[Spam] Berlin 2026-11-24 12:25": prefix and time are whole, the name in between gives way. */
export function entryName(prefix: string, name: string, at: string | undefined): string {
  const start = prefix.replace(/\p{Cc}/gu, "").slice(0, 20);
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(at ?? "") ?? [];
  const end = day !== undefined ? ` ${day} ${time}` : "";
  const middle = [...name.replace(/\p{Cc}+/gu, " ").trim()].slice(0, LONGEST_NAME - start.length - end.length).join("");
  return `${start}${middle}${end}`.trim();
}
