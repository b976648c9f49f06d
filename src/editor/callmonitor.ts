/** The dialog of `fritz-callmonitor`: events, own numbers, and a test call. */
import { EVENT_NAMES } from "../lib/calls/types";
import { fillDefaults, saveNumbers } from "./form";
import { pick } from "./pick";
import { ask, failureText } from "./server";
import { textList, textsOf } from "./text-list";
import type { EditorNode } from "./red";

const EVENTS = [...EVENT_NAMES, "state"] as const;

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  addEventBoxes(node);
  textList("numbers", Array.isArray(node["numbers"]) ? node["numbers"].map(String) : [], {
    label: node._("fritz-callmonitor.label.numbers"),
    placeholder: "07191 732123",
    add: node._("fritz-callmonitor.list.add"),
    height: 130,
    prepare: (input) => pick<{ numbers: string[] }>(input, "numbers", ({ numbers }) => numbers),
  });
  $("#fritz-play").on("click", () => play(node));
}

function addEventBoxes(node: EditorNode): void {
  // As at run time: a flow written by hand may have no events.
  const saved = [node["events"], node._def.defaults["events"]?.value].find(Array.isArray);
  const known: unknown[] = saved ?? [];
  for (const event of EVENTS) {
    const id = `node-input-event-${event}`;
    const row = $("<div>").appendTo("#node-input-events-boxes");
    $("<input>", { type: "checkbox", id })
      .css({ width: "auto", margin: "0 6px 2px 0" })
      .prop("checked", known.includes(event))
      .appendTo(row);
    $("<label>", { for: id })
      .css({ width: "auto", margin: 0 })
      .text(node._(`fritz-callmonitor.event.${event}`))
      .appendTo(row);
  }
}

function play(node: EditorNode): void {
  const call = { id: node.id, number: $("#fritz-play-number").val(), outcome: $("#fritz-play-outcome").val() };
  const showSentence = (sentence: string) => void $("#fritz-play-said").text(sentence);
  ask("play", call).then(
    () => showSentence(node._("fritz-callmonitor.play.played")),
    (xhr: JQuery.jqXHR) => showSentence(failureText(xhr)),
  );
}

/** For `oneditsave`. */
export function save(node: EditorNode): void {
  node["events"] = EVENTS.filter((event) => $(`#node-input-event-${event}`).prop("checked"));
  node["numbers"] = textsOf("numbers");
  saveNumbers(node);
}
