// npm run docs: the reference of the library, in docs/api/. typedoc.json says of what.
import { join } from "node:path";
import { install, root, run } from "./ensure.mjs";

if (!install(root)) process.exit(1);
process.exitCode = run(process.execPath, [join(root, "node_modules", "typedoc", "bin", "typedoc")]) ? 0 : 1;
