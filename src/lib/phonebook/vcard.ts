/** Converts contacts to vCard 3.0 and 4.0 (RFC 2426, 6350) and back; reads 2.1, too. */
import type ICAL from "ical.js";
import type { Contact, ContactNumber } from "./types";
import { UnreadablePart } from "./unreadable-part";
import { isVcard21, toVcard3, wantedLines, splitCards } from "./vcard21";

/** The versions that are written. */
export type VcardVersion = "3.0" | "4.0";

/** A text that is no vCard. */
export class VcardError extends Error {
  override readonly name = "VcardError";
}

/** jCard (RFC 7095): name, parameters, type of value, values. */
type JProperty = [name: string, parameters: Record<string, string | string[]>, type: string, ...values: unknown[]];
type JCard = [kind: string, properties: JProperty[], children: unknown[]];

/** Loaded only for an import or export. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- CommonJS, and not loaded at start
const library = () => require("ical.js") as typeof ICAL;

/** AVM's number types -> vCard's, in the order of matching. */
const TYPES: readonly (readonly [avm: string, vcard: readonly string[]])[] = [
  ["fax_work", ["fax", "work"]],
  ["fax_home", ["fax"]],
  ["mobile", ["cell"]],
  ["work", ["work"]],
  ["home", ["home"]],
];

const VIP = "VIP";
/** Parameters without a vCard equivalent. */
const OWN = { type: "x-fritz-type", quickdial: "x-fritz-quickdial", vanity: "x-fritz-vanity" } as const;

/** Longer cards and longer lists of parameters are no contact's: ical.js takes long for them. */
const MOST_LINES = 500;
const MOST_CARD_CHARS = 50_000;

/**
 * Reads all cards of a text, and yields after each; one that cannot be read does not take the others with it. Cards without a number
 * are kept: writing them reports what is missing. Throws a `VcardError` if none can be read.
 */
export function* parseVcards(text: string): Generator<undefined, (Contact | UnreadablePart)[]> {
  const cards: (Contact | UnreadablePart)[] = [];
  for (const card of splitCards(text)) {
    if (card) cards.push(readLines(card.lines) ?? new UnreadablePart(`vCard ${cards.length + 1}, line ${card.line}`));
    yield;
  }
  const [first] = cards;
  if (first === undefined) throw new VcardError("no vCard");
  if (cards.every((card) => card instanceof UnreadablePart)) throw new VcardError("broken");
  return cards;
}

function readLines(lines: readonly string[]): Contact | undefined {
  if (lines.length > MOST_LINES && lines.filter((line) => line.includes(":")).length > MOST_LINES) return undefined;
  const card = lines.join("\r\n");
  return (isVcard21(card) ? undefined : parseCard(wantedLines(lines))) ?? parseCard(toVcard3(card));
}

const FULL_NAME = /^(?:[\w-]+\.)?FN[;:].*$/gim;
/** ical.js leaves `\;` of a single text as it is. */
const plainSemicolons = (line: string) => line.replace(/\\(.)/g, (pair, char: string) => (char === ";" ? char : pair));

function parseCard(text: string): Contact | undefined {
  if (text.length > MOST_CARD_CHARS || text.split("\n", MOST_LINES + 1).length > MOST_LINES) return undefined;
  try {
    const parsed = library().parse(text.replace(FULL_NAME, plainSemicolons)) as unknown;
    return Array.isArray(parsed) && parsed[0] === "vcard" ? readCard(parsed as JCard) : undefined;
  } catch {
    return undefined;
  }
}

function readCard([, properties]: JCard): Contact {
  const all = (name: string) => properties.filter(([one]) => one.toLowerCase() === name);
  const first = (name: string) =>
    all(name)
      .map(([, , , value]) => textOf(value))
      .find(Boolean) ?? "";
  const emails = all("email")
    .map(([, , , value]) => textOf(value))
    .filter(Boolean);
  const vip = all("categories").some(([, , , ...values]) =>
    values.flat().some((one) => textOf(one).toUpperCase() === VIP),
  );
  const numbers = all("tel")
    .map(readNumber)
    .filter(({ number }) => number !== "");
  return {
    name: exactName(all("fn")) || personName(all("n")[0]) || first("nickname") || first("org"),
    numbers,
    ...(vip && { vip }),
    ...(emails.length > 0 && { emails }),
  };
}

/** As it is written, with blanks around it; "" if there is nothing else. */
function exactName(properties: readonly JProperty[]): string {
  const name = properties.map(([, , , value]) => value).find((value) => textOf(value) !== "");
  return typeof name === "string" ? name : textOf(name);
}

const textOf = (value: unknown) =>
  typeof value === "string" ? value.trim() : Array.isArray(value) ? textOf0(value) : "";
const textOf0 = (list: unknown[]): string =>
  list
    .filter((part) => typeof part === "string")
    .join(" ")
    .trim();

/** N is family; given; additional; prefixes; suffixes. */
function personName(property: JProperty | undefined): string {
  const value = property?.[3];
  if (!Array.isArray(value)) return textOf(value);
  const [family, given] = value as unknown[];
  return [given, family].map(textOf).filter(Boolean).join(" ");
}

function readNumber([, parameters, , value]: JProperty): ContactNumber {
  const types = [parameters["type"] ?? []].flat().flatMap((type) => type.toLowerCase().split(","));
  const type = TYPES.find(([, words]) => words.every((word) => types.includes(word)))?.[0];
  const prio = types.includes("pref") || parameters["pref"] === "1";
  const own = (name: keyof typeof OWN) => textOf(parameters[OWN[name]]);
  const [exact = type, quickdial, vanity] = [own("type") || undefined, own("quickdial"), own("vanity")];
  return {
    number: numberOf(textOf(value)),
    ...(exact !== undefined && { type: exact }),
    ...(prio && { prio }),
    ...(quickdial && { quickdial }),
    ...(vanity && { vanity }),
  };
}

/** A number as text, or as an address: `tel:+49-30-23125-001;ext=1`. */
function numberOf(text: string): string {
  const [, address] = /^(?:tel|sips?):([^;?]*)/i.exec(text) ?? [];
  if (address === undefined) return text;
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** What is folded off and is nothing but blanks: a reader takes such a line for an empty one, as ours does. */
const BLANK_FOLD = /\r\n ([ \t]+)(?=\r\n)/g;

/** Writes one card each, and yields after each. */
export function* formatVcards(contacts: readonly Contact[], version: VcardVersion): Generator<undefined, string> {
  let text = "";
  for (const contact of contacts) {
    text += `${library()
      .stringify(toCard(contact, version) as never)
      .trimEnd()
      .replace(BLANK_FOLD, "$1")}\r\n`;
    yield;
  }
  return text;
}

function toCard({ name, numbers, vip, emails = [] }: Contact, version: VcardVersion): JCard {
  const properties: JProperty[] = [
    ["version", {}, "text", version],
    ["fn", {}, "text", name],
    ["n", {}, "text", [name, "", "", "", ""]],
    ...numbers.map((number) => toTel(number, version)),
    ...emails.map((email): JProperty => ["email", {}, "text", email]),
    ...(vip ? [["categories", {}, "text", VIP] satisfies JProperty] : []),
  ];
  return ["vcard", properties, []];
}

function toTel({ number, type = "home", prio, quickdial, vanity }: ContactNumber, version: VcardVersion): JProperty {
  const words = TYPES.find(([avm]) => avm === type)?.[1] ?? [];
  const types = [...words, ...(prio && version === "3.0" ? ["pref"] : [])];
  const pref: Record<string, string> = prio && version === "4.0" ? { pref: "1" } : {};
  // Spaces and wildcards are no URI, so the number stays text in both versions.
  const own = {
    ...(words.length === 0 && { [OWN.type]: type }),
    ...(quickdial && { [OWN.quickdial]: quickdial }),
    ...(vanity && { [OWN.vanity]: vanity }),
  };
  return ["tel", { ...(types.length > 0 && { type: types }), ...pref, ...own }, "text", number];
}
