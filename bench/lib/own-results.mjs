// What the benchmarks of this package alone share: how often they run, and where they leave what they measured.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bench } from "./peers.mjs";
import { median } from "./stats.mjs";

const quick = process.argv.includes("--quick");
export const RESULTS = join(bench, "results.json");

/** The number of runs; two with --quick. */
export const runs = (usual) => (quick ? Math.min(usual, 2) : usual);

/** Three digits say all that a measurement on a shared machine can say; whole numbers from 100 on. */
const rounded = (value) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

/** Prints the medians and adds the runs to `results.json`. `results`: "what, unit" -> the figure of each run. */
export function writeResults(results) {
  const all = Object.entries(results).map(([what, values]) => [what, values.map(rounded)]);
  console.table(Object.fromEntries(all.map(([what, values]) => [what, median(values)])));
  const others = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : {};
  writeFileSync(RESULTS, `${JSON.stringify({ ...others, ...Object.fromEntries(all) }, undefined, 2)}\n`);
}
