/** Details of a source: hint, options, and a test. */
import type { EditorNode } from "./red";
import type { SourceEntry, SourceItem } from "./source-groups";
import { addOwnControls } from "./source-own";
import { addTrial } from "./source-try";

const HINTED = ["phonebook", "numbers", "names", "blocklist", "phoneblock", "phoneblock-number", "tellows", "searchch"];

/** Fills the details when they are first opened. */
export function fillBody(node: EditorNode, body: JQuery, item: SourceItem, number: number): void {
  const { entry, source } = item;
  const isOwn = entry.descriptor !== undefined;
  addHint(node, body, item, isOwn);
  const text = (name: string) => addText(node, body, entry, name, number);
  const tick = (name: string) => addTick(node, body, entry, name, number);
  if (entry.id === "names") addFile(node, body, entry, number);
  else if (entry.id === "blocklist") {
    addFile(node, body, entry, number);
    text("url");
    ["phoneblock", "allowPrivate"].forEach(tick);
  } else if (isOwn || (source && !source.local)) {
    tick("ifNeeded");
    if (entry.id === "phoneblock") tick("reportCalls");
    if (entry.id === "tellows") addSelect(node, body, entry, "format", ["json", "xml"], number);
    text("baseUrl");
    if (isOwn || source?.seen) text("userAgent"); // a page for browsers
    tick("allowPrivate");
    if (isOwn) addOwnControls(node, body, item);
    addTrial(node, body, entry, number);
  }
}

function addHint(node: EditorNode, body: JQuery, { entry, source }: SourceItem, isOwn: boolean): void {
  const textOf = (key: string, values = {}) => node._(`fritz-caller-info.hint.${key}`, values);
  const hint = $("<div>", { class: "fritz-source-hint" }).appendTo(body);
  if (isOwn) hint.text(textOf("own"));
  else if (HINTED.includes(entry.id)) hint.text(textOf(entry.id));
  else if (source) hint.text(textOf("page", { year: source.seen ?? "?" }));
  else hint.text(textOf("unknown-source"));
  const home = source?.home;
  if (home) hint.append(" ", $("<a>", { href: home, target: "_blank", rel: "noopener noreferrer" }).text(home));
}

function lineFor(
  node: EditorNode,
  body: JQuery,
  name: string,
  number: number,
): { line: JQuery; id: string; label: JQuery } {
  const id = `fritz-source-${number}-${name}`;
  const line = $("<div>", { class: "fritz-source-line" }).appendTo(body);
  const label = $("<label>", { for: id }).text(node._(`fritz-caller-info.option.${name}`));
  return { line, id, label };
}

/** Disabled options are not saved. */
function set(entry: SourceEntry, name: string, value: unknown): void {
  if (value === "" || value === false) delete entry[name];
  else entry[name] = value;
}

function addTick(node: EditorNode, body: JQuery, entry: SourceEntry, name: string, number: number): void {
  const { line, id, label } = lineFor(node, body, name, number);
  $("<input>", { type: "checkbox", id })
    .prop("checked", entry[name] === true)
    .on("change", function (this: HTMLInputElement) {
      set(entry, name, this.checked);
    })
    .appendTo(line);
  line.append(label);
}

function addText(node: EditorNode, body: JQuery, entry: SourceEntry, name: string, number: number): void {
  const { line, id, label } = lineFor(node, body, name, number);
  const given = entry[name];
  $("<input>", { type: "text", id })
    .val(typeof given === "string" ? given : "")
    .on("change", function (this: HTMLInputElement) {
      set(entry, name, this.value.trim());
    })
    .appendTo(line.append(label));
}

/** The file of a list, whose name may come from a context or the environment. */
function addFile(node: EditorNode, body: JQuery, entry: SourceEntry, number: number): void {
  const { line, id, label } = lineFor(node, body, "file", number);
  const [file, type] = [entry["file"], entry["fileType"]];
  const input = $("<input>", { type: "text", id })
    .val(typeof file === "string" ? file : "")
    .appendTo(line.append(label));
  input.typedInput({ default: "str", types: ["str", "flow", "global", "env"] });
  if (typeof type === "string") input.typedInput("type", type);
  input.typedInput("width", "60%");
  line.find(".red-ui-typedInput-input").attr("aria-label", label.text());
  input.on("change", () => {
    const chosen = input.typedInput("type");
    set(entry, "file", String(input.typedInput("value")).trim());
    set(entry, "fileType", chosen === "str" || entry["file"] === undefined ? "" : chosen);
  });
}

function addSelect(
  node: EditorNode,
  body: JQuery,
  entry: SourceEntry,
  name: string,
  values: readonly string[],
  number: number,
): void {
  const { line, id, label } = lineFor(node, body, name, number);
  const select = $("<select>", { id }).css({ width: "auto" }).appendTo(line.append(label));
  for (const value of values) $("<option>", { value }).text(value.toUpperCase()).appendTo(select);
  const given = entry[name];
  select.val(typeof given === "string" ? given : (values[0] ?? "")).on("change", function (this: HTMLElement) {
    const chosen = String($(this).val());
    set(entry, name, chosen === values[0] ? "" : chosen);
  });
}
