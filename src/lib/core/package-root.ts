/** Where this package lies. */
import { join } from "node:path";

/** Three folders up from here: from src/, from dist/, and from the file that holds all nodes (tools/bundle-nodes.mjs). */
export const PACKAGE_ROOT = join(__dirname, "../../..");
