// npm test: everything on a fresh clone, from the installation to the last check. Ends with "N passed, N failed".
// With --e2e: the end-to-end and editor tests instead (real Node-RED processes, a real Chromium, network namespaces).
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
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
function mocha(name, specs, options) {
  console.log(`\n===== ${name}`);
  const one = mochaRun(specs, options);
  count(one.result, run(one.command, one.args, { env: one.env }));
}

/** Several at a time, for tests that mostly wait; what each says comes in one piece when it is done. */
async function mochasAtOnce(runs) {
  const started = Object.entries(runs).map(async ([name, specs]) => {
    const one = mochaRun(specs, { env: { FORCE_COLOR: "0" } });
    const said = [];
    const child = spawn(one.command, one.args, { cwd: root, env: one.env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
    const [code] = await once(child, "close");
    console.log(`\n===== ${name}\n${Buffer.concat(said).toString("utf8")}`);
    count(one.result, code === 0);
  });
  await Promise.all(started);
}

function mochaRun(specs, { node = process.execPath, env = {} } = {}) {
  const result = join(output, `${randomUUID()}.json`);
  const bin = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const args = [bin, "--reporter", join(root, "tools", "mocha-reporter.cjs"), ...specs];
  return { command: node, args, result, env: { ...process.env, ...env, MOCHA_COUNTS: result } };
}

function count(result, ok) {
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
  if (e2e) await mochasAtOnce({ "end to end": ["test/e2e/**/*.test.ts"], editor: ["test/editor/**/*.test.ts"] });
  else unitStages();
}
rmSync(output, { recursive: true, force: true });

if (!nodeRed5) total.skipped++;
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed > 0 ? 1 : 0;
