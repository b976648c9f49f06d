/** Facts about a caller for the rules, read from a message of unknown origin. */
import type { CallerInfo } from "../callers/types";
import type { BlockContext, BookHit } from "./types";
import { numberOr, propertiesOf, textsOf } from "../core/unknown";
import { DEFAULT_PLAN, isEmergency, keyOf, lookupKeys, normalizeNumber } from "../numbers/index";
import type { ContactsUnknown } from "../phonebook/types";

/** All codes; each has a sentence "friends-unknown-…". */
export const CONTACTS_UNKNOWN = Object.keys({
  "no-box": 1,
  "no-login": 1,
  "no-right": 1,
  "wrong-password": 1,
  unreachable: 1,
  "unreadable-book": 1,
  "no-books": 1,
  loading: 1,
  "dial-plan": 1,
  "too-old": 1,
  "switched-off": 1,
  "state-unreadable": 1,
} satisfies Record<ContactsUnknown, 1>) as readonly ContactsUnknown[];

/** The caller as the rules see it. */
export interface CallerFacts {
  /** As written. */
  number: string;
  /** Canonical forms of the number that the caller shows. */
  keys: string[];
  /** The same of the network-provided number, if it differs. */
  networkKeys: string[];
  anonymous: boolean;
  /** Keys of the allow list. */
  lookupKeys: string[];
  /** An emergency number, or one from which an emergency service calls back. */
  emergency: boolean;
  /** Internal telephones, door stations, key codes. */
  internal: boolean;
  foreign: boolean;
  /** ISO code, upper case. */
  countryCode?: string;
  country?: string;
  flags: string[];
  /** As a source says it. */
  name: string;
  spam?: { score: number; reports: number; source: string };
  hits: BookHit[];
  /** Sources that failed. */
  failed: string[];
  /** Why it is not known whether the caller is a contact; undefined if it is known. */
  contactsUnknown: ContactsUnknown | undefined;
}

/** Reads the facts; undefined if there are none. Ignores values of the wrong type. */
export function readFacts(info: CallerInfo | undefined, context: BlockContext): CallerFacts | undefined {
  const given = propertiesOf(info);
  const number = textOf(given["number"]).trim();
  const type = textOf(given["type"]);
  const e164 = textOf(given["e164"]);
  if (number === "" && type === "" && e164 === "") return undefined;
  const plan = context.plan ?? DEFAULT_PLAN;
  const keys = [keyOf(e164, plan), keyOf(number, plan)].filter(isNew);
  const { network = "" } = normalizeNumber(number, plan);
  const place = propertiesOf(given["place"]);
  const countryCode = textOf(place["countryCode"]).toUpperCase();
  const failed = failedSources(given);
  const anonymous = type === "anonymous" || (number === "" && e164 === "");
  const hits = Array.isArray(context.hits) ? context.hits.flatMap(contactOf) : undefined;
  return {
    number: number || e164,
    keys,
    networkKeys: [keyOf(network, plan)].filter((key) => key !== "" && !keys.includes(key)),
    lookupKeys: [e164, ...lookupKeys(number, plan)],
    emergency: [number, ...keys].some((key) => isEmergency(key, plan)),
    anonymous,
    internal:
      type === "internal" || type === "code" || keys.some((key) => /^[*#]/.test(key)) || /^\d{1,2}$/.test(number),
    foreign: type === "foreign" || ((context.plan !== undefined || type === "") && isAbroad(keys, plan.countryCode)),
    ...(countryCode !== "" && { countryCode }),
    ...(textOf(place["country"]) !== "" && { country: textOf(place["country"]) }),
    flags: textsOf(given["flags"]),
    name: textOf(given["name"]),
    ...readSpam(given["spam"]),
    hits: [...(hits ?? []), ...contactOf(given["contact"])],
    failed,
    // A withheld number cannot be a contact's, so nothing is unknown.
    contactsUnknown: anonymous ? undefined : (context.contactsUnknown ?? (hits ? undefined : unknownBy(given))),
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
  const { book, name, vip, books } = propertiesOf(value);
  if (typeof book !== "string") return [];
  const hit = { book, name: textOf(name), vip: vip === true };
  const others = textsOf(books).filter((other) => other !== book);
  return [hit, ...others.map((other) => ({ ...hit, book: other, vip: false }))];
}

/** The caller info's report on the phonebooks: failed, incomplete or skipped. */
export function unknownBy(info: unknown): ContactsUnknown | undefined {
  const { sources, contact } = propertiesOf(info);
  const { unknown } = propertiesOf(contact);
  if (isUnknown(unknown)) return unknown;
  const reports = (Array.isArray(sources) ? sources : []).map(propertiesOf).filter(({ id }) => id === "phonebook");
  if (reports.some(({ status }) => status === "hit")) return undefined;
  const report = reports.find(({ status, because }) => status !== "miss" || isUnknown(because));
  if (!report) return undefined;
  const { because, status } = report;
  if (isUnknown(because)) return because;
  return status === "skipped" ? "switched-off" : "unreachable";
}

const isUnknown = (code: unknown): code is ContactsUnknown => CONTACTS_UNKNOWN.some((known) => known === code);

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
