/**
 * Parses the actions of a service's description (SCPD): arguments with types, allowed values and ranges.
 * Pure.
 */
import { childText, descendants, parseXml, type XmlElement } from "../core/xml";

/** An argument as the editor shows it. */
export interface ActionArgument {
  /** In the box's spelling, with its prefix New. */
  name: string;
  /** string, boolean, ui1, ui2, ui4, i4, dateTime, uuid, ... */
  type: string;
  /** The listed values; boxes use others, too. */
  allowed?: string[];
  range?: { min: string; max: string };
  default?: string;
}

/** An action with its arguments in the box's order. */
export interface ActionDescription {
  name: string;
  in: ActionArgument[];
  out: ActionArgument[];
}

/** Reads an SCPD. */
export function parseScpd(text: string): ActionDescription[] {
  const root = parseXml(text);
  const variables = new Map(
    descendants(root, "stateVariable").map((variable) => [childText(variable, "name"), variable] as const),
  );
  return descendants(root, "action").map((action) => {
    const given = descendants(action, "argument");
    const some = (direction: string) =>
      given
        .filter((one) => childText(one, "direction").toLowerCase() === direction)
        .map((one) => readArgument(one, variables));
    return { name: childText(action, "name"), in: some("in"), out: some("out") };
  });
}

function readArgument(argument: XmlElement, variables: ReadonlyMap<string, XmlElement>): ActionArgument {
  const variable = variables.get(childText(argument, "relatedStateVariable"));
  const allowed = variable ? descendants(variable, "allowedValue").map(({ text }) => text.trim()) : [];
  const [min, max] = [rangeEnd(variable, "minimum"), rangeEnd(variable, "maximum")];
  const usual = childText(variable, "defaultValue");
  return {
    name: childText(argument, "name"),
    type: childText(variable, "dataType") || "string",
    ...(allowed.length > 0 && { allowed }),
    ...(min !== "" && max !== "" && { range: { min, max } }),
    ...(usual !== "" && { default: usual }),
  };
}

function rangeEnd(variable: XmlElement | undefined, name: string): string {
  const [range] = variable ? descendants(variable, "allowedValueRange") : [];
  return childText(range, name);
}
