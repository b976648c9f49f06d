/** Properties whose value may come from the message, a context or the environment: `<property>Type` says from where. */
import { FritzError } from "../../lib/core/errors";
import { numberOr, propertiesOf, textOr } from "../../lib/core/unknown";
import type { Message, Node, Runtime } from "./red";

/** Where a value may come from; any other type is the value itself. */
const PLACES = ["msg", "flow", "global", "env"] as const;
type Place = (typeof PLACES)[number];

const placeOf = (type: unknown): Place | undefined => PLACES.find((one) => one === type);

/** Whether a value of that type is chosen by the makers of messages and contexts, not by the owner of the flow. */
export const isFromOutside = (type: unknown): boolean => placeOf(type) !== undefined && type !== "env";

/** Where a property takes its value from, as a user names it: "flow.name", "${NAME}"; undefined: it is the value itself. */
export function whereOf(def: object, property: string): string | undefined {
  const type = typeOf(def, property);
  const name = nameOf(def, property);
  return type && (type === "env" ? `\${${name}}` : `${type}.${name}`);
}

const typeOf = (def: object, property: string) => placeOf(propertiesOf(def)[`${property}Type`]);
const nameOf = (def: object, property: string) => textOr(propertiesOf(def)[property], "");

/** The value of a property. Rejects with `property-empty` where its place has none; an empty text counts as none unless `mayBeEmpty`. */
export async function typedValue(
  RED: Runtime,
  node: Node,
  def: object,
  property: string,
  msg: Message,
  mayBeEmpty = false,
): Promise<unknown> {
  const type = typeOf(def, property);
  if (type === undefined) return propertiesOf(def)[property];
  const name = nameOf(def, property);
  const found = await new Promise<unknown>((resolve) => {
    try {
      RED.util.evaluateNodeProperty(name, type, node, msg, (_error, value) => resolve(value));
    } catch {
      resolve(undefined);
    }
  });
  // An environment variable that is not set is an empty text.
  const isEmpty = found === "" && !(mayBeEmpty && type !== "env");
  if (found === undefined || found === null || isEmpty)
    throw new FritzError("property-empty", { property, where: whereOf(def, property) ?? "" });
  return found;
}

/**
 * The number that a property holds, or its place; the default where it is left out. Rejects with `property-empty` or
 * `property-number`, from `least` to `most`.
 */
export async function typedNumber(
  typed: { RED: Runtime; node: Node; def: object; msg: Message },
  property: string,
  { usual, least, most }: { usual: number; least: number; most: number },
): Promise<number> {
  const { RED, node, def, msg } = typed;
  const where = whereOf(def, property);
  const value = await typedValue(RED, node, def, property, msg);
  if (value === undefined || value === null || value === "") return usual;
  const number = numberOr(value, NaN);
  // The form has looked at a number that is written in the node.
  if (where === undefined ? !Number.isNaN(number) : number >= least && number <= most) return number;
  throw new FritzError("property-number", { property, where: where ?? textOr(value, "?"), least, most });
}
