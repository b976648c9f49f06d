/** Reads the source descriptions of the package, in data/sources. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../core/package-root";

const FOLDER = join(PACKAGE_ROOT, "data", "sources");

/** Reads the description with that id. Throws only if the installation is damaged. */
export function readSourceData(id: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, `${id}.json`), "utf8"));
}
