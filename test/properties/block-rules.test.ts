import assert from "node:assert/strict";
import fc from "fast-check";
import { decide } from "../../src/lib/blocking/decide";
import { type Flag, keyOf, matchesPattern, parsePattern } from "../../src/lib/numbers/index";
import type { BlockContext, BlockRules } from "../../src/lib/blocking/types";
import type { CallerInfo } from "../../src/lib/callers/types";
import { caller } from "../support/callers";
import { anyText, number } from "./arbitraries";

const book = fc.constantFrom("Family", "Spam", "Work", "Community");
const country = fc.constantFrom("NG", "AT", "CH", "US");
const flag = fc.constantFrom<Flag>("too-long", "unknown-area-code", "missing-zero", "illegal-cli", "fictional");
const time = fc.constantFrom("00:00", "06:59", "12:00", "22:00", "23:59");
const pattern = fc.constantFrom("030*", "0900*", "+4930*", "+234*", "0171 3920000..99", "732123", "*", "nonsense");

const e164 = fc.constantFrom("+493023125001", "+4917139200", "+499001234567", "+2348012345678", "+4315550100");

const info: fc.Arbitrary<CallerInfo> = fc
  .record(
    {
      e164,
      type: fc.constantFrom<CallerInfo["type"]>("landline", "mobile", "premium", "foreign", "anonymous", "invalid"),
      flags: fc.uniqueArray(flag, { maxLength: 3 }),
      place: fc.record({ countryCode: country }),
      name: fc.constantFrom("Oma", "Werbung", "x"),
      contact: fc.record({ book, bookId: fc.nat(5), name: fc.constant("Oma"), vip: fc.boolean() }),
      spam: fc.record({ score: fc.integer({ min: 1, max: 9 }), reports: fc.nat(30), source: fc.constant("x") }),
      sources: fc.array(
        fc.record({
          id: fc.constantFrom("phonebook", "tellows"),
          status: fc.constantFrom<"hit" | "failed">("hit", "failed"),
        }),
        { maxLength: 2 },
      ),
      complete: fc.boolean(),
    },
    { requiredKeys: ["e164", "type", "flags"] },
  )
  .map((over) => caller({ number: over.e164, ...over }));

const ruleParts = {
  allowBooks: fc.array(book, { maxLength: 2 }),
  blockBooks: fc.array(book, { maxLength: 2 }),
  allowPatterns: fc.array(pattern, { maxLength: 2 }),
  blockPatterns: fc.array(pattern, { maxLength: 3 }),
  minScore: fc.integer({ min: 0, max: 10 }),
  minReports: fc.nat(10),
  blockForeign: fc.boolean(),
  blockAnonymous: fc.boolean(),
  blockFake: fc.boolean(),
  countries: fc.record({
    mode: fc.constantFrom<"block" | "allow">("block", "allow"),
    list: fc.array(country, { maxLength: 2 }),
  }),
  repeatCalls: fc.nat(4),
  quietFrom: time,
  quietTo: time,
  quietVipOnly: fc.boolean(),
  quietDays: fc.constantFrom<BlockRules["quietDays"] & string>("", "workdays", "weekend"),
  namePatterns: fc.array(fc.constantFrom("*oma*", "*", "*w*b*", "x"), { maxLength: 2 }),
  numbers: fc.array(fc.constantFrom("732123", "07191 732124"), { maxLength: 2 }),
  targetBook: book,
};
const rules: fc.Arbitrary<BlockRules> = fc.record(ruleParts, { requiredKeys: [] });
const context: fc.Arbitrary<BlockContext> = fc.record(
  {
    plan: fc.constantFrom({ countryCode: "49", areaCode: "7191" }, { countryCode: "43" }),
    hits: fc.array(fc.record({ book, name: fc.constant("Oma"), vip: fc.boolean() }), { maxLength: 3 }),
    shortCalls: fc.nat(5),
    time,
    day: fc.integer({ min: 0, max: 6 }),
    called: fc.constantFrom("", "732123", "732124"),
  },
  { requiredKeys: [] },
);

describe("decide (properties)", () => {
  it("is total: anything at all gets a decision with a sentence, and a block names its rule", () => {
    const anything = fc.oneof(fc.anything(), info, fc.record({ number: fc.anything(), flags: fc.anything() }));
    fc.assert(
      fc.property(anything, fc.oneof(fc.anything(), rules), fc.oneof(fc.constant({}), context), (...given) => {
        const decision = decide(...(given as [CallerInfo, BlockRules, BlockContext]));
        assert.ok(decision.explanation.length > 5);
        if (decision.verdict === "block") assert.ok((decision.rule ?? "").length > 5);
        assert.deepEqual(JSON.parse(JSON.stringify(decision)), decision);
      }),
      { numRuns: 3000 },
    );
  });

  it("an allow list always wins", () => {
    fc.assert(
      fc.property(info, rules, context, fc.boolean(), (given, some, known, byBook) => {
        const ways: BlockRules = byBook
          ? { allowBooks: [...(some.allowBooks ?? []), "Grandma's"] }
          : { allowPatterns: [...(some.allowPatterns ?? []), given.e164 ?? ""] };
        const hits = [...(known.hits ?? []), { book: "Grandma's", name: "Oma" }];
        const { verdict } = decide(given, { ...some, ...ways }, { ...known, ...(byBook && { hits }) });
        assert.equal(verdict, "allow");
      }),
      { numRuns: 2000 },
    );
  });

  it("contacts of an ordinary book are blocked by nothing but quiet hours for important persons only", () => {
    fc.assert(
      fc.property(info, rules, context, fc.boolean(), (given, some, known, vip) => {
        const hits = [...(known.hits ?? []), { book: "Ordinary", name: "Oma", vip }];
        const { verdict, because } = decide(given, some, { ...known, hits });
        if (verdict === "block") assert.ok(because === "quiet-hours" && some.quietVipOnly === true && !vip, because);
      }),
      { numRuns: 2000 },
    );
  });

  it("one more reason to block never unblocks", () => {
    const more: fc.Arbitrary<(rules: BlockRules) => BlockRules> = fc.oneof(
      book.map((name) => (old: BlockRules) => ({ ...old, blockBooks: [...(old.blockBooks ?? []), name] })),
      pattern.map((text) => (old: BlockRules) => ({ ...old, blockPatterns: [...(old.blockPatterns ?? []), text] })),
      fc
        .constantFrom<BlockRules>(
          { blockAnonymous: true },
          { blockFake: true },
          { repeatCalls: 1 },
          { minScore: 1, minReports: 0 },
          { quietFrom: "00:00", quietTo: "23:59" },
        )
        .map((rule) => (old: BlockRules) => ({ ...old, ...rule })),
    );
    fc.assert(
      fc.property(info, rules, context, more, (given, some, known, add) => {
        const before = decide(given, some, known);
        const after = decide(given, add(some), known);
        if (before.verdict === "block" && before.because !== "quiet-hours") assert.equal(after.verdict, "block");
      }),
      { numRuns: 3000 },
    );
  });

  it("the same call is decided the same in every written form of its number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.constantFrom("030*", "030 23125000..499"), (n, text) => {
        const rest = `30 23125${String(n).padStart(3, "0")}`;
        const verdicts = [
          `0${rest}`,
          `+49${rest}`,
          `0049 ${rest}`,
          `+49 (0)${rest}`,
          `0${rest.replace(" ", "/")}#`,
        ].map(
          (written) =>
            decide({ ...caller(), number: written, e164: undefined as never }, { blockPatterns: [text] }).verdict,
        );
        assert.equal(new Set(verdicts).size, 1);
        assert.equal(verdicts[0], text === "030*" || n <= 499 ? "block" : "allow");
      }),
      { numRuns: 300 },
    );
  });
});

describe("patterns (properties)", () => {
  it("are total, and never match what is no number", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, number), fc.oneof(anyText, number), (text, other) => {
        const parsed = parsePattern(text);
        const key = keyOf(other);
        // Else it is a SIP address, which has a key of its own.
        if (!key.includes("@")) assert.match(key, /^(|\+?[\dx]+|[*#]+[\dx][\dx*#]*)$/);
        if (parsed) assert.equal(matchesPattern(parsed, ""), false);
      }),
      { numRuns: 2000 },
    );
  });

  it("a number matches itself, and the wildcard of its beginning", () => {
    fc.assert(
      fc.property(number, fc.nat(20), (text, cut) => {
        const key = keyOf(text);
        if (!/^\+[1-9]\d{3,}$/.test(key)) return;
        const exact = parsePattern(text);
        assert.ok(exact && matchesPattern(exact, key));
        const start = key.slice(0, 2 + (cut % (key.length - 2)));
        if (/^\+?0*(11)?$/.test(start)) return; // would mean nearly everybody
        const wildcard = parsePattern(`${start}*`);
        assert.ok(wildcard && matchesPattern(wildcard, key));
      }),
      { numRuns: 2000 },
    );
  });
});
