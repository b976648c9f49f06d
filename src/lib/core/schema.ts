/** Schema checks for JSON that users write: each returns the path of the first invalid value. */

/** Undefined: nothing is wrong. */
export type Check = (value: unknown, path: string) => string | undefined;

const at = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

/** A text, not empty. */
export const text =
  (longest: number, pattern = /^/): Check =>
  (value, path) =>
    typeof value === "string" && value !== "" && value.length <= longest && pattern.test(value) ? undefined : path;

/** A number within bounds. */
export const numberIn =
  (least: number, most: number): Check =>
  (value, path) =>
    typeof value === "number" && value >= least && value <= most ? undefined : path;

/** One of a few values. */
export const oneOf =
  (...values: unknown[]): Check =>
  (value, path) =>
    values.includes(value) ? undefined : path;

/** A list of alike things. */
export const listOf =
  (check: Check, most = 50): Check =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > most) return path;
    return first((value as unknown[]).map((item, i) => () => check(item, at(path, String(i)))));
  };

/** An object with free names. */
export const tableOf =
  (check: Check, most = 50): Check =>
  (value, path) => {
    if (!isObject(value) || Object.keys(value).length > most) return path;
    return first(
      Object.entries(value).map(
        ([name, item]) =>
          () =>
            check(item, at(path, name)),
      ),
    );
  };

/**
 * An object with exactly these properties, so that typing errors are found. Names that end with "?" are
 * optional.
 */
export const shape =
  (members: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isObject(value)) return path === "" ? "{" : path;
    const strange = Object.keys(value).find(
      (name) => !Object.hasOwn(members, name) && !Object.hasOwn(members, `${name}?`),
    );
    if (strange !== undefined) return at(path, strange);
    return first(
      Object.entries(members).map(([member, check]) => () => {
        const name = member.replace(/\?$/, "");
        if (!Object.hasOwn(value, name) || value[name] === undefined)
          return member.endsWith("?") ? undefined : at(path, name);
        return check(value[name], at(path, name));
      }),
    );
  };

/** Valid if one of the checks accepts the value; else the result of the last check. */
export const either =
  (...checks: readonly Check[]): Check =>
  (value, path) => {
    const faults = checks.map((check) => check(value, path));
    return faults.includes(undefined) ? undefined : faults.at(-1);
  };

/** Valid if all checks accept the value. */
export const both =
  (...checks: readonly Check[]): Check =>
  (value, path) =>
    first(checks.map((check) => () => check(value, path)));

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
