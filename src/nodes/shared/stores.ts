/** A value in a node's context: in memory or persistent, depending on Node-RED's context stores. */
import type { Node } from "./red";
import type { Store } from "../../lib/core/store";

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
