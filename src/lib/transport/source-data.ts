/** L2 transport: the descriptions of sources that the package brings, in data/sources. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The same from src/ and from dist/. */
const FOLDER = join(__dirname, "..", "..", "..", "data", "sources");

/** The description of that id. Throws only if the installation is damaged. */
export function readSourceData(id: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, `${id}.json`), "utf8"));
}
