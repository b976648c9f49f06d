/** Keys of a number for an index that finds it in any written form. */
import type { DialPlan, NormalizedNumber } from "./types";
import { dial, prefixOf } from "./dial";
import { type FullDialPlan, readHome } from "./home";
import { normalize } from "./normalize";
import type { Split, World } from "./world";
import { readWritten } from "./parse";

/**
 * The keys of a written number, best first. An entry is stored under the first one; a caller is looked up
 * under each in turn, so that a number that lost a zero still finds its contact if no contact has it literally.
 *
 * - a number: its E.164 form ("+49711123456"), then the one that was probably meant
 * - a wildcard: its plus form with `*` ("+49711123*"); `prefixKeys` gives those that may match a caller
 * - `**610`, `*21#`, short codes, SIP addresses: themselves, in one spelling
 * - an invalid number: its plus form if it can have one, else its digits, such as those of a local number
 *   while the home's area code is unknown
 * - a withheld or empty number: none
 */
export function lookupKeys(input: unknown, plan: Partial<DialPlan> | undefined, world: World): string[] {
  const number = normalize(input, plan, world);
  if (number.e164 !== null) return keysOf(number, number.e164);
  if (number.prefix !== undefined) return [`${number.prefix}*`];
  const written = readWritten(input);
  if ("text" in written) return [written.text];
  if (written.kind === "masked") return [maskedKey(written, readHome(plan, world.data), world)];
  if (!("digits" in written)) return [];
  const dialled = written.kind === "number" ? dial(written, readHome(plan, world.data), world) : undefined;
  // +49 116117 is 116117, and +49 110 55 is 0110 55, although neither is a number that can be called.
  if (dialled && "split" in dialled)
    return [number.type === "short" ? dialled.split.national : plusForm(dialled.split)];
  return [`${written.plus ? "+" : ""}${written.digits}${written.kind === "prefix" ? "*" : ""}`];
}

/** The first key alone; "" for a withheld or invalid number. */
export function keyOf(input: unknown, plan: Partial<DialPlan> | undefined, world: World): string {
  return lookupKeys(input, plan, world)[0] ?? "";
}

function maskedKey(
  written: { start: string; plus: boolean; hidden: number },
  home: FullDialPlan,
  world: World,
): string {
  const { start, plus, hidden } = written;
  const known = prefixOf({ digits: start, plus }, home, world) ?? `${plus ? "+" : ""}${start}`;
  return known + "x".repeat(hidden);
}

const plusForm = ({ country, national }: Split) => `+${country}${national}`;

function keysOf({ alt }: NormalizedNumber, e164: string): string[] {
  return alt === undefined ? [e164] : [e164, alt];
}

/** The wildcard keys that cover an E.164 number, the narrowest first. */
export function prefixKeys(e164: string): string[] {
  return Array.from({ length: Math.max(0, e164.length - 1) }, (_, i) => `${e164.slice(0, e164.length - i)}*`);
}
