/** The dialog of `fritz-answering-machine`: the rows of the operation, and the box's machines. */
import { field, fillDefaults, valueOf } from "./form";
import { pick } from "./pick";
import type { EditorNode } from "./red";

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  field("operation").on("change", showRows);
  showRows();
  pick("#node-input-machine", "machines", ({ machines }: { machines: { index: number; name: string }[] }) =>
    machines.map(({ index, name }) => ({ value: String(index), text: `${index} ${name}` })),
  );
}

function showRows(): void {
  const operation = valueOf("operation");
  $(".fritz-machine-row").toggle(operation !== "machines");
  $(".fritz-new-row").toggle(operation === "new");
  $(".fritz-set-row").toggle(operation === "set");
}
