/** L5 nodes: a value in a node's context: in memory, or kept over restarts, as the user has set up Node-RED's context stores. */
import type { Store } from "../../lib/model/ports";
import type { Node } from "./red";

type Callback = (error: Error | null | undefined, value?: unknown) => void;

/** `name` is one of `contextStorage` in settings.js; "" = the default one. The types know only a part of this. */
interface Context {
  get(key: string, store: string | undefined, done: Callback): void;
  set(key: string, value: unknown, store: string | undefined, done: Callback): void;
}

/** One value under `key`. What is kept in memory is a copy: nobody changes it afterwards. */
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
