/** A place to keep one value over restarts, and how a saved list is loaded. Its fake is in test/support. */
import { FritzError, type FritzErrorCode } from "./errors";
import { propertiesOf } from "./unknown";

/** Keeps one plain JSON value over restarts. */
export interface Store {
  /** Resolves to undefined if nothing was saved. */
  load(): Promise<unknown>;
  save(value: unknown): Promise<void>;
  /**
   * Keeps what changes the saved value until the next `save`; `load` gives the value with it. Quick, and as safe against a killed process
   * when it resolves, less against a power cut. Missing where that is not possible.
   */
  note?(change: unknown): Promise<void>;
  /** Makes what was noted as safe against a power cut as what was saved. Resolves to whether so much was noted that a `save` is due. */
  sync?(): Promise<boolean>;
}

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
