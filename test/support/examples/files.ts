/** Test support: the examples by their names in the import menu, whichever folder they stand in. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../node-red-server";

export const EXAMPLES_FOLDER = join(root, "examples");

/** Paths from the folder of the examples: "2 Block - Sperren/Quiet hours.json". */
export const EXAMPLE_FILES = readdirSync(EXAMPLES_FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".json"))
  .sort();

/** Path of an example. */
export function exampleFile(name: string): string {
  const found = EXAMPLE_FILES.find((file) => basename(file, ".json") === name);
  if (found === undefined) throw new Error(`no example ${name}`);
  return join(EXAMPLES_FOLDER, found);
}
