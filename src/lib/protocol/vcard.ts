/** L1 protocol: contacts <-> vCard 3.0 and 4.0 (RFC 2426, 6350); 2.1 is read, too. */
import type ICAL from "ical.js";
import type { Contact, ContactNumber } from "../model/contact";
import { isVcard21, toVcard3 } from "./vcard21";

/** The versions that are written. */
export type VcardVersion = "3.0" | "4.0";

/** A text that is no vCard. */
export class VcardError extends Error {
  override readonly name = "VcardError";
}

/** jCard (RFC 7095): name, parameters, type of value, values. */
type JProperty = [name: string, parameters: Record<string, string | string[]>, type: string, ...values: unknown[]];
type JCard = [kind: string, properties: JProperty[], children: unknown[]];

/** Loaded only when somebody imports or exports. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- CommonJS, and off the way of starting
const library = () => require("ical.js") as typeof ICAL;

/** AVM's types of numbers -> vCard's, in the order in which they are recognised. */
const TYPES: readonly (readonly [avm: string, vcard: readonly string[]])[] = [
  ["fax_work", ["fax", "work"]],
  ["fax_home", ["fax"]],
  ["mobile", ["cell"]],
  ["work", ["work"]],
  ["home", ["home"]],
];

const VIP = "VIP";

/** Reads all cards of a text. Cards without a number are kept: whoever writes them says what is missing. */
export function parseVcards(text: string): Contact[] {
  let parsed: unknown;
  try {
    const cards = text.trim(); // also the byte order mark
    parsed = library().parse(isVcard21(cards) ? toVcard3(cards) : cards);
  } catch (error) {
    throw new VcardError(error instanceof Error ? error.name : "broken");
  }
  // One card comes bare, several in a list.
  const cards = (Array.isArray(parsed) && typeof parsed[0] === "string" ? [parsed] : parsed) as JCard[];
  if (!Array.isArray(cards) || cards.length === 0 || cards.some(([kind]) => kind !== "vcard"))
    throw new VcardError("no vCard");
  return cards.map(readCard);
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
    name: first("fn").replaceAll("\\;", ";") || personName(all("n")[0]) || first("nickname") || first("org"),
    numbers,
    ...(vip && { vip }),
    ...(emails.length > 0 && { emails }),
  };
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
  return { number: numberOf(textOf(value)), ...(type !== undefined && { type }), ...(prio && { prio }) };
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

/** Writes one card each. */
export function formatVcards(contacts: readonly Contact[], version: VcardVersion = "3.0"): string {
  return contacts
    .map(
      (contact) =>
        library()
          .stringify(toCard(contact, version) as never)
          .trimEnd() + "\r\n",
    )
    .join("");
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

function toTel({ number, type = "home", prio }: ContactNumber, version: VcardVersion): JProperty {
  const words = TYPES.find(([avm]) => avm === type)?.[1] ?? [];
  const types = [...words, ...(prio && version === "3.0" ? ["pref"] : [])];
  const pref: Record<string, string> = prio && version === "4.0" ? { pref: "1" } : {};
  // Spaces and wildcards are no URI, so the number stays text in both versions.
  return ["tel", { ...(types.length > 0 && { type: types }), ...pref }, "text", number];
}
