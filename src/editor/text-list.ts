/** An editable list of texts, one row each. */

/** About five rows, pixels. */
const MOST_HEIGHT = 230;

export interface TextListOptions {
  label: string;
  placeholder: string;
  add: string;
  /** Of an empty list, pixels. */
  height: number;
  /** Called with a row's field, e.g. to add a pick list. */
  prepare?: (input: JQuery) => void;
  changed?: () => void;
}

/** Creates the list of `#node-input-<property>-list`; a row added by a click gets the focus. */
export function textList(property: string, texts: readonly string[], options: TextListOptions): void {
  const list = $(`#node-input-${property}-list`);
  list.editableList({
    removable: true,
    sortable: false,
    addButton: options.add,
    height: "auto",
    addItem: (container, _index, item) => {
      const { text = "" } = item as { text?: string };
      const input = $("<input>", { type: "text", placeholder: options.placeholder })
        .css({ width: "100%" })
        .attr("aria-label", options.label)
        .val(text)
        .appendTo(container);
      options.prepare?.(input);
      if (text === "") setTimeout(() => input.trigger("focus"), 0); // scrolls to the row first
    },
    removeItem: () => options.changed?.(),
  });
  // As high as its rows, so that none is hidden before there are many.
  list.parent().css({ minHeight: options.height, maxHeight: MOST_HEIGHT, overflowY: "auto" });
  for (const text of texts) list.editableList("addItem", { text });
  list.parent().scrollTop(0);
}

/** The texts of the rows, without empty ones. */
export function textsOf(property: string): string[] {
  return $(`#node-input-${property}-list`)
    .find("input")
    .toArray()
    .map((input) => String($(input).val()).trim())
    .filter((text) => text !== "");
}
