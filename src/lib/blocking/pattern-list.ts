/** A user's list of patterns, compiled once for each dial plan. */
import { yieldingly } from "../core/async";
import { DEFAULT_PLAN, type DialPlan, parsePattern } from "../numbers/index";
import { textsOf } from "../core/unknown";
import { NumberSet } from "./number-set";

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
