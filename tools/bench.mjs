// npm run bench: measures this package beside others on this machine. Options go to bench/run.mjs; bench/README.md explains them.
import { join } from "node:path";
import { build, install, root, run } from "./ensure.mjs";

if (!install(root) || !install(join(root, "bench")) || !build()) process.exit(1);
process.exitCode = run(process.execPath, ["--expose-gc", join(root, "bench", "run.mjs"), ...process.argv.slice(2)])
  ? 0
  : 1;
