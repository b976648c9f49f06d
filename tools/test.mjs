// npm test: everything on a fresh clone, from the installation to the last check. Ends with "N passed, N failed".
//   --all    with the end-to-end and editor tests (real Node-RED processes, a real Chromium, network namespaces)
//   --e2e    only these
//   --check  npm run check: lint, format, types and unit tests
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { floorJob, measuredIn } from "./coverage.mjs";
import { buildIfNeeded, install, installBeside, nodeRed5, root } from "./ensure.mjs";
import { heaps, longestFirst } from "./heaps.mjs";
import { runJobs } from "./jobs.mjs";
import { readCounts, Tally } from "./tally.mjs";

const has = (flag) => process.argv.includes(flag);
const quick = has("--check");
const tally = new Tally();
const output = mkdtempSync(join(tmpdir(), "fritz-calls-test-"));
const cache = join(root, "node_modules", ".cache");
const coverage = join(output, "coverage");
const measured = quick ? {} : { env: measuredIn(coverage) };

function check(name, ok) {
  console.log(`[${ok ? "passed" : "FAILED"}] ${name}`);
  if (ok) tally.add({ passed: 1 });
  else tally.fail(name);
  return ok;
}

/** The test files below a folder of test/ (or directly in test/ for ""), the longest first. */
function specs(folder) {
  const all = readdirSync(join(root, "test", folder), { recursive: folder !== "", encoding: "utf8" });
  return longestFirst(all.filter((file) => file.endsWith(".test.ts")).map((file) => join("test", folder, file)));
}

let runs = 0;
/** A run of mocha in its own process; `filter` are arguments that choose among the files' tests, `how` goes to the job. */
function mocha(name, files, { node = process.execPath, env = {}, filter = [], ...how } = {}) {
  const counts = join(output, `${runs++}.json`);
  const reporter = join(root, "tools", "mocha-reporter.cjs");
  const args = [join(root, "node_modules", "mocha", "bin", "mocha.js"), "--reporter", reporter, ...filter, ...files];
  return { name, files, filter, command: node, args, env: { ...env, MOCHA_COUNTS: counts }, counts, ...how };
}

/** For the tests with real programs: what fails is run again, alone (docs/decisions/0035). */
const REAL = { again: true };
/** And for those of them that mostly wait for something; they run beside the others. */
const WAITING = { ...REAL, idle: true };

/** What failed of a job, alone. */
function again(first) {
  const { name, files, command, env, filter } = first.job;
  const options = { node: command, env, filter: first.grep === undefined ? filter : ["--grep", first.grep], first };
  return mocha(`${name}, again`, files, options);
}

const short = (file) => file.replace(/^test\//, "").replace(/\.test\.ts$/, "");
const some = (name, files, number, options) =>
  heaps(files, number).map((heap, i) => mocha(`${name} ${i + 1}`, heap, options));

function tool(name, seconds, bin, args) {
  return { name, seconds, command: process.execPath, args: [join(root, "node_modules", bin), ...args] };
}

/** Types and format are looked at again only where something has changed. */
function toolJobs() {
  const types = ["--incremental", "--tsBuildInfoFile", join(cache, "types.json")];
  const format = ["--cache", "--cache-strategy", "content", "--cache-location", join(cache, "prettier.json")];
  return [
    tool("lint", 13, "oxlint/bin/oxlint", ["."]),
    tool("types", 14, "typescript-native/bin/tsc", ["-p", "tsconfig.check.json", ...types]),
    tool("format", 26, "prettier/bin/prettier.cjs", [...format, "--check", "--log-level=warn", "."]),
  ];
}

/** End-to-end tests that mostly wait. */
const IDLE = /block|dead-peer|outage|no-packets|sip-peers|\/start/;

/** One job a version of Node-RED, so that its tests share a browser; the second takes also those that name no version. */
function editorJobs() {
  const four = ["--fgrep", "Node-RED 4.1"];
  const jobs = [
    ["editor, Node-RED 4.1", four],
    ["editor, Node-RED 5.0", [...four, "--invert"]],
  ];
  return jobs.map(([name, filter]) => mocha(name, specs("editor"), { ...REAL, filter }));
}

function endToEndJobs() {
  const [idle, busy] = [true, false].map((waits) => specs("e2e").filter((file) => IDLE.test(file) === waits));
  return [
    ...idle.map((file) => mocha(short(file), [file], WAITING)),
    ...editorJobs(),
    ...busy.map((file) => mocha(short(file), [file], REAL)),
  ];
}

function unitJobs() {
  return some("unit", specs("unit"), quick ? 2 : 3, measured);
}

function testJobs() {
  const five = nodeRed5 && { node: nodeRed5.node, env: { NODE_RED: nodeRed5.nodeRed }, ...WAITING };
  return [
    ...some("nodes in Node-RED 4.1", specs("nodes"), 3, WAITING),
    ...(five ? some("nodes in Node-RED 5.0", specs("nodes"), 3, five) : []),
    ...some("simulator", specs("simulator"), 2, WAITING),
    ...some("properties", specs("properties"), 3),
    mocha("contracts", specs("contracts"), { ...REAL, ...measured }),
    mocha("package and tools", [...specs(""), ...specs("tools")], REAL),
  ];
}

function jobs() {
  if (has("--e2e")) return endToEndJobs();
  const last = longestFirst([...toolJobs(), ...unitJobs()]);
  return [...(has("--all") ? endToEndJobs() : []), ...(quick ? [] : testJobs()), ...last];
}

/** Prints what a job said, and counts it. */
function report(job, { ok, output: said, seconds }) {
  if (!quick || !ok) console.log(`\n===== ${job.name} (${seconds.toFixed(1)} s)\n${said.trimEnd()}`);
  if (!job.counts) return void check(job.name, ok);
  const counts = readCounts(job.counts);
  if (!counts) console.log("ended without a result");
  if (job.first) tally.countAgain(job.first, ok, counts);
  else tally.count(job, ok, counts);
}

const five = nodeRed5 && !quick ? installBeside(nodeRed5.folder) : undefined;
if (!install(root)) process.exit(1);
if (!nodeRed5) console.log("Node-RED 5 is skipped: npm has no Node.js 22 binary for this platform.");
const built = check("build", buildIfNeeded());
if (five) check("installation of Node-RED 5", await five);
if (built) {
  await runJobs(jobs(), report);
  await runJobs(tally.takeAgain().map(again), report, 1);
  // A test that failed has not run through all that it runs through.
  if (!quick && !has("--e2e") && tally.failed === 0) await runJobs([floorJob(coverage)], report);
}
rmSync(output, { recursive: true, force: true });

if (!nodeRed5) tally.add({ skipped: 1 });
console.log(tally.text);
process.exitCode = tally.failed > 0 ? 1 : 0;
