/** L5 nodes: where `fritz-block` keeps what it must not forget. */
import { join } from "node:path";
import type { Store } from "../../lib/model/ports";
import { jsonFile } from "../../lib/transport/json-file";
import { contextStore } from "./context-store";
import type { Node, Runtime } from "./red";

/** In the node's context. */
const KEY = "fritz-block";
/** In Node-RED's user folder, with the logs. */
const FOLDER = "fritz-calls";

/** A file of its own survives every restart; Node-RED's context does only if settings.js says so. */
export function blockStore(RED: Runtime, node: Node, name: string): Store {
  if (name !== "") return contextStore(node, name, KEY);
  const folder = join(RED.settings.userDir ?? process.cwd(), FOLDER);
  return jsonFile(join(folder, `block-${node.id.replace(/[^\w-]/g, "_")}.json`));
}
