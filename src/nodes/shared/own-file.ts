/** Files of their own in Node-RED's user folder, with the logs: they survive every restart, unlike most context stores. */
import { join } from "node:path";
import { jsonFile } from "../../lib/core/json-file";
import { notedFile } from "../../lib/core/noted-file";
import type { Store } from "../../lib/core/store";
import type { Runtime } from "./red";

/** Below Node-RED's user folder. */
export const USER_FOLDER = "fritz-calls";

/** The file of that name. */
export function userFile({ settings: { userDir = process.cwd() } }: Runtime, name: string): Store {
  return jsonFile(join(userDir, USER_FOLDER, `${name}.json`));
}

/** The file of that name, for what a kill of Node-RED must not undo. `apply` gives the value after changes. */
export function notedUserFile(
  { settings: { userDir = process.cwd() } }: Runtime,
  name: string,
  apply: (value: unknown, changes: unknown[]) => unknown,
): Store {
  return notedFile(join(userDir, USER_FOLDER, `${name}.json`), apply);
}

/** A file for one node: `kind` and the id of the node make the name. */
export const ownFile = (RED: Runtime, kind: string, id: string) =>
  userFile(RED, `${kind}-${id.replace(/[^\w-]/g, "_")}`);
