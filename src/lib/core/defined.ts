/** Optional properties of plain JSON, which has no `undefined`. */

/** The properties that are there, for spreading into an object. */
export function defined<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const there = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
