/** The sentences of the decisions for users of the library, from the English texts of `fritz-block`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../core/package-root";
import type { Phrase } from "./types";

/** Made by the build from `locales/en-US/fritz-block.json`. */
const BUILT = join(PACKAGE_ROOT, "dist/lib/data/decisions.json");

let sentences: ReadonlyMap<string, string> | undefined;

/** Read with the first decision that needs them; throws only if the installation is damaged. */
function readSentences(): ReadonlyMap<string, string> {
  return new Map(Object.entries(JSON.parse(readFileSync(BUILT, "utf8")) as Record<string, string>));
}

/** Puts the values into the sentence of that key; `__name__` stands for a value. */
export const inEnglish: Phrase = (key, values) => {
  sentences ??= readSentences();
  return (sentences.get(key) ?? key).replace(/__(\w+?)__/g, (all, name: string) => String(values[name] ?? all));
};
