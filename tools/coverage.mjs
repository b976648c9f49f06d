// How much of src/lib tests run through. `npm test` holds the floor with what its unit and contract tests have run through;
// npm run coverage [spec files ...] runs unit, property and contract tests and prints it file by file.
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { buildIfNeeded, install, root, run } from "./ensure.mjs";

const FLOOR = ["--check-coverage", "--lines", "95", "--branches", "90"];
const FILES = ["--include", "src/lib/**"];
const c8 = join(root, "node_modules", "c8", "bin", "c8.js");

/** The environment in which Node.js writes into a folder what its program runs through. */
export const measuredIn = (folder) => ({ NODE_V8_COVERAGE: folder });

/** A job that fails below the floor. */
export const floorJob = (folder) => ({
  name: "coverage of src/lib",
  command: process.execPath,
  args: [c8, "report", "--temp-directory", folder, ...FLOOR, ...FILES, "--reporter", "text-summary"],
});

function main(wanted) {
  const tests =
    wanted.length > 0 ? wanted : ["unit", "properties", "contracts"].map((one) => `test/${one}/**/*.test.ts`);
  const mocha = [
    process.execPath,
    join(root, "node_modules", "mocha", "bin", "mocha.js"),
    "--reporter",
    "dot",
    ...tests,
  ];
  const report = ["--reporter", "text", "--reporter", "text-summary"];
  if (!install(root) || !buildIfNeeded()) return false;
  return run(process.execPath, [c8, ...FLOOR, ...FILES, ...report, ...mocha]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exit(main(process.argv.slice(2)) ? 0 : 1);
