// npm test: everything on a fresh clone, from the installation to the last check. Ends with "N passed, N failed".
// With --e2e: the end-to-end and editor tests instead (real Node-RED processes, a real Chromium, network namespaces).
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, install, nodeRed5, root, run } from "./ensure.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };
const output = mkdtempSync(join(tmpdir(), "fritz-calls-test-"));
const e2e = process.argv.includes("--e2e");

function check(name, ok) {
  console.log(`\n[${ok ? "passed" : "FAILED"}] ${name}`);
  total[ok ? "passed" : "failed"]++;
  return ok;
}

/** One run of mocha in its own process; its counts go into the total, a crash counts as a failure. */
function mocha(name, specs, { node = process.execPath, env = {} } = {}) {
  console.log(`\n===== ${name}`);
  const result = join(output, `${total.passed}-${Date.now()}.json`);
  const bin = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const args = [bin, "--reporter", join(root, "tools", "mocha-reporter.cjs"), ...specs];
  const ok = run(node, args, { env: { ...process.env, ...env, MOCHA_COUNTS: result } });
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = JSON.parse(readFileSync(result, "utf8"));
  } catch {
    counts.failed = 1;
  }
  if (!ok && counts.failed === 0) counts.failed = 1;
  for (const key of Object.keys(total)) total[key] += counts[key];
}

function unitStages() {
  check("lint", run(process.execPath, ["node_modules/eslint/bin/eslint.js", "."]));
  check(
    "format",
    run(process.execPath, ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."]),
  );
  check("types", run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.check.json"]));
  mocha("unit, properties, contracts, package", [
    "test/unit/**/*.test.ts",
    "test/properties/**/*.test.ts",
    "test/simulator/**/*.test.ts",
    "test/contracts/**/*.test.ts",
    "test/*.test.ts",
  ]);
  mocha("nodes in Node-RED 4.1", ["test/nodes/**/*.test.ts"]);
  if (nodeRed5) {
    mocha("nodes in Node-RED 5.0", ["test/nodes/**/*.test.ts"], {
      node: nodeRed5.node,
      env: { NODE_RED: nodeRed5.nodeRed },
    });
  }
}

if (!install(root)) process.exit(1);
if (nodeRed5) check("installation of Node-RED 5", install(nodeRed5.folder));
else console.log("Node-RED 5 is skipped: npm has no Node.js 22 binary for this platform.");
if (check("build", build())) {
  if (e2e) mocha("end to end and editor", ["test/e2e/**/*.test.ts", "test/editor/**/*.test.ts"]);
  else unitStages();
}
rmSync(output, { recursive: true, force: true });

if (!nodeRed5) total.skipped++;
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed > 0 ? 1 : 0;
