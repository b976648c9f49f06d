// Understands numbers with one subject's library: node number-reader.cjs <subject>, a question as JSON on stdin.
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const PLAN = { countryCode: "49", areaCode: "7191" };

/** The libraries' kinds in this package's words. */
const KINDS = {
  FIXED_LINE: ["landline"],
  MOBILE: ["mobile"],
  FIXED_LINE_OR_MOBILE: ["landline", "mobile"],
  TOLL_FREE: ["freephone"],
  PREMIUM_RATE: ["premium"],
  SHARED_COST: ["shared-cost"],
  VOIP: ["nomadic"],
  PERSONAL_NUMBER: ["personal"],
  PAGER: ["pager"],
  UAN: ["vpn"],
};
const UNKNOWN = { e164: null, country: undefined, kinds: ["invalid"], sound: false };

const LOADERS = {
  "this package": () => {
    const { normalizeNumber } = require(join(__dirname, "..", "..", "dist", "lib", "pure.js"));
    return (written) => {
      const { e164, type, country, flags } = normalizeNumber(written, PLAN);
      return { e164, country, kinds: [type], sound: type !== "invalid" && flags.length === 0 };
    };
  },
  "libphonenumber-js": () => {
    const { parsePhoneNumberFromString } = require("libphonenumber-js/max");
    return (written) => {
      const parsed = parsePhoneNumberFromString(written, "DE");
      if (!parsed) return UNKNOWN;
      const { number, country } = parsed;
      return { e164: number, country, kinds: KINDS[parsed.getType()] ?? ["invalid"], sound: parsed.isValid() };
    };
  },
  "google-libphonenumber": () => {
    const { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } = require("google-libphonenumber");
    const util = PhoneNumberUtil.getInstance();
    const names = new Map(Object.entries(PhoneNumberType).map(([name, value]) => [value, name]));
    return (written) => {
      try {
        const parsed = util.parseAndKeepRawInput(written, "DE");
        const kinds = KINDS[names.get(util.getNumberType(parsed))] ?? ["invalid"];
        const country = util.getRegionCodeForNumber(parsed) ?? undefined;
        return { e164: util.format(parsed, PhoneNumberFormat.E164), country, kinds, sound: util.isValidNumber(parsed) };
      } catch {
        return UNKNOWN;
      }
    };
  },
};

const SETS = {
  german: ["030 2312", "+49 (0)711/12 34", "0171 392", "0049 7191 73", "089-9999"],
  foreign: ["+43 1 555", "0044 20 7946 ", "+39 06 1234", "001 212 555 ", "+41 44 123 "],
};

const load = LOADERS[process.argv[2]];
const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;

function speed(set, count) {
  const read = load();
  const written = (n, from) =>
    Array.from({ length: n }, (_, i) => SETS[set][i % 5] + String(1000 + ((i + from) % 9000)));
  const before = written(count / 4, 7);
  const timed = written(count, 0);
  for (const number of before) read(number);
  const from = process.hrtime.bigint();
  for (const number of timed) read(number);
  return { perSecond: count / seconds(from) };
}

function cost(written) {
  global.gc();
  const { heapUsed } = process.memoryUsage();
  const from = process.hrtime.bigint();
  const read = load();
  read(written);
  const ms = seconds(from) * 1e3;
  global.gc();
  return { ms, heapMB: (process.memoryUsage().heapUsed - heapUsed) / 1e6 };
}

const question = JSON.parse(readFileSync(0, "utf8"));
const answer = question.read
  ? question.read.map(load())
  : question.cost
    ? cost(question.cost)
    : speed(question.speed, question.count);
console.log(JSON.stringify(answer));
