/** Reads values of unknown type. */

/** Returns the value as an object; an empty one if it is none. */
export function propertiesOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The texts of a list that are not blank; a single text counts as a list. */
export function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((text) => typeof text === "string").filter((text) => text.trim() !== "");
}

/** A finite number, also if it is written as a text; else the default. */
export function numberOr(value: unknown, otherwise: number): number {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return otherwise;
  const number = Number(value);
  return Number.isFinite(number) ? number : otherwise;
}

/** A switch: what is no boolean counts as the default. */
export const flagOr = (value: unknown, otherwise: boolean) => (typeof value === "boolean" ? value : otherwise);

/** Text or number as trimmed text; everything else counts as the default. */
export function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : otherwise;
}

/**
 * The properties of `defaults`, each read as its default is: a switch, a number, a text, or a list of texts. What is missing or
 * of another kind counts as the default; other objects are left as they are.
 */
export function readProperties<D extends object>(given: object, defaults: D): D {
  const read = Object.entries(defaults).map(([name, usual]: [string, unknown]) => {
    const value = propertiesOf(given)[name];
    if (typeof usual === "boolean") return [name, flagOr(value, usual)];
    if (typeof usual === "number") return [name, numberOr(value, usual)];
    if (typeof usual === "string") return [name, typeof value === "string" ? value : usual];
    return [name, Array.isArray(usual) ? textsOf(value ?? usual) : (value ?? usual)];
  });
  return Object.fromEntries(read) as D;
}
