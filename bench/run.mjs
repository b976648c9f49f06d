// Runs the parts of the bench, prints one table and writes it as JSON beside. See README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bench, commit, machine, whoIsMeasured } from "./lib/peers.mjs";
import { LEGEND, renderAgainst, renderPart } from "./lib/table.mjs";

/** In this order. Those that mostly wait, and measure no speed, run at the same time. */
const PARTS = [
  ...["monitor", "restarts", "dead-peer", "phonebooks", "numbers", "caller", "hangup", "start", "endurance", "alone"],
];
const WAITING = ["restarts", "dead-peer", "endurance"];

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    against: { type: "string" },
    out: { type: "string", default: join(bench, "results.json") },
  },
});

const wanted = options.only?.split(",").map((name) => name.trim()) ?? PARTS;
const unknown = wanted.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(", ")}. The parts are ${PARTS.join(", ")}.`);
  process.exit(1);
}
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
])
  process.once(signal, () => process.exit(code)); // and all clear up
const earlier = options.against && JSON.parse(readFileSync(options.against, "utf8"));

const results = {
  commit: commit(),
  at: new Date().toISOString(),
  machine: machine(),
  measured: whoIsMeasured(),
  quick: options.quick,
  parts: [],
};
console.log(results.measured.map(({ name, version, license }) => `${name} ${version} (${license})`).join(", "));
console.log(`${results.machine.cpu}, ${results.machine.cores} cores, Node.js ${results.machine.node}\n\n${LEGEND}\n`);

async function measure(name) {
  const { title, run } = await import(`./parts/${name}.mjs`);
  const from = Date.now();
  const figures = await run({ quick: options.quick, runs: options.quick ? 2 : 5 }).catch((error) => {
    console.error(`${title} could not be measured:`, error);
    process.exitCode = 1;
    return [];
  });
  if (figures.length === 0) return;
  const part = { name, title, figures };
  results.parts.push(part);
  console.log(`${renderPart(part)}\n    (${Math.round((Date.now() - from) / 1000)} s)\n`);
}

for (const name of wanted.filter((one) => !WAITING.includes(one))) await measure(name);
await Promise.all(wanted.filter((one) => WAITING.includes(one)).map(measure));
if (earlier)
  console.log(`This package then, now, and how many times better:\n${renderAgainst(results.parts, earlier)}`);
writeFileSync(options.out, `${JSON.stringify(results, undefined, 2)}\n`);
