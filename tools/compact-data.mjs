// Packs data/*.csv into the one JSON file that the library loads with the first number. Bad data end the build.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The rows of one of our own files, which have no quotes. */
function readRows(folder, name, header) {
  const [first, ...lines] = readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  if (first !== header) throw new Error(`data/${name} starts with "${first}" instead of "${header}"`);
  return lines.map((line, i) => {
    const cells = line.split(";");
    if (cells.length !== header.split(";").length) throw new Error(`data/${name}:${i + 2} has ${cells.length} columns`);
    return cells;
  });
}

/** No special prefix may stand in the way of an area code. */
function assertApart(special, networks) {
  for (const [prefix] of special) {
    const network = networks.find(([code]) => code.startsWith(prefix) || prefix.startsWith(code));
    if (network) throw new Error(`data/special.csv: ${prefix} is in the way of the area code ${network[0]}`);
  }
}

function range([prefix, type, least, most, flags]) {
  const limits = { ...(least && { least: Number(least) }), ...(most && { most: Number(most) }) };
  return [prefix, { type, ...limits, flags: flags.split(" ").filter(Boolean) }];
}

/** "30\tBerlin\t40\tHamburg": read in a third of the time of an object with thousands of properties. */
function packed(rows) {
  const cells = rows.flatMap(([code, name]) => [code, name]);
  if (cells.some((cell) => cell.includes("\t"))) throw new Error("A tab in a name would be the end of it");
  return cells.join("\t");
}

/** Writes what the folder holds to the file `target`. */
export function compactData(folder, target) {
  const networks = readRows(folder, "onb.csv", "Ortsnetzkennzahl;Ortsnetzname;KennzeichenAktiv");
  const special = readRows(folder, "special.csv", "prefix;type;least;most;flags;about");
  assertApart(special, networks);
  const inUse = (wanted) => packed(networks.filter(([, , use]) => use === wanted));
  const towns = {};
  for (const [country, code, town] of readRows(folder, "towns.csv", "country;code;town")) {
    (towns[country] ??= []).push([code, town]);
  }
  const countries = readRows(folder, "countries.csv", "code;region;trunk;international");
  const compact = {
    areas: inUse("1"),
    former: inUse("0"),
    ranges: Object.fromEntries(special.map(range)),
    operators: packed(readRows(folder, "rnb.csv", "prefix;operator")),
    towns: Object.fromEntries(Object.entries(towns).map(([country, rows]) => [country, packed(rows)])),
    countries: Object.fromEntries(
      countries.map(([code, region, trunk, international]) => [code, { region, trunk, international }]),
    ),
  };
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, JSON.stringify(compact));
}
