// This package's own benchmarks, which have no peer to stand beside: each file of bench/ runs as it is.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { figure, THIS } from "../lib/figures.mjs";
import { RESULTS } from "../lib/own-results.mjs";
import { bench } from "../lib/peers.mjs";

export const title = "This package alone";

export async function run({ quick }) {
  const files = readdirSync(bench).filter((file) => file.endsWith(".mjs") && file !== "run.mjs");
  return files.flatMap((file) => {
    rmSync(RESULTS, { force: true });
    const args = ["--expose-gc", join(bench, file), ...(quick ? ["--quick"] : [])];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`bench/${file}: ${stderr}`);
    const found = Object.entries(JSON.parse(readFileSync(RESULTS, "utf8")));
    return found.map(([what, values]) => toFigure(file, what, values));
  });
}

/** "socket to event, lines/s" -> what and unit; only rates and counts of what is whole are better when they are more. */
function toFigure(file, text, values) {
  const [, what, unit] = /^(.*)[,:] ([^,:]+)$/.exec(text) ?? ["", text, ""];
  const better = /\/s$|^complete$/.test(unit) ? "more" : "less";
  return figure(
    what,
    { unit, better, how: `runs: ${values.length}, of bench/${file}, which says how; what warms up is not counted` },
    { [THIS]: values },
  );
}
