/** L1 domain: who gets through and who is blocked, and why. Pure and total: whatever comes, there is a decision. */
import type { BlockContext, BlockRules } from "../model/block-rules";
import type { CallerInfo } from "../model/caller-info";
import type { Decision } from "../model/decision";
import { inEnglish } from "./block-phrases";
import { pass, type Reason } from "./block-reason";
import { BLOCK_REASONS } from "./block-reasons";
import { propertiesOf } from "../model/properties";
import { readFacts } from "./caller-facts";
import { nothingAgainst, PASS_REASONS } from "./pass-reasons";

/**
 * Judges a caller. The first of these reasons counts; whatever fails lets the call through:
 * 1. through: allow book, allow pattern, internal, emergency and own numbers, important persons, contacts (of any book but
 *    the block books), and if nobody can tell whether it is a contact;
 * 2. blocked: block book, block pattern, number that cannot exist, score, foreign, anonymous, repeated short calls, quiet hours;
 * 3. through.
 *
 * `action` is "none"; who acts on the decision replaces it by what was done.
 */
export function decide(
  info: CallerInfo | undefined,
  rules: BlockRules | undefined,
  context: BlockContext = {},
): Decision {
  const known = propertiesOf(context) as BlockContext;
  const { verdict, because, say, values = {}, rule, book } = findReason(info, propertiesOf(rules), known);
  const explanation = (known.phrase ?? inEnglish)(say, values);
  const more = { ...(rule !== undefined && { rule }), ...(book !== undefined && { book }) };
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
