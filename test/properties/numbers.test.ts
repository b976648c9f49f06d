import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type DialPlan,
  type Flag,
  isSameNumber,
  lookupKeys,
  normalizeNumber,
  type NumberType,
  prefixKeys,
} from "../../src/lib/numbers/index";
import { loadNumberingData } from "../../src/lib/numbers/data";
import { BERLIN, HOME, NEW_YORK, ROME, SYDNEY, VIENNA } from "../support/numbers";
import { anyText, party } from "./arbitraries";

const RUNS = { numRuns: 3000 };
const { areas, countries } = loadNumberingData();

/** Lithuania's trunk prefix of today behind the former one. */
const TWO_TRUNKS: [string, DialPlan] = ["8060000000", { countryCode: "370" }];

const TYPES: readonly NumberType[] = [
  ...([
    "landline",
    "mobile",
    "nomadic",
    "freephone",
    "shared-cost",
    "premium",
    "mass",
    "personal",
    "pager",
    "vpn",
  ] as const),
  ...(["online", "short", "foreign", "internal", "code", "sip", "prefix", "anonymous", "invalid"] as const),
];
const FLAGS: readonly Flag[] = [
  ...(["unknown-area-code", "unknown-country", "too-short", "too-long", "subscriber-zero", "veiled-mobile"] as const),
  ...(["illegal-cli", "emergency-cli", "missing-zero", "missing-plus", "reserved-range", "fictional"] as const),
  ...(["call-by-call", "lookalike-area-code"] as const),
];

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength, maxLength });
const code = fc.constantFrom(...areas.keys());
const callingCode = fc.constantFrom(...countries.keys());
const prefix = fc.oneof(
  fc.constantFrom("", "0", "00", "+", "+49", "0049", "010", "0100", "011", "0011", "**", "*31#"),
  fc.tuple(fc.constantFrom("+", "00"), callingCode).map((parts) => parts.join("")),
  code.map((area) => `0${area}`),
);
const dialled = fc.tuple(prefix, digits(0, 14), fc.constantFrom("", "", "", "#", "*")).map((parts) => parts.join(""));

const anyPlan = fc.record({
  countryCode: fc.oneof(callingCode, anyText),
  areaCode: fc.oneof(digits(0, 5), anyText),
  trunkPrefix: fc.constantFrom("0", "", "1", "8"),
  intlPrefix: fc.constantFrom("00", "", "011"),
  direction: fc.constantFrom("in" as const, "out" as const),
}) as fc.Arbitrary<DialPlan>;
const plan = fc.oneof(fc.constantFrom(HOME, BERLIN, VIENNA, ROME, NEW_YORK, SYDNEY, { countryCode: "49" }), anyPlan);

describe("numbers (properties)", () => {
  it("anything gets an answer of the contract's form, in plain JSON", () => {
    const input = fc.oneof(dialled, party, anyText, fc.anything(), digits(0, 600));
    fc.assert(
      fc.property(input, fc.oneof(plan, fc.anything()), (text, home) => {
        const number = normalizeNumber(text as string, home as DialPlan);
        assert.ok(TYPES.includes(number.type), number.type);
        assert.deepEqual(
          number.flags.filter((flag) => !FLAGS.includes(flag)),
          [],
        );
        assert.equal(new Set(number.flags).size, number.flags.length, "a flag twice");
        for (const e164 of [number.e164, number.alt ?? null]) assert.match(e164 ?? "+1", /^\+[1-9]\d*$/);
        const withoutNumber = ["anonymous", "internal", "code", "sip", "short", "prefix", "invalid"];
        assert.equal(number.e164 === null, withoutNumber.includes(number.type), number.type);
        assert.equal(number.prefix !== undefined, number.type === "prefix");
        assert.deepEqual(JSON.parse(JSON.stringify(number)), number);
        assert.ok(lookupKeys(text as string, home as DialPlan).every((key) => key !== ""));
      }),
      RUNS,
    );
  });

  it("an E.164 number is itself, of the same kind", () => {
    fc.assert(
      fc.property(dialled, plan, (text, home) => {
        const number = normalizeNumber(text, home);
        if (number.e164 === null) return;
        const again = normalizeNumber(number.e164, home);
        const written: Flag[] = ["missing-plus", "missing-zero", "call-by-call"];
        const flags = (of: readonly Flag[]) => of.filter((flag) => !written.includes(flag));
        assert.deepEqual({ ...again, flags: flags(again.flags) }, { ...number, flags: flags(number.flags) });
      }),
      { ...RUNS, examples: [TWO_TRUNKS] },
    );
  });

  /** Writes the same digits with blanks, dashes, slashes and dots in between. */
  const spaced = (text: string) =>
    fc
      .array(fc.constantFrom("", "", "", " ", "-", "/", ".", " - ", "\u00a0", "\u200b", "\u2011"), {
        minLength: text.length,
        maxLength: text.length,
      })
      .map((gaps) => [...text].map((digit, i) => digit + (i === text.length - 1 ? "" : (gaps[i] ?? ""))).join(""));

  it("all ways to write a German number agree", () => {
    const national = fc.oneof(
      fc.tuple(code, digits(1, 9)).map((parts) => parts.join("")),
      fc
        .tuple(fc.constantFrom("151", "171", "800", "900", "180", "32", "12", "11"), digits(4, 9))
        .map((parts) => parts.join("")),
      digits(2, 12).filter((text) => !text.startsWith("0")),
    );
    const forms = national.chain((text) =>
      fc.tuple(
        fc.constant(`0${text}`),
        fc
          .tuple(
            fc.constantFrom("0", "(0)", "+49", "0049", "+49 (0) ", "+490", "00490", "tel:+49", "*31#0", "+49("),
            spaced(text),
          )
          .map(([start, rest]) =>
            start.endsWith("(") ? `${start}${rest.slice(0, 2)})${rest.slice(2)}` : start + rest,
          ),
        fc.constantFrom("", "#", " "),
      ),
    );
    fc.assert(
      fc.property(forms, fc.constantFrom(HOME, BERLIN, { countryCode: "+49" }), ([plain, decorated, end], home) => {
        assert.deepEqual(
          normalizeNumber(decorated + end, home),
          normalizeNumber(plain, home),
          `${plain} ${decorated}${end}`,
        );
        assert.equal(isSameNumber(decorated + end, plain, home), true);
        assert.deepEqual(lookupKeys(decorated + end, home), lookupKeys(plain, home));
      }),
      RUNS,
    );
  });

  it("a local number is the one with the area code", () => {
    const local = digits(4, 8).filter((text) => !text.startsWith("0") && !text.startsWith("11"));
    fc.assert(
      fc.property(local, (text) => {
        assert.deepEqual(normalizeNumber(text, HOME), normalizeNumber(`07191${text}`, HOME));
      }),
      RUNS,
    );
  });

  it("a foreign number is the same from every home", () => {
    fc.assert(
      fc.property(callingCode, digits(5, 11), (country, rest) => {
        const seen = [HOME, VIENNA, ROME].map((home) => normalizeNumber(`+${country}${rest}`, home).e164);
        assert.equal(new Set(seen.filter((e164) => e164 !== null)).size <= 1, true);
        const american = normalizeNumber(`011${country}${rest}`, NEW_YORK);
        assert.equal(american.e164, normalizeNumber(`+${country}${rest}`, NEW_YORK).e164);
      }),
      RUNS,
    );
  });

  it("a wildcard covers the numbers that begin like it", () => {
    fc.assert(
      fc.property(code, digits(2, 4), digits(2, 4), (area, start, rest) => {
        const [wildcard = ""] = lookupKeys(`0${area}/${start}*`, HOME);
        const [number = ""] = lookupKeys(`+49 ${area} ${start}${rest}`, HOME);
        assert.ok(prefixKeys(number).includes(wildcard), `${wildcard} ${number}`);
        const other = lookupKeys(`+48${area}${start}${rest}`, HOME)[0] ?? "";
        assert.ok(!prefixKeys(other).includes(wildcard));
      }),
      RUNS,
    );
  });
});
