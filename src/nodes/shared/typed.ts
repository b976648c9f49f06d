/** Properties whose value may come from the message, a context or the environment: `<property>Type` says from where. */
import { FritzError } from "../../lib/core/errors";
import type { Message, Node, Runtime } from "./red";

/** Where a value may come from; any other type is the value itself. */
const PLACES = ["msg", "flow", "global", "env"] as const;
type Place = (typeof PLACES)[number];

const placeOf = (type: unknown): Place | undefined => PLACES.find((one) => one === type);

/** Whether a value of that type is chosen by the makers of messages and contexts, not by the owner of the flow. */
export const isFromOutside = (type: unknown): boolean => placeOf(type) !== undefined && type !== "env";

/** The value of a property. Rejects with `property-empty` where its place has none. */
export async function typedValue(
  RED: Runtime,
  node: Node,
  def: object,
  property: string,
  msg: Message,
): Promise<unknown> {
  const properties = def as Record<string, unknown>;
  const written = properties[property];
  const type = placeOf(properties[`${property}Type`]);
  if (type === undefined) return written;
  const name = typeof written === "string" ? written : "";
  const found = await new Promise<unknown>((resolve) => {
    try {
      RED.util.evaluateNodeProperty(name, type, node, msg, (_error, value) => resolve(value));
    } catch {
      resolve(undefined);
    }
  });
  if (found === undefined || found === null || found === "")
    throw new FritzError("property-empty", { property, where: type === "env" ? `\${${name}}` : `${type}.${name}` });
  return found;
}
