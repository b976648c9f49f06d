/** Fields whose value may come from the message, a context or the environment, with Node-RED's own widget. */
import { field, valueOf } from "./form";
import { offers, type Offer } from "./pick";
import type { EditorNode } from "./red";
import { wholeNumber } from "./validators";

const PLACES = ["msg", "flow", "global", "env"] as const;
const ICONS = { str: "red/images/typedInput/az.svg", num: "red/images/typedInput/09.svg" } as const;

/** The hidden field with the type of a property. */
const typeField = (property: string): JQuery => field(`${property}Type`);

/** The box's values as suggestions: the route, and how its answer is read. */
export interface Suggestions<T> {
  route: string;
  toValues: (found: T) => Offer[];
}

/** Turns the field of a property into one with types. `label`: its accessible name. */
export function typed<T>(
  node: EditorNode,
  property: string,
  own: "str" | "num",
  label: string,
  suggestions?: Suggestions<T>,
): void {
  const input = field(property);
  const found = suggestions && offers(suggestions.route, suggestions.toValues);
  const ownType = { value: own, label: RED._(`common.type.${own === "str" ? "string" : "number"}`), icon: ICONS[own] };
  const text = found ? { ...ownType, autoComplete: found.search } : own;
  if (typeField(property).val() === "") typeField(property).val(own); // flows of older versions
  input.typedInput({ default: own, typeField: typeField(property), types: [text, ...PLACES] });
  typeField(property).data("node", node.id);
  const shown = input.parent().find(".red-ui-typedInput-input");
  shown.attr("aria-label", label);
  // The widget takes over what is written when the field is left: a summary that changes then moves what is being clicked.
  shown.on("input", () => void input.val(String(input.typedInput("value"))));
  shown.on("click", () => {
    if (input.typedInput("type") !== own || !found) return;
    found.showAll();
    shown.trigger("keyup");
  });
}

/** The type of a property: from its dialog if that is open, else as saved. */
function typeOf(node: EditorNode, property: string): unknown {
  const shown = typeField(property);
  return shown.data("node") === node.id ? shown.val() : node[`${property}Type`];
}

/** Whether the property's value comes from elsewhere. */
export const isPlace = (node: EditorNode, property: string): boolean =>
  PLACES.some((place) => place === typeOf(node, property));

/** Where the value of a field in the open dialog comes from, as "flow.name" or "${NAME}"; undefined: it is the value itself. */
export function shownPlace(property: string): string | undefined {
  const [type, name] = [String(typeField(property).val() ?? ""), valueOf(property)];
  if (!PLACES.some((place) => place === type)) return undefined;
  return type === "env" ? `\${${name}}` : `${type}.${name}`;
}

/** A whole number, or a place to take one from. For validators. */
export function typedNumber(node: EditorNode, property: string, value: unknown, least: number, most: number): boolean {
  return isPlace(node, property) ? typeof value === "string" && value.trim() !== "" : wholeNumber(value, least, most);
}
