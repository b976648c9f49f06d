/** Describes a rule in one sentence, in the server's language. */
import { type RuleWords, ruleSentence } from "../../lib/telephony/deflection-words";
import type { Runtime } from "../shared/red";

/** "Calls from 0900* are rejected." */
export function ruleText(RED: Runtime, rule: RuleWords): string {
  return ruleSentence(rule, (key, values) => RED._(`fritz-deflection.${key}`, values));
}
