/** L1 domain: numbers in any written form -> one form that can be compared, and the patterns of the rules. */
import { withoutFinalHash } from "../model/number-text";
import type { DialPlan } from "../model/phone-number";

/** Where nobody says anything else. */
export const GERMANY: DialPlan = { countryCode: "49", trunkPrefix: "0", intlPrefix: "00" };

/** Longer is no number, and no work is done for it. */
const LONGEST = 64;
/** Emergency calls and services of public interest: dialled, and shown, without any prefix. */
const EMERGENCY = /^(1\d\d|116\d{3}|911|999|000)$/;

/** "110", "112", "116117" ...: as they are, never behind an area code. */
export function isEmergency(number: string): boolean {
  return EMERGENCY.test(number.replace(/\s/g, ""));
}

/** `shown(network)`: the number that the caller shows, and the one that the network provides. */
export function splitNetwork(text: string): { shown: string; network?: string } {
  const [, shown = text, network] = /^([^(]{2,40})\(([+0][\dx ]{4,24})\)$/.exec(text.slice(0, LONGEST).trim()) ?? [];
  return network === undefined ? { shown } : { shown, network };
}

/**
 * The form in which numbers are compared: "+4930…" where there is an international one, else as it is dialled ("**610",
 * "112", or a local number if the area code is not known). "" if it is none. Masked digits (`x`) count as digits.
 */
export function callerKey(text: string, plan: DialPlan = GERMANY): string {
  const number = dialled(splitNetwork(text).shown);
  if (isEmergency(number) || isCode(number)) return number;
  const inside = number.length <= (plan.trunkPrefix === "" ? 5 : 2);
  return inside ? number : international(number, plan);
}

/** What is dialled: digits with or without a plus, or a code that begins with a key; "" if there is anything else. */
function dialled(text: string): string {
  const plain = text
    .slice(0, LONGEST)
    .normalize("NFKC")
    .trim()
    .replace(/^tel:/i, "")
    .replace(/^(\+|00)(\d{1,4})\s*\(0\)/, "$1$2") // +49 (0) 7191: the zero is not dialled
    .replace(/[\s()/.–-]/g, "");
  const number = isCode(plain) ? plain : withoutFinalHash(plain);
  return /^(\+?[\dx]+|[*#]+[\dx][\dx*#]*)$/.test(number) ? number : "";
}

const isCode = (number: string) => /^[*#]/.test(number);

function international(number: string, plan: DialPlan): string {
  const { countryCode, areaCode = "", trunkPrefix = "0", intlPrefix = "00" } = plan;
  const abroad = number.startsWith("+") ? "+" : intlPrefix;
  if (abroad !== "" && number.startsWith(abroad)) return `+${withoutTrunk(number.slice(abroad.length), plan)}`;
  if (number.startsWith(trunkPrefix)) return `+${countryCode}${number.slice(trunkPrefix.length)}`;
  return areaCode === "" ? number : `+${countryCode}${areaCode}${number}`;
}

/** A zero that some leave behind the own country's code: 0049 0 7191. */
function withoutTrunk(number: string, { countryCode, trunkPrefix = "0" }: DialPlan): string {
  const redundant = countryCode + trunkPrefix;
  const drops = trunkPrefix === "0" && number.startsWith(redundant) && number.length > redundant.length;
  return drops ? countryCode + number.slice(redundant.length) : number;
}

/** A pattern that was understood; both ends of a range belong to it. */
export type NumberPattern =
  { kind: "exact"; key: string } | { kind: "prefix"; prefix: string } | { kind: "range"; from: string; to: string };

/** `030 1234567`, `0900*` or `030 23125000..999`; undefined for what is none, or would mean nearly everybody. */
export function parsePattern(text: string, plan: DialPlan = GERMANY): NumberPattern | undefined {
  const pattern = text.slice(0, LONGEST).trim();
  const ends = pattern.split(/\.{2,3}|…/);
  if (ends.length > 1) return ends.length === 2 ? parseRange(ends[0] ?? "", ends[1] ?? "", plan) : undefined;
  if (pattern.endsWith("*")) return parsePrefix(pattern.slice(0, -1), plan);
  const key = callerKey(pattern, plan);
  return key === "" ? undefined : { kind: "exact", key };
}

/** At least one digit behind the prefix for long distance: `0*` and `00*` would be everybody at home or abroad. */
function parsePrefix(text: string, plan: DialPlan): NumberPattern | undefined {
  const { trunkPrefix = "0", intlPrefix = "00" } = plan;
  const start = dialled(text);
  if (start === "" || start === trunkPrefix || start === intlPrefix) return undefined;
  return { kind: "prefix", prefix: isCode(start) ? start : international(start, plan) };
}

function parseRange(first: string, last: string, plan: DialPlan): NumberPattern | undefined {
  const from = callerKey(first, plan);
  const end = dialled(last);
  const isRest = /^\d+$/.test(end) && end.length < dialled(first).length;
  const to = isRest ? from.slice(0, from.length - end.length) + end : callerKey(last, plan);
  const sound = [from, to].every((key) => /^\+?\d+$/.test(key)) && from.length === to.length && from <= to;
  return sound ? { kind: "range", from, to } : undefined;
}

/** Whether a number, as its key, is what the pattern means. */
export function matchesPattern(pattern: NumberPattern, key: string): boolean {
  switch (pattern.kind) {
    case "exact":
      return key === pattern.key;
    case "prefix":
      return key.startsWith(pattern.prefix);
    case "range":
      return key.length === pattern.from.length && pattern.from <= key && key <= pattern.to;
  }
}
