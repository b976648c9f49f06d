// Figures: what was measured of whom, in which unit, which direction is better, and how.
import { median } from "./stats.mjs";

export const THIS = "this package";

/**
 * One row of the table. `values`: by subject, a number for each run, or a text that says why there is none.
 * `better`: "more" or "less".
 */
export function figure(what, { unit, better, how }, values) {
  const own = summary(values[THIS]);
  const told = Object.entries(values).map(([name, runs]) => {
    const one = summary(runs);
    return [name, name === THIS ? one : { ...one, ...against(own, one, better) }];
  });
  return { what, unit, better, how, values: Object.fromEntries(told) };
}

function summary(runs) {
  if (typeof runs === "string") return { none: runs };
  const values = runs.filter((value) => Number.isFinite(value));
  if (values.length === 0) return { none: "no run gave a figure" };
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), runs: values.length };
}

/** How many times better this package is; `near` if the runs of both overlap, so that it may be chance. */
function against(own, other, better) {
  if (own?.none !== undefined || other.none !== undefined || own === undefined) return {};
  const [above, below] = better === "more" ? [own, other] : [other, own];
  if (!(above.median > 0) || !(below.median > 0)) return {};
  return { ratio: above.median / below.median, near: own.max >= other.min && other.max >= own.min };
}
