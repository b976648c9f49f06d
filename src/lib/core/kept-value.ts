/** Loads a list that an earlier run saved. A damaged one is not the same as none: a limit must not start anew with it. */
import { FritzError, type FritzErrorCode } from "./errors";
import type { Store } from "./store";
import { propertiesOf } from "./unknown";

/**
 * Resolves to the list under `name`, empty if nothing was saved. Rejects with `store-damaged` if the store holds no JSON or anything
 * else than such a list, and with `unreadable` if the system cannot read it.
 */
export async function loadKeptList<T>(
  store: Store,
  name: string,
  isSound: (item: unknown) => item is T,
  unreadable: FritzErrorCode,
): Promise<T[]> {
  const value = await store.load().catch((error: unknown) => {
    throw new FritzError(error instanceof SyntaxError ? "store-damaged" : unreadable);
  });
  if (value === undefined) return [];
  const list = propertiesOf(value)[name];
  if (Array.isArray(list) && list.every(isSound)) return list;
  throw new FritzError("store-damaged");
}
