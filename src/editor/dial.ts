/** The dialog of `fritz-dial`: the rows of the operation, the box's telephones, and the allowed numbers. */
import { textsOf } from "../lib/core/unknown";
import { isMachine } from "../lib/telephony/phone-codes";
import { field, fillDefaults, saveNumbers, valueOf } from "./form";
import { type Offer, pick } from "./pick";
import type { EditorNode } from "./red";

interface NamedPhone {
  code?: string;
  extension: number;
  name: string;
}

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  field("allowed-list").val(textsOf(node["allowed"]).join("\n"));
  field("operation").on("change", showRows);
  showRows();
  const isRing = () => valueOf("operation") === "ring";
  pick(
    "#node-input-phone",
    "phones",
    ({ phones, names }: { phones: Offer[]; names: NamedPhone[] }) => (isRing() ? codesOf(names, node) : phones),
    () => ({ ring: isRing() }),
  );
}

function showRows(): void {
  const operation = valueOf("operation");
  $(".fritz-call-row").toggle(operation !== "hangup");
  $(".fritz-dial-row").toggle(operation === "dial" || (operation === "ring" && valueOf("number") !== ""));
  $(".fritz-ring-row").toggle(operation === "ring");
}

/** Answering machines do not ring. */
function codesOf(names: NamedPhone[], node: EditorNode): Offer[] {
  const phones = names.flatMap(({ code, extension, name }) =>
    code !== undefined && code !== "" && !isMachine(extension) ? [{ value: code, text: `${code} ${name}` }] : [],
  );
  return [{ value: "**9", text: `**9 ${node._("fritz-dial.all")}` }, ...phones];
}

/** For `oneditsave`. */
export function save(node: EditorNode): void {
  saveNumbers(node);
  const lines = valueOf("allowed-list").split("\n");
  node["allowed"] = lines.map((line) => line.trim()).filter((line) => line !== "");
}
