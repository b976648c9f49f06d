/** The dialog of `fritz-action`: services and actions of the box, what an action takes and gives, and a template of its arguments. */
import type { OfferedAction } from "../lib/telephony/any-action";
import type { ActionArgument } from "../lib/telephony/scpd";
import { field, fillDefaults, valueOf } from "./form";
import { type Offer, pick } from "./pick";
import type { EditorNode } from "./red";
import { ask, boxQuestion } from "./server";

interface FoundActions {
  actions: OfferedAction[];
}

/** For `oneditprepare`. */
export function prepare(node: EditorNode): void {
  fillDefaults(node);
  const stored = node["arguments"] ?? {};
  field("arguments-json").val(typeof stored === "string" ? stored : JSON.stringify(stored, null, 2));
  let known: OfferedAction[] = [];
  const chosen = () => known.find(({ name }) => name === valueOf("action"));
  const use = (found: FoundActions) => {
    known = found.actions;
    showAction(chosen(), node);
  };
  pick("#node-input-service", "services", ({ services }: { services: Offer[] }) => services);
  pick(
    "#node-input-action",
    "actions",
    (found: FoundActions) => {
      use(found);
      return known.map(({ name, writes }) => ({ value: name, text: name + (writes ? " ✎" : "") }));
    },
    () => ({ service: valueOf("service") }),
  );
  field("service").on("change", () => load(use));
  field("action").on("change autocompleteselect", () => {
    setTimeout(() => {
      showAction(chosen(), node);
      fillTemplate(chosen());
    }, 0);
  });
  showAction(undefined, node);
  load(use);
}

/** Asks the box for the actions of the service in the field. */
function load(use: (found: FoundActions) => void): void {
  const [question, service] = [boxQuestion(String(field("box").val() ?? "")), valueOf("service")];
  if (question && service !== "") void ask<FoundActions>("actions", { ...question, service }).then(use);
}

/** What the action takes and gives, below the fields. */
function showAction(action: OfferedAction | undefined, node: EditorNode): void {
  const tip = $("#fritz-action-arguments")
    .empty()
    .toggle(action !== undefined);
  if (!action) return;
  const none = node._("fritz-action.none");
  const line = (label: string, list: readonly ActionArgument[]) =>
    $("<div>")
      .text(`${label} ${list.map(describe).join(", ") || none}`)
      .appendTo(tip);
  line(node._("fritz-action.takes"), action.in);
  line(node._("fritz-action.gives"), action.out);
  if (!action.writes) return;
  $("<div>").text(node._("fritz-action.writes")).css("color", "var(--red-ui-text-color-error)").appendTo(tip);
}

function describe({ name, type, allowed, range }: ActionArgument): string {
  const limits = allowed?.join(" | ") ?? (range ? `${range.min} – ${range.max}` : "");
  return `${name.replace(/^New(?=.)/, "")} (${type}${limits === "" ? "" : `: ${limits}`})`;
}

/** Arguments with their defaults, if none are typed yet. */
function fillTemplate(action: OfferedAction | undefined): void {
  if (!action || !["", "{}"].includes(valueOf("arguments-json"))) return;
  const values = action.in.map((argument) => [argument.name.replace(/^New/, ""), firstValue(argument)] as const);
  field("arguments-json").val(JSON.stringify(Object.fromEntries(values), null, 2));
}

function firstValue(argument: ActionArgument): string | number | boolean {
  const first = argument.default || (argument.allowed?.[0] ?? "");
  if (argument.type === "boolean") return first === "1";
  return /^(ui|i)\d$/.test(argument.type) ? Number(first || (argument.range?.min ?? 0)) : first;
}

/** For `oneditsave`. Text that is no JSON is saved as it is: the editor marks it. */
export function save(node: EditorNode): void {
  const typed = valueOf("arguments-json");
  try {
    node["arguments"] = JSON.parse(typed === "" ? "{}" : typed) as unknown;
  } catch {
    node["arguments"] = typed;
  }
}
