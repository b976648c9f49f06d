/** A user's own sources: descriptions in the editor's JSON window, import and export, and keys. */
import type { EditorNode } from "./red";
import { type SourceItem, itemsOf, listElement } from "./source-groups";

const SLOTS = [1, 2, 3, 4, 5];

/** Template of a new description. */
export const SKELETON = {
  id: "my-source",
  v: 1,
  label: "My source",
  kind: ["name"],
  countries: ["49"],
  request: { url: "https://example.org/?number={national}" },
  response: {
    type: "html",
    unknown: [404],
    fields: { name: { select: "h1" }, listedNumber: { select: ".phone" } },
    requireMatch: "exactOrTrunk",
  },
};

type Add = (item: SourceItem) => void;

/** Opens a description; `add` adds a new source to the list. */
export function editDescription(node: EditorNode, descriptor: unknown, add: Add, item?: SourceItem): void {
  RED.editor.editJSON({
    value: JSON.stringify(descriptor, null, 2),
    title: node._("fritz-caller-info.button.edit"),
    requireValid: true,
    complete: (text) => {
      try {
        put(node, JSON.parse(text), add, item);
      } catch {
        RED.notify(node._("fritz-caller-info.note.no-json"), "error");
      }
    },
  });
}

/** Imports the descriptions of a file. */
export function readFile(node: EditorNode, file: File | undefined, add: Add): void {
  if (!file) return;
  file.text().then(
    (text) => {
      try {
        const found = JSON.parse(text) as unknown;
        for (const descriptor of Array.isArray(found) ? (found as unknown[]) : [found]) put(node, descriptor, add);
      } catch {
        RED.notify(node._("fritz-caller-info.note.no-json"), "error");
      }
    },
    () => RED.notify(node._("fritz-caller-info.note.no-json"), "error"),
  );
}

/** Replaces the edited description, or the one with the same id. */
function put(node: EditorNode, descriptor: unknown, add: Add, item?: SourceItem): void {
  const { id } = (descriptor ?? {}) as { id?: unknown };
  if (typeof id !== "string" || id === "") return RED.notify(node._("fritz-caller-info.note.no-id"), "error");
  const same = itemsOf().find(({ entry }) => entry.id === id);
  if (same && same !== item && same.entry.descriptor === undefined) {
    return RED.notify(node._("fritz-caller-info.note.taken", { id }), "error");
  }
  const target = item ?? same;
  if (!target) return add({ entry: { id, enabled: true, descriptor } });
  target.entry.id = id;
  target.entry.descriptor = descriptor;
  target.redraw?.();
}

/** A button with a text. */
export function textButton(parent: JQuery, text: string, click: () => void): JQuery {
  const button = $("<button>", { type: "button", class: "red-ui-button red-ui-button-small" });
  return button.text(text).on("click", click).appendTo(parent);
}

/** Edit, export, remove, and the source's key. */
export function addOwnControls(node: EditorNode, body: JQuery, item: SourceItem): void {
  const { entry } = item;
  const textOf = (key: string) => node._(`fritz-caller-info.button.${key}`);
  const line = $("<div>").css({ margin: "6px 0" }).appendTo(body);
  textButton(line, textOf("edit"), () => editDescription(node, entry.descriptor, () => undefined, item));
  line.append(" ");
  textButton(line, textOf("export"), () => saveFile(entry.descriptor));
  line.append(" ");
  textButton(line, textOf("remove"), () => {
    if (entry.keySlot) $(`#node-input-customKey${entry.keySlot}`).val("").appendTo("#fritz-custom-keys");
    listElement().editableList("removeItem", item);
  });
  const slot = entry.keySlot ?? freeSlot();
  if (!slot) return;
  const keyLine = $("<div>", { class: "fritz-source-line" }).appendTo(body);
  $("<label>", { for: `node-input-customKey${slot}` })
    .text(node._("fritz-caller-info.label.customKey"))
    .appendTo(keyLine);
  const key = $(`#node-input-customKey${slot}`).appendTo(keyLine);
  key.on("change", () => {
    if (key.val() === "") delete entry.keySlot;
    else entry.keySlot = slot;
  });
  item.shownSlot = slot;
}

function freeSlot(): number | undefined {
  const taken = itemsOf().map(({ entry, shownSlot }) => entry.keySlot ?? shownSlot);
  return SLOTS.find((slot) => !taken.includes(slot));
}

function saveFile(descriptor: unknown): void {
  const { id } = descriptor as { id: string };
  const blob = new Blob([JSON.stringify(descriptor, null, 2)], { type: "application/json" });
  const address = URL.createObjectURL(blob);
  $("<a>", { href: address, download: `${id}.json` })[0]?.click();
  URL.revokeObjectURL(address);
}
