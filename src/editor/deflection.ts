/** The dialog of `fritz-deflection`: the rows of the operation, and the box's rules as sentences. */
import { DEFLECTION_ROLES, type RuleWords, ruleSentence } from "../lib/telephony/deflection-words";
import { field, fillDefaults, saveNumbers, valueOf } from "./form";
import { type Offer, pick } from "./pick";
import { ask, boxQuestion } from "./server";
import type { EditorNode } from "./red";

type Rule = RuleWords & { name: string; enabled: boolean };

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  const showRows = () => void $(".fritz-set-row").toggle(valueOf("operation") === "set");
  field("operation").on("change", showRows);
  showRows();
  let offered: Offer[] = [];
  const showSentence = () => void $("#fritz-deflection-said").text(sentenceOf(valueOf("deflection"), offered));
  const toOffers = ({ deflections }: { deflections: Rule[] }) => {
    const roles = DEFLECTION_ROLES.map((role) => ({ value: role, text: node._(`fritz-deflection.role.${role}`) }));
    offered = [...roles, ...deflections.map((rule) => offerOf(rule, node))];
    showSentence();
    return offered;
  };
  pick("#node-input-deflection", "deflections", toOffers);
  field("deflection").on("change keyup blur", showSentence);
  const question = boxQuestion(valueOf("box"));
  if (question && valueOf("deflection") !== "")
    void ask<{ deflections: Rule[] }>("deflections", question).then(toOffers);
}

/** What the chosen rule does: its name alone ("fromAll NoSignal") says little. */
function sentenceOf(name: string, offered: readonly Offer[]): string {
  const found = offered.find((offer) => typeof offer !== "string" && offer.value === name);
  return typeof found === "object" ? found.text : "";
}

function offerOf(rule: Rule, node: EditorNode): Offer {
  const sentence = ruleSentence(rule, (key, values) => node._(`fritz-deflection.${key}`, values));
  return { value: rule.name, text: `${sentence} (${node._(`fritz-deflection.state.${rule.enabled ? "on" : "off"}`)})` };
}

/** For `oneditsave`. */
export function save(node: EditorNode): void {
  saveNumbers(node);
}
