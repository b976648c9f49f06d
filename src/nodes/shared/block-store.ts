/** L5 nodes: where `fritz-block` keeps what it must not forget. */
import { join } from "node:path";
import type { Store } from "../../lib/model/ports";
import { jsonFile } from "../../lib/transport/json-file";
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

type Callback = (error: Error | null | undefined, value?: unknown) => void;

/** `name` is one of `contextStorage` in settings.js; "" = the default one. The types know only a part of this. */
interface Context {
  get(key: string, store: string | undefined, done: Callback): void;
  set(key: string, value: unknown, store: string | undefined, done: Callback): void;
}

/** One value under `key`. What is kept in memory is a copy: nobody changes it afterwards. */
function contextStore(node: Node, name: string, key: string): Store {
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
