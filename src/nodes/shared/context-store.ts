/** L5 nodes: a value in a node's context: in memory, or kept over restarts, as the user has set up Node-RED's context stores. */
import type { Store } from "../../lib/model/source";
import type { Node } from "./red";

/** `name`: the context store; "" = the default one. A store that does not exist makes both reject. */
export function contextStore(node: Node, key: string, name: string): Store {
  const store = name === "" ? undefined : name;
  return {
    read: () =>
      new Promise((resolve, reject) => {
        node
          .context()
          .get(key, store, (error: unknown, value: unknown) => (error ? reject(toError(error)) : resolve(value)));
      }),
    write: (value) =>
      new Promise((resolve, reject) => {
        node.context().set(key, value, store, (error: unknown) => (error ? reject(toError(error)) : resolve()));
      }),
  };
}

const toError = (error: unknown) => (error instanceof Error ? error : new Error("context store"));
