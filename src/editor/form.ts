/** Helpers for the fields of dialogs. */
import type { EditorNode } from "./red";

/** A field of the dialog. */
export const field = (property: string): JQuery => $(`#node-input-${property}`);

/** The value of a field, trimmed. */
export const valueOf = (property: string): string => String(field(property).val() ?? "").trim();

export const isTicked = (property: string): boolean => field(property).prop("checked") === true;

/** Properties missing in a flow of an older version get their default before the dialog shows them. */
export function fillDefaults(node: EditorNode, prefix = "node-input-"): void {
  for (const [property, { value }] of Object.entries(node._def.defaults)) {
    if (node[property] !== undefined || typeof value === "object") continue;
    const input = $(`#${prefix}${property}`);
    if (input.is(":checkbox")) input.prop("checked", value === true);
    else if (typeof value === "string" || typeof value === "number") input.val(value);
  }
}

/**
 * Saves the fields whose default is a number as numbers, if they hold digits; anything else, like `${NAME}`, stays text.
 * For `oneditsave`.
 */
export function saveNumbers(node: EditorNode, prefix = "node-input-"): void {
  for (const [property, { value }] of Object.entries(node._def.defaults)) {
    if (typeof value !== "number") continue;
    const written = String($(`#${prefix}${property}`).val() ?? "").trim();
    if (/^\d+$/.test(written)) node[property] = Number(written);
  }
}

/** Tabs over the elements of the class `fritz-tab` whose `data-tab` is the tab's id. `id`: of the empty `<ul>`. */
export function tabs(
  id: string,
  entries: readonly { id: string; label: string; icon: string }[],
  opened: (id: string) => void = () => undefined,
): void {
  const bar = RED.tabs.create({
    id,
    onchange: (tab) => {
      $("#dialog-form .fritz-tab").hide();
      $(`#dialog-form .fritz-tab[data-tab="${tab.id}"]`).show();
      opened(tab.id);
    },
  });
  for (const entry of entries) bar.addTab({ id: entry.id, label: entry.label, iconClass: `fa ${entry.icon}` });
  const [first] = entries;
  if (first) bar.activateTab(first.id);
}

/** A section that opens and closes on its heading, by a click or the keyboard. */
export function folded(heading: JQuery, details: JQuery, isOpen = false): void {
  const show = (open: boolean) => {
    details.toggle(open);
    heading.attr("aria-expanded", String(open));
    heading.find("i.fa").toggleClass("fa-caret-down", open).toggleClass("fa-caret-right", !open);
  };
  const toggle = () => show(heading.attr("aria-expanded") !== "true");
  heading
    .attr({ role: "button", tabindex: 0 })
    .css({ cursor: "pointer" })
    .on("click", toggle)
    .on("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle();
    });
  show(isOpen);
}

/** The last part of a path, for a node's label. */
export const baseName = (path = ""): string => path.split(/[\\/]/).pop() ?? "";
