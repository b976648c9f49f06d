/** Selects the store of `fritz-block`. */
import { ownFile } from "./own-file";
import { contextStore } from "./stores";
import type { Node, Runtime } from "./red";
import type { Store } from "../../lib/core/store";

/** Key in the node's context. */
const KEY = "fritz-block";

/** A file survives every restart; Node-RED's context only if settings.js says so. */
export function blockStore(RED: Runtime, node: Node, name: string): Store {
  return name !== "" ? contextStore(node, name, KEY) : ownFile(RED, "block", node.id);
}
