/** A user's list of patterns, compiled once for each dial plan. */
import { yieldingly } from "../core/async";
import { DEFAULT_PLAN, type DialPlan, parsePattern, matchesPattern, type NumberPattern } from "../numbers/index";
import { textsOf } from "../core/unknown";
import { meetsRange } from "./barred-number";

// Patterns of names that sources say of a caller.

/** Whether the name fits, in any case; `*` stands for any text. A pattern of nothing else fits no name. Linear in the name's length. */
export function fitsName(pattern: string, name: string): boolean {
  const [text, parts] = [name.trim().toLowerCase(), pattern.trim().toLowerCase().split("*")];
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (text === "" || !/[\p{L}\p{N}]/u.test(pattern)) return false;
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= text.length - last.length;
}

// A set of numbers, wildcards and ranges with fast lookup.

/**
 * Patterns with positions; a lookup returns the lowest one. Its cost grows with the digits of the number, not
 * with the set.
 */
export class NumberSet {
  private readonly exact = new Map<string, number>();
  private readonly prefixes = new Map<string, number>();
  private readonly ranges: { pattern: NumberPattern; position: number }[] = [];

  add(pattern: NumberPattern, position = 0): void {
    if (pattern.kind === "range") {
      this.ranges.push({ pattern, position });
      return;
    }
    const [map, key] = pattern.kind === "exact" ? [this.exact, pattern.key] : [this.prefixes, pattern.prefix];
    if (!map.has(key)) map.set(key, position);
  }

  /** The position of the first pattern that matches one of the keys; undefined if none does. */
  first(keys: readonly string[]): number | undefined {
    let lowest: number | undefined;
    const take = (position: number | undefined) => {
      if (position !== undefined && position < (lowest ?? Infinity)) lowest = position;
    };
    for (const key of keys) {
      if (key === "") continue;
      take(this.exact.get(key));
      if (this.prefixes.size > 0) for (let end = key.length; end > 0; end--) take(this.prefixes.get(key.slice(0, end)));
      take(this.ranges.find(({ pattern }) => matchesPattern(pattern, key))?.position);
    }
    return lowest;
  }

  /** Whether a pattern matches the key, or for "+4930231250*" one of the numbers with this prefix. */
  has(key: string): boolean {
    if (!key.endsWith("*")) return this.first([key]) !== undefined;
    const beginning = key.slice(0, -1);
    if (this.first([beginning]) !== undefined) return true;
    for (const known of this.exact.keys()) if (known.startsWith(beginning)) return true;
    for (const known of this.prefixes.keys()) if (known.startsWith(beginning)) return true;
    return this.ranges.some(({ pattern }) => meetsRange(pattern, beginning));
  }
}

interface Compiled {
  plan: string;
  texts: readonly string[];
  set: NumberSet;
}

const compiled = new WeakMap<object, Compiled>();

const planKey = ({ countryCode, areaCode, trunkPrefix, intlPrefix }: DialPlan) =>
  [countryCode, areaCode, trunkPrefix, intlPrefix].join("|");

/** Compiles a long list ahead of its first use, yielding to the event loop. */
export async function preparePatterns(patterns: unknown, plan: DialPlan = DEFAULT_PLAN): Promise<void> {
  if (!Array.isArray(patterns) || compiled.get(patterns)?.plan === planKey(plan)) return;
  const texts = textsOf(patterns);
  const set = new NumberSet();
  await yieldingly([...texts.entries()], ([position, text]) => addPattern(set, text, position, plan));
  compiled.set(patterns, { plan: planKey(plan), texts, set });
}

/** The first pattern of the list that matches one of the keys, as the user wrote it. */
export function findPattern(
  patterns: unknown,
  keys: readonly string[],
  plan: DialPlan = DEFAULT_PLAN,
): string | undefined {
  const { texts, set } = compile(patterns, plan);
  const position = set.first(keys);
  return position === undefined ? undefined : texts[position];
}

/** Whether a pattern of the list matches the key, or for "…*" one of the numbers with this prefix. */
export function coversPattern(patterns: unknown, key: string, plan: DialPlan = DEFAULT_PLAN): boolean {
  return compile(patterns, plan).set.has(key);
}

function compile(patterns: unknown, plan: DialPlan): Compiled {
  const known = Array.isArray(patterns) ? compiled.get(patterns) : undefined;
  if (known?.plan === planKey(plan)) return known;
  const made: Compiled = { plan: planKey(plan), texts: textsOf(patterns), set: new NumberSet() };
  made.texts.forEach((text, position) => addPattern(made.set, text, position, plan));
  if (Array.isArray(patterns)) compiled.set(patterns, made);
  return made;
}

function addPattern(set: NumberSet, text: string, position: number, plan: DialPlan): void {
  const pattern = parsePattern(text, plan);
  if (pattern) set.add(pattern, position);
}
