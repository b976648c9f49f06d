/** L5 nodes: the box that a node is configured with. */
import { FritzError } from "../../lib/model/errors";
import type { FritzConfigNode } from "../fritz-config";
import type { Runtime } from "./red";

/** The configuration node, or null if none is chosen, or it is gone or disabled. */
export function boxOf(RED: Runtime, id: string | undefined): FritzConfigNode | null {
  return id ? (RED.nodes.getNode(id) as FritzConfigNode | null) : null;
}

/** The same for a node that is of no use without it: a `FritzError` says so. */
export function needBox(RED: Runtime, id: string | undefined): FritzConfigNode {
  const box = boxOf(RED, id);
  if (!box) throw new FritzError("no-box");
  return box;
}
