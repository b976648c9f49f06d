/** What keeps the rules from protecting, although nothing fails. Pure. */
import type { BlockRules } from "./types";

/**
 * `no-box`, `no-login`: the contacts are not known, so every call gets through. `no-rule`: no rule can apply.
 * `no-key`, `no-scores`: the score rule cannot apply. `no-box-rule`: the box does not reject the numbers of the book.
 */
export type Gap = "no-box" | "no-login" | "no-rule" | "no-key" | "no-scores" | "no-box-rule";

export interface ProtectionFacts {
  rules: BlockRules;
  hasBox: boolean;
  hasLogin: boolean;
  /** Whether a source with scores is asked before; "unknown" where that cannot be seen. */
  scores: "yes" | "no" | "no-key" | "unknown";
  /** Whether the box rejects the numbers of the target book; undefined: not known, or there is no such book. */
  bookRule?: boolean | undefined;
}

/** The gravest one. */
export function gapOf({ rules, hasBox, hasLogin, scores, bookRule }: ProtectionFacts): Gap | undefined {
  if (!hasBox) return "no-box";
  if (!hasLogin) return "no-login";
  const byScore = (rules.minScore ?? 0) > 0;
  const scored = byScore && (scores === "yes" || scores === "unknown");
  if (!scored && !hasOtherRule(rules)) return byScore && scores === "no-key" ? "no-key" : "no-rule";
  if (byScore && !scored) return scores === "no-key" ? "no-key" : "no-scores";
  return bookRule === false ? "no-box-rule" : undefined;
}

/** Rules that need no score. */
function hasOtherRule(rules: BlockRules): boolean {
  const {
    blockBooks = [],
    blockPatterns = [],
    namePatterns = [],
    countries,
    repeatCalls = 0,
    quietFrom = "",
    quietTo = "",
  } = rules;
  const lists = [blockBooks, blockPatterns, namePatterns, countries?.mode === "block" ? countries.list : []];
  const ticked = [rules.blockForeign, rules.blockAnonymous, rules.blockFake].some((one) => one === true);
  return ticked || lists.some(({ length }) => length > 0) || repeatCalls > 0 || (quietFrom !== "" && quietTo !== "");
}
