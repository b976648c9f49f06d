/** A set of numbers, wildcards and ranges with fast lookup. */
import { matchesPattern, type NumberPattern } from "../numbers/index";
import { meetsRange } from "./barred-number";

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
