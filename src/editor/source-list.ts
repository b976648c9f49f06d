/** The list of sources: groups with headings, one row for each source. */
import { folded } from "./form";
import type { EditorNode } from "./red";
import {
  arrange,
  KEYS,
  type OfferedSource,
  type Row,
  sendsOf,
  type SourceEntry,
  type SourceItem,
  listElement,
} from "./source-groups";
import { fillBody } from "./source-options";

const ICONS = { nothing: "fa-lock", "hash-prefix": "fa-user-secret", number: "fa-share-square-o" } as const;
const NAMED_HERE = ["phonebook", "numbers", "names", "blocklist"];
const NUMBER_GROUP = "number";
let serial = 0;

/** Creates the empty list. */
export function makeList(node: EditorNode): void {
  listElement().editableList({
    addButton: false,
    removable: false, // a source of the package is only disabled
    sortable: ".fritz-source-grip",
    height: 380,
    scrollOnAdd: false,
    addItem: (container: JQuery, _index: number, data: object) => {
      const row = data as Row;
      if ("heading" in row) addHeading(node, container, row.heading);
      else addRow(node, container, row);
    },
  } as JQueryUI);
}

/** Missing in the types of Node-RED's widget. */
type JQueryUI = Parameters<JQuery["editableList"]>[0] & object;

/** Fills the list, scrolled to its top; sources that send the number are folded unless one is enabled. */
export function fillList(node: EditorNode, offered: readonly OfferedSource[]): void {
  const saved = node["providers"] ?? node._def.defaults["providers"]?.value;
  const entries = Array.isArray(saved) ? (saved as SourceEntry[]) : [];
  for (const row of arrange(structuredClone(entries), offered)) listElement().editableList("addItem", row);
  const heading = listElement().find(`.fritz-source-heading[data-group="${NUMBER_GROUP}"]`);
  const folding = heading.closest("li").nextAll("li");
  const inUse = folding.find('.fritz-source-head input[type="checkbox"]:checked').length > 0;
  if (heading.length > 0) folded(heading, folding, inUse);
  listElement().parent().scrollTop(0);
}

/** Adds a user's own source. */
export function addSource(item: SourceItem): void {
  listElement().editableList("addItem", item);
}

function addHeading(node: EditorNode, container: JQuery, group: string): void {
  const isFolding = group === NUMBER_GROUP;
  $("<div>", { class: "fritz-source-heading", "data-group": group })
    .append(isFolding ? $("<i>", { class: "fa fa-caret-right", "aria-hidden": "true" }) : "", " ")
    .append($("<b>").text(node._(`fritz-caller-info.group.${group}`)))
    .appendTo(container);
}

function addRow(node: EditorNode, container: JQuery, item: SourceItem): void {
  const { entry } = item;
  const number = ++serial;
  const head = $("<div>", { class: "fritz-source-head" }).attr("data-source", entry.id).appendTo(container);
  const key = $("<div>", { class: "fritz-source-key" }).appendTo(container);
  const body = $("<div>", { class: "fritz-source-body", id: `fritz-source-body-${number}` }).hide();
  $("<i>", { class: "fa fa-bars fritz-source-grip", "aria-hidden": "true" }).css({ cursor: "move" }).appendTo(head);
  $("<input>", { type: "checkbox", id: `fritz-source-${number}` })
    .prop("checked", entry.enabled !== false)
    .on("change", function (this: HTMLInputElement) {
      entry.enabled = this.checked;
      key.toggle(this.checked);
    })
    .appendTo(head);
  $("<label>", { class: "fritz-source-name", for: `fritz-source-${number}` })
    .text(nameOf(node, item))
    .appendTo(head);
  addSends(node, head, item);
  addButtons(node, head, body, item, number);
  $("<span>", { class: "fritz-source-health" }).appendTo(head);
  addKey(node, key, entry);
  container.append(body);
  item.redraw = () => {
    head.attr("data-source", entry.id).find(".fritz-source-name").text(nameOf(node, item));
  };
}

function addSends(node: EditorNode, head: JQuery, item: SourceItem): void {
  const sends = sendsOf(item);
  $("<span>", { class: `fritz-source-sends fritz-source-sends-${sends}` })
    .append($("<i>", { class: `fa ${ICONS[sends]}`, "aria-hidden": "true" }), " ")
    .append($("<span>").text(node._(`fritz-caller-info.sends.${sends}`)))
    .appendTo(head);
}

function addButtons(node: EditorNode, head: JQuery, body: JQuery, item: SourceItem, number: number): void {
  const place = $("<span>", { class: "fritz-source-buttons" }).appendTo(head);
  const textOf = (key: string) => node._(`fritz-caller-info.button.${key}`);
  const up = iconButton(place, "fa-arrow-up", textOf("up"), () => move(up, -1));
  const down = iconButton(place, "fa-arrow-down", textOf("down"), () => move(down, 1));
  const details = iconButton(place, "fa-cog", textOf("details"), () => {
    if (body.is(":empty")) fillBody(node, body, item, number);
    body.toggle();
    details.attr("aria-expanded", String(body.is(":visible")));
  });
  details.addClass("fritz-source-details");
  details.attr({ "aria-expanded": "false", "aria-controls": `fritz-source-body-${number}` });
}

/** The key of a source in its row; with instructions for PhoneBlock's. */
function addKey(node: EditorNode, place: JQuery, { id, enabled }: SourceEntry): void {
  const name = KEYS[id];
  if (name === undefined) return;
  const line = $("<div>", { class: "fritz-source-line" }).appendTo(place);
  $("<label>", { for: `node-input-${name}` })
    .text(node._("fritz-caller-info.label.key"))
    .appendTo(line);
  $(`#node-input-${name}`).appendTo(line);
  if (id === "phoneblock") {
    const steps = $("<ol>", { class: "fritz-source-hint" }).appendTo(place);
    const address = "https://phoneblock.net/phoneblock/settings";
    const link = $("<a>", { href: address, target: "_blank", rel: "noopener noreferrer" }).text("phoneblock.net");
    $("<li>").text(node._("fritz-caller-info.steps.open")).append(" ", link).appendTo(steps);
    for (const step of ["token", "paste"])
      $("<li>")
        .text(node._(`fritz-caller-info.steps.${step}`))
        .appendTo(steps);
  }
  place.toggle(enabled !== false);
}

function nameOf(node: EditorNode, { entry, source }: SourceItem): string {
  if (NAMED_HERE.includes(entry.id)) return node._(`fritz-caller-info.source.${entry.id}`);
  const { label = source?.label ?? entry.id } = (entry.descriptor ?? {}) as { label?: string };
  return label;
}

/** A button with an icon and a tooltip. */
function iconButton(parent: JQuery, icon: string, title: string, click: () => void): JQuery {
  return $("<button>", { type: "button", class: "red-ui-button red-ui-button-small", title })
    .attr("aria-label", title)
    .append($("<i>", { class: `fa ${icon}`, "aria-hidden": "true" }))
    .on("click", click)
    .appendTo(parent);
}

/** Moves a row up or down by keyboard; the button keeps the focus. */
function move(button: JQuery, by: 1 | -1): void {
  const row = button.closest("li");
  if (by < 0) row.insertBefore(row.prev());
  else row.insertAfter(row.next());
  button.trigger("focus");
}
