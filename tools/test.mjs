// npm test: everything on a fresh clone, from the installation to the last check. Ends with "N passed, N failed".
//   --all    with the end-to-end and editor tests (real Node-RED processes, a real Chromium, network namespaces)
//   --e2e    only these
//   --check  npm run check: lint, format, types and unit tests, with caches
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIfNeeded, install, installBeside, nodeRed5, root } from "./ensure.mjs";
import { runJobs } from "./jobs.mjs";

const has = (flag) => process.argv.includes(flag);
const quick = has("--check");
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const output = mkdtempSync(join(tmpdir(), "fritz-calls-test-"));
const cache = join(root, "node_modules", ".cache");

function count(name, { passed = 0, failed = 0, skipped = 0, titles = [] }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  if (failed > 0) failures.push([name, ...titles].join("\n  "));
}

function check(name, ok) {
  console.log(`[${ok ? "passed" : "FAILED"}] ${name}`);
  count(name, ok ? { passed: 1 } : { failed: 1 });
  return ok;
}

/** The test files below a folder of test/ (or directly in test/ for ""), biggest first. */
function specs(folder) {
  const all = readdirSync(join(root, "test", folder), { recursive: folder !== "", encoding: "utf8" });
  const files = all.filter((file) => file.endsWith(".test.ts")).map((file) => join("test", folder, file));
  const size = (file) => statSync(join(root, file)).size;
  return files.sort((a, b) => size(b) - size(a));
}

/** Deals the files out like cards, so that each heap has big and small ones. */
function heaps(files, number) {
  const dealt = Array.from({ length: Math.min(number, files.length) }, () => []);
  files.forEach((file, i) => dealt[i % dealt.length].push(file));
  return dealt;
}

let runs = 0;
/** A run of mocha in its own process. */
function mocha(name, files, { node = process.execPath, env = {}, idle = false } = {}) {
  const counts = join(output, `${runs++}.json`);
  const reporter = join(root, "tools", "mocha-reporter.cjs");
  const args = [join(root, "node_modules", "mocha", "bin", "mocha.js"), "--reporter", reporter, ...files];
  return { name, command: node, args, env: { ...env, MOCHA_COUNTS: counts }, idle, counts };
}

const short = (file) => file.replace(/^test\//, "").replace(/\.test\.ts$/, "");
const some = (name, files, number, options) =>
  heaps(files, number).map((heap, i) => mocha(`${name} ${i + 1}`, heap, options));

function tool(name, bin, args) {
  return { name, command: process.execPath, args: [join(root, "node_modules", bin), ...args] };
}

function toolJobs() {
  const format = quick
    ? ["--cache", "--cache-strategy", "content", "--cache-location", join(cache, "prettier.json")]
    : [];
  return [
    tool("lint", "oxlint/bin/oxlint", ["."]),
    tool("types", "typescript-native/bin/tsc", ["-p", "tsconfig.check.json"]),
    tool("format", "prettier/bin/prettier.cjs", [...format, "--check", "--log-level=warn", "."]),
  ];
}

/** Tests that mostly wait for something; they run beside the others. */
const IDLE = /block|dead-peer|outage|no-packets|sip-peers/;

/** One job a version of Node-RED, so that its tests share a browser, and one for those that name no version. */
function editorJobs() {
  const versions = ["4.1", "5.0"];
  const rest = ["--grep", `Node-RED (${versions.join("|")})`, "--invert"];
  const jobs = versions.map((version) => [`editor, Node-RED ${version}`, ["--fgrep", `Node-RED ${version}`]]);
  return [...jobs, ["editor, any Node-RED", rest]].map(([name, which]) => mocha(name, [...which, ...specs("editor")]));
}

function endToEndJobs() {
  const [idle, busy] = [true, false].map((waits) => specs("e2e").filter((file) => IDLE.test(file) === waits));
  return [
    ...idle.map((file) => mocha(short(file), [file], { idle: true })),
    ...editorJobs(),
    ...busy.map((file) => mocha(short(file), [file])),
  ];
}

function unitJobs() {
  return some("unit", specs("unit"), quick ? 2 : 3);
}

function testJobs() {
  const five = nodeRed5 && { node: nodeRed5.node, env: { NODE_RED: nodeRed5.nodeRed } };
  return [
    ...some("nodes in Node-RED 4.1", specs("nodes"), 2),
    ...(five ? some("nodes in Node-RED 5.0", specs("nodes"), 2, five) : []),
    ...some("simulator", specs("simulator"), 2),
    ...some("properties", specs("properties"), 2),
    mocha("contracts", specs("contracts")),
    mocha("package and tools", [...specs(""), ...specs("tools")]),
  ];
}

function jobs() {
  if (quick) return [...unitJobs(), ...toolJobs()];
  if (has("--e2e")) return endToEndJobs();
  return [...(has("--all") ? endToEndJobs() : []), ...testJobs(), ...toolJobs(), ...unitJobs()];
}

/** Prints what a job said. The counts of a run of mocha go into the total; a crash counts as a failure. */
function report(job, { ok, output: said, seconds }) {
  if (!quick || !ok) console.log(`\n===== ${job.name} (${seconds.toFixed(1)} s)\n${said.trimEnd()}`);
  if (!job.counts) return void check(job.name, ok);
  let counts = { passed: 0, failed: 1, skipped: 0 };
  try {
    counts = JSON.parse(readFileSync(job.counts, "utf8"));
  } catch {
    console.log("ended without a result");
  }
  if (!ok && counts.failed === 0) counts.failed = 1;
  count(job.name, counts);
}

const five = nodeRed5 && !quick ? installBeside(nodeRed5.folder) : undefined;
if (!install(root)) process.exit(1);
if (!nodeRed5) console.log("Node-RED 5 is skipped: npm has no Node.js 22 binary for this platform.");
const built = check("build", buildIfNeeded());
if (five) check("installation of Node-RED 5", await five);
if (built) await runJobs(jobs(), report);
rmSync(output, { recursive: true, force: true });

if (!nodeRed5) total.skipped++;
if (failures.length > 0) console.log(`\nFailed:\n${failures.join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed > 0 ? 1 : 0;
