/** Stores for the last answers of a box: files in Node-RED's user folder, readable by its owner only. */
import { notedUserFile, userFile, reportingStores } from "../shared/stores";
import { createHash } from "node:crypto";
import { applyChanges } from "../../lib/box/recovery-state";
import type { TelephonyOptions } from "../../lib/box/telephony";
import type { Store } from "../../lib/core/store";
import type { monitorOptions } from "./settings";
import type { Node, Runtime } from "../shared/red";

/**
 * One set of files for each box and user: another user may see other books. Undefined without a user folder. The first failure is
 * reported as an error of the node.
 */
export function boxStores(
  RED: Runtime,
  node: Node,
  { host, port, username = "" }: TelephonyOptions,
): ((name: string) => Store) | undefined {
  const stores = storesOf(RED, [host.toLowerCase(), port, username]);
  const reporting = reportingStores(RED, node, "box-store");
  return stores && ((name) => reporting(stores(name)));
}

/** What was reported of the calls of one call monitor. */
export function monitorStore(RED: Runtime, { host, port, timeZone }: ReturnType<typeof monitorOptions>) {
  const open: OpenStore = (runtime, name) => notedUserFile(runtime, name, applyChanges);
  return storesOf(RED, [host.toLowerCase(), port, timeZone], open)?.("calls");
}

type OpenStore = (RED: Runtime, name: string) => Store;

function storesOf(RED: Runtime, key: unknown[], open: OpenStore = userFile): ((name: string) => Store) | undefined {
  if (!RED.settings.userDir) return undefined;
  const box = createHash("sha256").update(JSON.stringify(key)).digest("hex");
  return (name) => open(RED, `${name}-${box.slice(0, 16)}`);
}
