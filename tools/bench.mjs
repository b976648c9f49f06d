// npm run bench: measures this machine; prints tables and writes bench/results*.json.
import { join } from "node:path";
import { build, install, root, run } from "./ensure.mjs";

if (!install(root) || !build()) process.exit(1);
const ok = ["call-monitor.mjs", "phonebooks.mjs"].map((file) =>
  run(process.execPath, ["--expose-gc", join(root, "bench", file)]),
);
process.exitCode = ok.every(Boolean) ? 0 : 1;
