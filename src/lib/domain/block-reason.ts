/** L1 domain: what a single rule of the decision says. */
import type { BlockContext, BlockRules } from "../model/block-rules";
import type { Decision } from "../model/decision";
import type { CallerFacts } from "./caller-facts";

/** A verdict and its ground. */
export interface Reason {
  verdict: Decision["verdict"];
  because: string;
  /** The sentence's key, see `block-phrases`. */
  say: string;
  values?: Record<string, string | number>;
  /** The rule by its property's name, with threshold and value. */
  rule?: string;
  /** The block book in which the caller stands. */
  book?: string;
}

/** One rule: a reason, or nothing if it has nothing to say about this caller. */
export type Judge = (facts: CallerFacts, rules: BlockRules, context: BlockContext) => Reason | undefined;

/** A reason to let through. */
export const pass = (because: string, say: string, more: Omit<Reason, "verdict" | "because" | "say"> = {}): Reason => ({
  verdict: "allow",
  because,
  say,
  ...more,
});

/** A reason to block; it always names its rule. */
export const block = (because: string, say: string, rule: string, values: Reason["values"] = {}): Reason => ({
  verdict: "block",
  because,
  say,
  values,
  rule,
});

/** Names of books are compared without case. */
export const isListed = (book: string, books: readonly string[]) =>
  books.some((name) => name.trim().toLowerCase() === book.trim().toLowerCase());
