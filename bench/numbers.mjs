// Numbers measured beside libphonenumber-js: how many a second, what loading costs in time and memory. Medians of several runs.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runs, writeResults } from "./lib/own-results.mjs";

const require = createRequire(import.meta.url);
const lib = join(import.meta.dirname, "..", "dist", "lib");
const google = require.resolve("libphonenumber-js/max");
const { lookupKeys, normalizeNumber } = require(lib);
const { parsePhoneNumberFromString } = require(google);

const RUNS = runs(5);
const NUMBERS = 20_000;
const PLAN = { countryCode: "49", areaCode: "7191" };

/** Written as boxes and people write them; the last digits differ from number to number. */
const written = (forms) =>
  Array.from({ length: NUMBERS }, (_, i) => forms[i % forms.length] + String(1000 + (i % 9000)));
const german = written(["030 2312", "+49 (0)711/12 34", "0171 392", "0049 7191 73", "123", "0800 123"]);
const foreign = written(["+43 1 555", "0044 20 7946 ", "+39 06 1234", "001 212 555 ", "+41 44 123 "]);

function perSecond(numbers, work) {
  const from = process.hrtime.bigint();
  for (const number of numbers) work(number);
  return numbers.length / (Number(process.hrtime.bigint() - from) / 1e9);
}

/** In a process of its own: milliseconds and megabytes (resident) of a statement, after others. */
function cost(statement, before = "") {
  const script = `
    const lib = ${JSON.stringify(lib)}, google = ${JSON.stringify(google)}, plan = ${JSON.stringify(PLAN)};
    ${before}; gc();
    const rss = process.memoryUsage.rss(), from = process.hrtime.bigint();
    ${statement};
    const ms = Number(process.hrtime.bigint() - from) / 1e6;
    gc();
    console.log(JSON.stringify({ ms, mb: (process.memoryUsage.rss() - rss) / 1e6 }));`;
  const { stdout } = spawnSync(process.execPath, ["--expose-gc", "-e", script], { encoding: "utf8" });
  return JSON.parse(stdout);
}

const load = "const { normalizeNumber } = require(lib)";
const first = 'normalizeNumber("0711 123456", plan)';
const COSTS = {
  "first number (data)": [first, load],
  "first foreign number (libphonenumber-js)": ['normalizeNumber("+43 1 5550000", plan)', `${load}; ${first}`],
  "libphonenumber-js/max alone": ['require(google).parsePhoneNumberFromString("+49711123456").isValid()'],
};
const RATES = {
  "German numbers": [german, (number) => normalizeNumber(number, PLAN)],
  "German numbers, keys for an index": [german, (number) => lookupKeys(number, PLAN)],
  "German numbers, libphonenumber-js parse + isValid": [german, (number) => parse(number)],
  "foreign numbers": [foreign, (number) => normalizeNumber(number, PLAN)],
  "foreign numbers, libphonenumber-js parse + isValid": [foreign, (number) => parse(number)],
};
const parse = (number) => parsePhoneNumberFromString(number, "DE")?.isValid();

const results = {};
for (const [name, [numbers, work]] of Object.entries(RATES)) {
  const rates = Array.from({ length: RUNS }, () => perSecond(numbers, work));
  results[`${name}, numbers/s`] = rates;
}
for (const [name, args] of Object.entries(COSTS)) {
  const costs = Array.from({ length: RUNS }, () => cost(...args));
  results[`${name}, ms`] = costs.map(({ ms }) => ms);
  results[`${name}, MB`] = costs.map(({ mb }) => mb);
}
writeResults(results);
