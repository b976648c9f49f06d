/** The plans of other countries say of every number what libphonenumber-js says of it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import examples from "libphonenumber-js/examples.mobile.json";
import metadata from "libphonenumber-js/metadata.max.json";
import { foreignNumbers } from "../../src/lib/numbers/engine";
import { readPlans } from "../../src/lib/numbers/data";
import { witnessOf } from "../support/foreign-witness";

const CODES = [...Object.keys(metadata.country_calling_codes), ...Object.keys(metadata.nonGeographic)];
const MOBILE: Readonly<Record<string, string>> = examples;
const RUNS = { numRuns: 5_000 };

const digits = (constraints: { minLength: number; maxLength: number }) =>
  fc.string({ ...constraints, size: "max", unit: fc.constantFrom(..."0123456789") });

/** A calling code with a number of one of its lengths, often with what callers inside dial in front, or how its numbers begin. */
const likely = fc.constantFrom(...CODES).chain((code) => {
  const plans = readPlans(code) ?? [];
  return fc.constantFrom(...plans).chain(({ region = "", lengths, trunk = "0", leading = "" }) => {
    const begins = ["", trunk, leading, (MOBILE[region] ?? "").slice(0, 3)].filter((text) => /^\d*$/.test(text));
    return fc
      .tuple(fc.constantFrom(...begins), fc.constantFrom(...lengths), digits({ minLength: 17, maxLength: 17 }))
      .map(([begin, length, rest]) => `+${code}${begin}${rest.slice(0, Math.max(1, length - begin.length))}`);
  });
});
const any = fc
  .tuple(fc.constantFrom(...CODES), digits({ minLength: 1, maxLength: 19 }))
  .map((parts) => `+${parts.join("")}`);

const agree = (e164: string) => assert.deepEqual(foreignNumbers.judge(e164), witnessOf(e164));

describe("property: numbers of other countries", () => {
  it("every calling code has its plans", () => {
    for (const code of CODES) assert.ok((readPlans(code) ?? []).length > 0, code);
  });

  it("the example of each country, whole, with a trunk prefix, too short and too long", () => {
    for (const [code, regions] of Object.entries(metadata.country_calling_codes)) {
      for (const region of regions) {
        const number = MOBILE[region] ?? "";
        if (number === "") continue;
        for (const form of [number, `0${number}`, `1${number}`, `8${number}`, number.slice(0, -2), `${number}12345`])
          agree(`+${code}${form}`);
      }
    }
  });

  it("numbers that are likely", () => fc.assert(fc.property(likely, agree), RUNS));

  it("any digits behind a calling code", () => fc.assert(fc.property(any, agree), RUNS));

  it("digits without a calling code are no number", () => {
    for (const digits of ["+0", "+999123456", "+"]) assert.deepEqual(foreignNumbers.judge(digits), { valid: false });
  });
});
