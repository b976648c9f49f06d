// This package's own benchmarks, which have no peer to stand beside: each file of bench/ runs as it is.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { figure, THIS } from "../lib/figures.mjs";
import { bench } from "../lib/peers.mjs";

export const title = "This package alone";
const RESULTS = join(bench, "results.json");

export async function run() {
  const files = readdirSync(bench).filter((file) => file.endsWith(".mjs") && file !== "run.mjs");
  return files.flatMap((file) => {
    rmSync(RESULTS, { force: true });
    const { status, stderr } = spawnSync(process.execPath, ["--expose-gc", join(bench, file)], { encoding: "utf8" });
    if (status !== 0) throw new Error(`bench/${file}: ${stderr}`);
    const found = Object.entries(JSON.parse(readFileSync(RESULTS, "utf8")));
    return found
      .filter(([what, value]) => typeof value === "number" && what !== "runs")
      .map(([what, value]) => toFigure(file, what, value));
  });
}

/** "socket to event, lines/s" -> what and unit; only rates and counts of what is whole are better when they are more. */
function toFigure(file, text, value) {
  const [, what, unit] = /^(.*)[,:] ([^,:]+)$/.exec(text) ?? ["", text, ""];
  const better = /\/s$|^complete$/.test(unit) ? "more" : "less";
  return figure(
    what,
    { unit, better, how: `the median of several runs of bench/${file}, which says how` },
    { [THIS]: [value] },
  );
}
