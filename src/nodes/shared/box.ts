/** The configured box of a node. */
import { FritzError } from "../../lib/core/errors";
import type { FritzConfigNode } from "../fritz-config/fritz-config";
import type { Runtime } from "./red";

/** The configuration node, or null if none is selected, or it is missing or disabled. */
export function boxOf(RED: Runtime, id: string | undefined): FritzConfigNode | null {
  return id ? (RED.nodes.getNode(id) as FritzConfigNode | null) : null;
}

/** As `boxOf`; throws a `FritzError` if there is none. */
export function needBox(RED: Runtime, id: string | undefined): FritzConfigNode {
  const box = boxOf(RED, id);
  if (!box) throw new FritzError("no-box");
  return box;
}
