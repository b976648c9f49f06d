/** The decision about a caller, with its reason. Pure and total: every input gives a decision. */
import { defined } from "../core/defined";
import type { BlockContext, BlockRules, Decision } from "./types";
import type { CallerInfo } from "../callers/types";
import { inEnglish } from "./block-phrases";
import { pass, type Reason } from "./rules";
import { BLOCK_REASONS } from "./rules";
import { propertiesOf } from "../core/unknown";
import { readFacts } from "./facts";
import { nothingAgainst, PASS_REASONS } from "./pass-rules";

/**
 * Decides about a caller. The first matching reason counts; any failure allows the call:
 * 1. allowed: allow book, allow pattern, internal, emergency and own numbers, important persons, contacts (of any
 *    book but the block books), and callers of whom it is not known whether they are a contact;
 * 2. blocked: block book, block pattern, number that cannot exist, score, foreign, anonymous, repeated short calls,
 *    quiet hours;
 * 3. allowed.
 *
 * `action` is "none"; the code that executes the decision replaces it by the result.
 */
export function decide(
  info: CallerInfo | undefined,
  rules: BlockRules | undefined,
  context: BlockContext = {},
): Decision {
  const known = propertiesOf(context) as BlockContext;
  const { verdict, because, sentence, values = {}, rule, book } = findReason(info, propertiesOf(rules), known);
  const explanation = (known.phrase ?? inEnglish)(sentence, values);
  const more = { ...defined({ rule, book }) };
  return { verdict, because, explanation, ...more, action: "none" };
}

function findReason(info: CallerInfo | undefined, rules: BlockRules, context: BlockContext): Reason {
  const facts = readFacts(info, context);
  if (!facts) return pass("lookup-failed", "no-caller");
  for (const judge of [...PASS_REASONS, ...BLOCK_REASONS]) {
    const reason = judge(facts, rules, context);
    if (reason) return reason;
  }
  return nothingAgainst(facts);
}
