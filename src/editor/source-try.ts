/** Tests a source as configured in the dialog: with a request, or a user's own one with a given page. */
import { defined } from "../lib/core/defined";
import type { EditorNode } from "./red";
import { ask, failureText } from "./server";
import type { SourceEntry } from "./source-groups";
import { textButton } from "./source-own";

const SECRETS = [
  ...["phoneblockToken", "tellowsKey", "searchchKey"],
  ...[1, 2, 3, 4, 5].map((slot) => `customKey${slot}`),
];
/** A number reserved for radio and television, without subscriber. */
const TEST_NUMBER = "030 23125042";

interface Answer {
  says: string;
  finding?: object;
  entries?: unknown;
}

/** The fields and buttons of the test. */
export function addTrial(node: EditorNode, body: JQuery, entry: SourceEntry, number: number): void {
  const textOf = (key: string) => node._(`fritz-caller-info.try.${key}`);
  const ids = { number: `fritz-try-number-${number}`, page: `fritz-try-page-${number}` };
  $("<h5>").text(textOf("heading")).appendTo(body);
  const line = $("<div>", { class: "fritz-source-line" }).appendTo(body);
  $("<label>", { for: ids.number }).text(textOf("number")).appendTo(line);
  const field = $("<input>", { type: "text", id: ids.number, class: "fritz-try-number" })
    .css({ width: "160px" })
    .val(TEST_NUMBER)
    .appendTo(line);
  const result = $("<pre>", { class: "fritz-source-result", "aria-live": "polite" }).hide();
  const run = (page?: string) => {
    const question = { id: node.id, entry, number: String(field.val()), credentials: typedSecrets() };
    result.show().text(textOf("running"));
    ask<Answer>("try-source", page === undefined ? question : { ...question, page }).then(
      (answer) => void result.text(resultText(textOf, answer)),
      (xhr: JQuery.jqXHR) => void result.text(failureText(xhr)),
    );
  };
  textButton(line, textOf("ask"), () => run()).addClass("fritz-try-ask");
  if (entry.descriptor !== undefined) {
    const pageLine = $("<div>", { class: "fritz-source-line" }).appendTo(body);
    $("<label>", { for: ids.page }).text(textOf("page")).appendTo(pageLine);
    const page = $("<textarea>", { id: ids.page, rows: 4, spellcheck: "false", class: "fritz-try-page" });
    page.appendTo(pageLine);
    textButton(pageLine, textOf("read"), () => run(String(page.val()))).addClass("fritz-try-read");
  }
  body.append(result);
}

function resultText(textOf: (key: string) => string, { says, finding, entries }: Answer): string {
  const details = { ...finding, ...defined({ entries }) };
  const verdict = textOf(`says.${says}`);
  return Object.keys(details).length === 0 ? verdict : `${verdict}\n${JSON.stringify(details, null, 2)}`;
}

/** The current values of the fields; a stored secret is represented by a placeholder. */
function typedSecrets(): Record<string, string> {
  const typed = SECRETS.map((name): [string, string] => [name, String($(`#node-input-${name}`).val() ?? "")]);
  return Object.fromEntries(typed.filter(([, value]) => value !== ""));
}
