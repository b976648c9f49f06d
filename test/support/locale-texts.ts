/** Texts of the package by their keys, for tests of where a text is shown and not of how it reads. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { propertiesOf } from "../../src/lib/core/unknown";
import { root } from "./node-red-server";

/** The texts of a node in a language; a key such as `label.host` that has no text fails the test. */
export function textsOf(language: string, type: string, keys: readonly string[]): string[] {
  const file = join(root, "locales", language, `${type}.json`);
  const texts: unknown = propertiesOf(JSON.parse(readFileSync(file, "utf8")))[type];
  return keys.map((key) => {
    const text = key.split(".").reduce((inner, name) => propertiesOf(inner)[name], texts);
    return typeof text === "string" ? text : assert.fail(`no text "${key}" of ${type} in ${language}`);
  });
}
