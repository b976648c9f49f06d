// npm run bench: measures this machine; prints tables and writes bench/results*.json.
import { join } from "node:path";
import { build, install, root, run } from "./ensure.mjs";

if (!install(root) || !build()) process.exit(1);
// The first one begins the results anew, the others add theirs.
const benchmarks = ["call-monitor.mjs", "numbers.mjs", "phonebooks.mjs", "caller-info.mjs"];
const ok = benchmarks.every((file) => run(process.execPath, ["--expose-gc", join(root, "bench", file)]));
process.exitCode = ok ? 0 : 1;
