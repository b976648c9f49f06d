/** Where nodes keep what must outlast a restart: Node-RED's contexts, and files in its user folder. */
import type { Node, Runtime } from "./red";
import type { Store } from "../../lib/core/store";
import { join } from "node:path";
import { jsonFile } from "../../lib/core/json-file";
import { notedFile } from "../../lib/core/noted-file";
import { FritzError, systemCode } from "../../lib/core/errors";
import { reportConfigError } from "./config-error";
import { toUserError } from "./messages";

// Files of their own in Node-RED's user folder, with the logs: they survive every restart, unlike most context stores.

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

// Reports the failures of stores whose users go on without them.

/**
 * Wraps the stores of one node: the first failure is an error of the node with this code, once for each deploy, since a disk may be
 * full for days.
 */
export function reportingStores(RED: Runtime, node: Node, code: "box-store" | "answer-store"): (store: Store) => Store {
  let reportedNode: Node | undefined;
  const passedOn = (error: unknown) => {
    const now = (RED.nodes.getNode(node.id) as Node | null) ?? node; // connections outlive a deploy
    if (reportedNode !== now) {
      reportedNode = now;
      const detail = error instanceof SyntaxError ? "JSON" : systemCode(error);
      reportConfigError(RED, now, toUserError(RED, new FritzError(code, { detail })).message);
    }
    throw error;
  };
  return (store) => ({
    load: () => store.load().catch(passedOn),
    save: (value) => store.save(value).catch(passedOn),
  });
}

type Callback = (error: Error | null | undefined, value?: unknown) => void;

/** `name` is one of `contextStorage` in settings.js; "" = the default one. Partly missing in the types. */
interface Context {
  get(key: string, store: string | undefined, done: Callback): void;
  set(key: string, value: unknown, store: string | undefined, done: Callback): void;
}

/** One value under `key`. Stores a copy, so that later changes have no effect. */
export function contextStore(node: Node, name: string, key: string): Store {
  const context = node.context() as unknown as Context;
  const store = name === "" ? undefined : name;
  const settled = (work: (done: Callback) => void) =>
    new Promise<unknown>((resolve, reject) => {
      work((error, value) => (error ? reject(error) : resolve(value)));
    });
  return {
    load: async () => structuredClone(await settled((done) => context.get(key, store, done))),
    save: async (value) => void (await settled((done) => context.set(key, structuredClone(value), store, done))),
  };
}

// Selects the store of `fritz-block`.

/** Key in the node's context. */
const KEY = "fritz-block";

/** A file survives every restart; Node-RED's context only if settings.js says so. */
export function blockStore(RED: Runtime, node: Node, name: string): Store {
  return name !== "" ? contextStore(node, name, KEY) : ownFile(RED, "block", node.id);
}
