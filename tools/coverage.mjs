// npm run coverage: which lines and branches of src/lib the unit, property and contract tests run through; fails below a floor.
import { join } from "node:path";
import { buildIfNeeded, install, root, run } from "./ensure.mjs";

const FLOOR = ["--check-coverage", "--lines", "94", "--branches", "90"];
const REPORT = ["--include", "src/lib/**", "--exclude-after-remap", "--reporter", "text", "--reporter", "text-summary"];
const wanted = process.argv.slice(2);
const tests =
  wanted.length > 0 ? wanted : ["unit", "properties", "contracts"].map((folder) => `test/${folder}/**/*.test.ts`);

const bin = (...path) => join(root, "node_modules", ...path);
const mocha = [process.execPath, bin("mocha", "bin", "mocha.js"), "--reporter", "dot", ...tests];
if (!install(root) || !buildIfNeeded()) process.exit(1);
process.exit(run(process.execPath, [bin("c8", "bin", "c8.js"), ...FLOOR, ...REPORT, ...mocha]) ? 0 : 1);
