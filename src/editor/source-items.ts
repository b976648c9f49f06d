/** The rows of the list of sources. */
import type { Row, SourceItem } from "./source-groups";

export const listElement = (): JQuery => $("#node-input-providers-list");

/** The sources in the order of the rows, without headings. */
export function itemsOf(): SourceItem[] {
  const rows = listElement().editableList("items").toArray();
  return rows.map((row) => $(row).data("data") as Row).flatMap((row) => ("heading" in row ? [] : [row]));
}
