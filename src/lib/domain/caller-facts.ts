/** L1 domain: what the rules look at, read from a caller's data that may come from anywhere. */
import type { CallerInfo } from "../model/caller-info";
import type { BlockContext, BookHit } from "../model/block-rules";
import type { DialPlan } from "../model/phone-number";
import { propertiesOf } from "../model/properties";
import { GERMANY, matchesPattern, callerKey, parsePattern, splitNetwork } from "./number-patterns";

/** A caller as the rules see it. */
export interface CallerFacts {
  /** As it is written. */
  number: string;
  /** The forms to compare; the first is the number that the caller shows. */
  keys: string[];
  /** The same of the number that the network provides, if it is another one. */
  networkKeys: string[];
  anonymous: boolean;
  /** Of the house: internal telephones, door bells, key codes. */
  internal: boolean;
  foreign: boolean;
  /** ISO code, upper case. */
  countryCode?: string;
  country?: string;
  flags: string[];
  spam?: { score: number; reports: number; source: string };
  hits: BookHit[];
  /** The sources that could not answer. */
  failed: string[];
  /** Nobody can say whether the caller is a contact. */
  contactsUnknown: boolean;
}

/** Reads the facts; undefined if there are none at all. Whatever is not of the right shape does not count. */
export function readFacts(info: CallerInfo | undefined, context: BlockContext): CallerFacts | undefined {
  const given = propertiesOf(info);
  const number = textOf(given["number"]).trim();
  const type = textOf(given["type"]);
  const e164 = textOf(given["e164"]);
  if (number === "" && type === "" && e164 === "") return undefined;
  const plan = context.plan ?? GERMANY;
  const { shown, network = "" } = splitNetwork(number);
  const keys = [callerKey(e164, plan), callerKey(shown, plan)].filter(isNew);
  const place = propertiesOf(given["place"]);
  const countryCode = textOf(place["countryCode"]).toUpperCase();
  const failed = failedSources(given);
  const hits = Array.isArray(context.hits) ? context.hits.flatMap(contactOf) : undefined;
  return {
    number: number || e164,
    keys,
    networkKeys: [callerKey(network, plan)].filter((key) => key !== "" && !keys.includes(key)),
    anonymous: type === "anonymous" || (number === "" && e164 === ""),
    internal: type === "internal" || type === "code" || keys.some((key) => /^([*#].*|\d{1,2})$/.test(key)),
    foreign: type === "foreign" || ((context.plan !== undefined || type === "") && isAbroad(keys, plan.countryCode)),
    ...(countryCode !== "" && { countryCode }),
    ...(textOf(place["country"]) !== "" && { country: textOf(place["country"]) }),
    flags: textsOf(given["flags"]),
    ...readSpam(given["spam"]),
    hits: [...(hits ?? []), ...contactOf(given["contact"])],
    failed,
    contactsUnknown: !hits && contactOf(given["contact"]).length === 0 && failed.includes("phonebook"),
  };
}

const isNew = (key: string, index: number, all: string[]) => key !== "" && all.indexOf(key) === index;

const isAbroad = (keys: string[], home: string) =>
  keys.some((key) => key.startsWith("+")) && !keys.some((key) => key.startsWith(`+${home}`));

function failedSources({ sources, complete }: Record<string, unknown>): string[] {
  const failed = (Array.isArray(sources) ? sources : [])
    .map(propertiesOf)
    .filter(({ status }) => status === "failed")
    .map(({ id }) => textOf(id) || "?");
  return complete === false && failed.length === 0 ? ["?"] : failed;
}

function readSpam(value: unknown): Pick<CallerFacts, "spam"> {
  const { score, reports, source } = propertiesOf(value);
  if (typeof score !== "number" || !Number.isFinite(score)) return {};
  return { spam: { score, reports: numberOr(reports, 0), source: textOf(source) || "?" } };
}

function contactOf(value: unknown): BookHit[] {
  const { book, name, vip } = propertiesOf(value);
  return typeof book === "string" ? [{ book, name: textOf(name), vip: vip === true }] : [];
}

/** The first pattern of the list that one of the number's forms matches, as the user wrote it. */
export function findPattern(patterns: unknown, keys: readonly string[], plan?: DialPlan): string | undefined {
  return textsOf(patterns).find((text) => {
    const pattern = parsePattern(text, plan);
    return pattern && keys.some((key) => matchesPattern(pattern, key));
  });
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** The texts of a list that are not blank; a single text counts as a list. */
export function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((text) => typeof text === "string").filter((text) => text.trim() !== "");
}

/** A finite number, also if it is written as a text; else the default. */
export function numberOr(value: unknown, otherwise: number): number {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return otherwise;
  const number = Number(value);
  return Number.isFinite(number) ? number : otherwise;
}
