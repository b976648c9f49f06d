// npm run bench: measures this machine; prints a table and writes bench/results.json.
import { join } from "node:path";
import { build, install, root, run } from "./ensure.mjs";

if (!install(root) || !build()) process.exit(1);
process.exitCode = run(process.execPath, ["--expose-gc", join(root, "bench", "call-monitor.mjs")]) ? 0 : 1;
