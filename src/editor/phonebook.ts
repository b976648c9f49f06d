/**
 * The dialog of `fritz-phonebook`: only the rows of the selected operation, and what its message contains.
 */
import { field, fillDefaults, saveNumbers, valueOf } from "./form";
import { bookNames } from "./pick";
import type { EditorNode } from "./red";
import { typed } from "./typed";

const WITHOUT_BOOK = ["books", "barring", "calls"];
const WITH_DRY_RUN = ["add", "update", "remove", "import", "barring", "createBook", "deleteBook"];
/** Operations that add contacts to a phonebook. */
const WITH_LIMIT = ["add", "import"];

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  field("operation").on("change", () => showRows(node));
  showRows(node);
  typed(node, "book", "str", node._("fritz-phonebook.label.book"), { route: "books", toValues: bookNames });
  typed(node, "limit", "num", node._("fritz-phonebook.label.limit"));
}

function showRows(node: EditorNode): void {
  const operation = valueOf("operation");
  $(".fritz-book-row").toggle(!WITHOUT_BOOK.includes(operation));
  $(".fritz-format-row").toggle(operation === "export");
  $(".fritz-kind-row").toggle(operation === "calls");
  $(".fritz-internal-row").toggle(operation === "contacts");
  $(".fritz-limit-row").toggle(WITH_LIMIT.includes(operation));
  $(".fritz-dry-run-row").toggle(WITH_DRY_RUN.includes(operation));
  $("#fritz-operation-hint").text(node._(`fritz-phonebook.hint.${operation}`));
}

/** For `oneditsave`. */
export function save(node: EditorNode): void {
  saveNumbers(node);
}
