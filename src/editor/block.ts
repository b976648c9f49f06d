/** The dialog of `fritz-block`: presets, summary, and only the relevant rows. */
import { isBox, takeOnlyBox } from "./box";
import { type Amount, isOn, PRESETS, type PresetName, presetOf, type BlockForm, sentences } from "./block-summary";
import { prepareJournal } from "./block-journal";
import { Readiness } from "./block-readiness";
import { scoresBefore } from "./block-flow";
import { field, fillDefaults, isTicked, saveNumbers, tabs, valueOf } from "./form";
import { bookNames, pick } from "./pick";
import { textList, textsOf } from "./text-list";
import { isPlace, shownPlace, typed } from "./typed";
import { quietTime as isQuietTime } from "./validators";
import type { EditorNode } from "./red";

const BOOKS = ["allowBooks", "blockBooks"];
const LISTS = [...BOOKS, "allowPatterns", "blockPatterns", "namePatterns", "numbers"];
/** Fields whose value may come from elsewhere. */
const NUMBERS = ["minScore", "minReports", "repeatCalls", "repeatMinutes"];
const TIMES = ["quietFrom", "quietTo"];
/** Placeholder of the lists that hold something else than patterns of numbers. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { namePatterns: "name", numbers: "number" };

interface Countries {
  mode?: string;
  list?: string[];
}

/** Defaults of a new node; only the dry run has to be switched off. For `onadd`. */
export function onAdd(node: EditorNode): void {
  takeOnlyBox(node);
  const isFresh = Object.entries(node._def.defaults).every(
    ([property, { value }]) => property === "box" || JSON.stringify(node[property]) === JSON.stringify(value),
  );
  if (!isFresh) return;
  Object.assign(node, PRESETS.recommended, { action: "barring" });
  fresh.add(node.id);
}

/** Nodes that were added and not yet edited: their target is what the box can do best. */
const fresh = new Set<string>();

/** A box before FRITZ!OS 7.20: a phonebook and its rule block there. */
function useBook(node: EditorNode): void {
  if (fresh.has(node.id) && valueOf("action") === "barring") field("action").val("phonebook").trigger("change");
}

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  const openJournal = prepareJournal(node);
  tabs(
    "fritz-block-tabs",
    [
      { id: "rules", label: node._("fritz-block.tab.rules"), icon: "fa-list-ul" },
      { id: "action", label: node._("fritz-block.tab.action"), icon: "fa-gavel" },
      { id: "limits", label: node._("fritz-block.tab.limits"), icon: "fa-sliders" },
      { id: "journal", label: node._("fritz-block.tab.journal"), icon: "fa-history" },
    ],
    (tab) => tab === "journal" && openJournal(),
  );
  $("#fritz-block-tabs").data("node", node.id);
  const readiness = new Readiness(node, () => useBook(node));
  const update = () => {
    show(node);
    readiness.update(formOf(node));
  };
  for (const property of NUMBERS) typed(node, property, "num", node._(`fritz-block.label.${property}`));
  for (const property of TIMES) typed(node, property, "str", node._(`fritz-block.label.${property}`));
  for (const property of ["targetBook", "learnBook"]) pick(`#node-input-${property}`, "books", bookNames);
  for (const property of LISTS) addList(node, property, update);
  showCountries(node);
  // Before the form is looked at, which names the preset by its rules.
  field("preset").on("input change", () => usePreset(valueOf("preset")));
  $("#fritz-block-arm").on("click", arm);
  $("#dialog-form").on("change input", update);
  update();
}

/** Ends the dry run and closes the dialog as Done does; only the deploy is left. */
function arm(): void {
  field("dryRun").prop("checked", false).trigger("change");
  $("#node-dialog-ok").trigger("click");
}

function addList(node: EditorNode, property: string, changed: () => void): void {
  const isBooks = BOOKS.includes(property);
  textList(property, (node[property] as string[] | undefined) ?? [], {
    label: node._(`fritz-block.label.${property}`),
    placeholder: node._(`fritz-block.placeholder.${isBooks ? "book" : (PLACEHOLDERS[property] ?? "pattern")}`),
    add: node._("fritz-block.list.add"),
    height: 74,
    ...(isBooks && { prepare: (input: JQuery) => pick(input, "books", bookNames) }),
    changed,
  });
}

function showCountries(node: EditorNode): void {
  const { mode, list = [] } = (node["countries"] as Countries | undefined) ?? {};
  const isSome = list.length > 0;
  const isOff = node["blockForeign"] !== true && !(isSome && mode !== "allow");
  field("blockForeign-mode").val(isOff ? "pass" : isSome ? (mode === "allow" ? "but" : "only") : "all");
  field("countries-list").val(list.join(", "));
}

function usePreset(name: string): void {
  const rules = PRESETS[name as PresetName] as Record<string, number | boolean> | undefined;
  for (const [rule, value] of Object.entries(rules ?? {})) {
    if (typeof value === "boolean") field(rule).prop("checked", value);
    else {
      field(rule).typedInput("type", "num");
      field(rule).typedInput("value", String(value));
    }
  }
}

/** The number in a field; where it comes from if it is not written there. */
const amount = (property: string): Amount => shownPlace(property) ?? (Number(valueOf(property)) || 0);

function formOf(node: EditorNode): BlockForm {
  const [from = "", to = ""] = TIMES.map((property) => shownPlace(property) ?? valueOf(property));
  const [score = 0, reports = 0, calls = 0, minutes = 0] = NUMBERS.map(amount);
  return {
    ...{ hasBox: isBox(valueOf("box")), scores: scoresBefore(node, (one) => RED.nodes.getAllUpstreamNodes(one)) },
    ...{ score, reports, calls, minutes },
    ...{ books: textsOf("blockBooks"), patterns: textsOf("blockPatterns") },
    ...{ names: textsOf("namePatterns"), numbers: textsOf("numbers"), days: valueOf("quietDays") },
    foreign: valueOf("blockForeign-mode") as BlockForm["foreign"],
    countries: valueOf("countries-list"),
    ...{ blockAnonymous: isTicked("blockAnonymous"), blockFake: isTicked("blockFake") },
    ...{ seconds: Number(valueOf("repeatSeconds")) || 0, from, to, vipOnly: isTicked("quietVipOnly") },
    ...{ action: valueOf("action"), book: valueOf("targetBook"), dryRun: isTicked("dryRun") },
  };
}

function show(node: EditorNode): void {
  const form = formOf(node);
  const list = $("#fritz-block-sentences").empty();
  for (const { key, values } of sentences(form)) {
    $("<li>")
      .text(node._(`fritz-block.say.${key}`, values))
      .attr("data-say", key)
      .appendTo(list);
  }
  const { blockFake, blockAnonymous } = form;
  const { score: minScore, reports: minReports, calls: repeatCalls } = form;
  field("preset").val(presetOf({ minScore, minReports, repeatCalls, blockFake, blockAnonymous }));
  $("#fritz-block-countries").toggle(form.foreign === "only" || form.foreign === "but");
  $("#fritz-block-reports").toggle(isOn(form.score));
  $(".fritz-block-repeat").toggle(isOn(form.calls));
  $(".fritz-block-quiet").toggle(form.from !== "" || form.to !== "");
  $("#fritz-block-arm").toggle(form.dryRun && form.action !== "decide");
  $(".fritz-block-book").toggle(form.action === "phonebook");
  $(".fritz-block-rate").toggle(isTicked("rate"));
  $(".fritz-block-write").toggle(form.action !== "decide");
}

/** For `oneditsave`. */
export function save(node: EditorNode): void {
  fresh.delete(node.id);
  for (const property of LISTS) node[property] = textsOf(property);
  const mode = valueOf("blockForeign-mode");
  const codes = valueOf("countries-list").toUpperCase();
  const list = mode === "only" || mode === "but" ? codes.split(/[\s,;]+/).filter((code) => code !== "") : [];
  node["blockForeign"] = mode !== "pass";
  node["countries"] = { mode: mode === "but" ? "allow" : "block", list };
  saveNumbers(node);
}

/** Another property of the node: from its dialog if that is open, else as saved. For validators. */
export function beside(node: EditorNode, property: string): unknown {
  const shown = $("#fritz-block-tabs").length > 0 && $("#fritz-block-tabs").data("node") === node.id;
  return shown ? field(property).val() : node[property];
}

/** Begin or end of quiet hours: both or none, each a time or a place to take one from. For validators. */
export function quietTime(node: EditorNode, property: string, value: unknown): boolean {
  if (isPlace(node, property)) return typeof value === "string" && value.trim() !== "";
  const other = property === "quietFrom" ? "quietTo" : "quietFrom";
  return isQuietTime(value, isPlace(node, other) ? "00:00" : beside(node, other));
}

/** What the node does, for its label. */
export function label(node: EditorNode): string {
  const does = node["dryRun"] === false ? (typeof node["action"] === "string" ? node["action"] : "decide") : "dry-run";
  return node._(`fritz-block.node.${does}`);
}
