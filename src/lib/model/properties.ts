/** L0 model: a value of unknown origin, looked at as what it may be: something with properties. */

/** The value's properties, none if it has none. */
export function propertiesOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
