// The table for people: a block for each part, this package first, each peer's figure with the ratio, then how it was measured.
import { THIS } from "./figures.mjs";

const WIDTH = 38;

/** 12345.6 -> "12,346", 1.2345 -> "1.23". */
export function readable(value) {
  if (!Number.isFinite(value)) return "-";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

/** ×2.5 = this package is 2.5 times better; ≈ = the runs overlap, so it may be chance. */
function cell(value, notes) {
  if (value === undefined) return "";
  if (value.none !== undefined) return `– [${notes.number(value.none)}]`;
  const ratio = value.ratio === undefined ? "" : `  ${value.near ? "≈" : ""}×${readable(value.ratio)}`;
  return readable(value.median) + spread(value) + ratio;
}

/** The least and the greatest of the runs, where they differ. */
function spread({ min, max, runs }) {
  if (!(runs > 1)) return "";
  const [least, most] = [readable(min), readable(max)];
  return least === most ? "" : ` (${least}–${most})`;
}

/** The same text gets the same number. */
class Notes {
  texts = [];

  number(text) {
    if (!this.texts.includes(text)) this.texts.push(text);
    return this.texts.indexOf(text) + 1;
  }
}

export function renderPart({ title, figures }) {
  const notes = new Notes();
  const names = [...new Set(figures.flatMap(({ values }) => Object.keys(values)))];
  const columns = [THIS, ...names.filter((name) => name !== THIS)];
  const first = Math.max(...figures.map(({ what, unit }) => what.length + unit.length + 7), title.length + 2);
  const line = (head, cells) => head.padEnd(first) + cells.map((text) => text.padStart(WIDTH)).join("");
  const rows = figures.map(({ what, unit, better, how, values }) => {
    const mark = `${what}, ${unit}${better === "less" ? " ↓" : ""} [${notes.number(how)}]`;
    return line(
      `  ${mark}`,
      columns.map((name) => cell(values[name], notes)),
    );
  });
  return [line(title, columns), ...rows, ...notes.texts.map((text, i) => `    [${i + 1}] ${text}`)].join("\n");
}

export const LEGEND =
  "Medians of several runs, in brackets the least and the greatest. ×2 = this package is twice as good, ×0.5 half as good; ≈ = the runs of both overlap, so the\n" +
  "difference may be chance; ↓ = less is better; – = not possible, the note says why.";

/** Each figure of this package beside the same one of an earlier run. */
export function renderAgainst(parts, earlier) {
  const before = new Map(
    earlier.parts.flatMap(({ name, figures }) => figures.map((one) => [`${name} ${one.what}`, one])),
  );
  return parts
    .flatMap(({ name, figures }) => figures.map((one) => [one, before.get(`${name} ${one.what}`)]))
    .map(([now, then]) => [now, now.values[THIS]?.median, then?.values[THIS]?.median])
    .filter(([, now, then]) => now > 0 && then > 0)
    .map(([{ what, unit, better }, now, then]) => {
      const ratio = better === "more" ? now / then : then / now;
      return `  ${`${what}, ${unit}`.padEnd(78)}${readable(then).padStart(12)}${readable(now).padStart(12)}  ×${readable(ratio)}`;
    })
    .join("\n");
}
