/** Patterns of the block rules, as the keys under which numbers are stored and compared. */
import { prefixOf } from "./dial";
import { readHome } from "./home";
import { keyOf } from "./keys";
import { readWritten } from "./parse";
import { readPattern } from "./pattern-syntax";
import type { DialPlan } from "./types";
import type { World } from "./world";

/** A parsed pattern; a range includes both ends. */
export type NumberPattern =
  { kind: "exact"; key: string } | { kind: "prefix"; prefix: string } | { kind: "range"; from: string; to: string };

/** Parses a pattern with the home's dial plan; see `readPattern`. */
export function parsePattern(
  text: string,
  plan: Partial<DialPlan> | undefined,
  world: World,
): NumberPattern | undefined {
  const pattern = readPattern(text);
  if (!pattern) return undefined;
  const key = (number: string) => keyOf(number, plan, world);
  switch (pattern.kind) {
    case "exact": {
      const exact = key(pattern.number);
      return exact === "" ? undefined : { kind: "exact", key: exact };
    }
    case "prefix":
      return { kind: "prefix", prefix: prefixKey(pattern.start, plan, world) };
    case "range": {
      const [from, to] = [key(pattern.from), key(pattern.to)];
      const isRange = [from, to].every((end) => /^\+?\d+$/.test(end)) && from.length === to.length && from <= to;
      return isRange ? { kind: "range", from, to } : undefined;
    }
  }
}

/** The common prefix of the keys of all numbers with this beginning. */
function prefixKey(start: string, plan: Partial<DialPlan> | undefined, world: World): string {
  const written = readWritten(`${start}*`);
  if (written.kind !== "prefix") return start; // a code of the box
  return prefixOf(written, readHome(plan, world.data), world) ?? `${written.plus ? "+" : ""}${written.digits}`;
}

/** Whether a number, given as its key, matches the pattern. */
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
