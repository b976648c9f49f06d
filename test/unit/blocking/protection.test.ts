/** What keeps the rules from protecting, gravest first. */
import assert from "node:assert/strict";
import { gapOf, type ProtectionFacts } from "../../../src/lib/blocking/protection";

const WELL: ProtectionFacts = { rules: { minScore: 7 }, hasBox: true, hasLogin: true, scores: "yes" };

describe("gapOf", () => {
  const gap = (facts: Partial<ProtectionFacts>) => gapOf({ ...WELL, ...facts });

  it("finds nothing where all is there, or where it cannot be seen", () => {
    assert.equal(gap({}), undefined);
    assert.equal(gap({ scores: "unknown" }), undefined);
    assert.equal(gap({ rules: { minScore: 0, blockFake: true }, scores: "no" }), undefined);
    assert.equal(gap({ bookRule: true }), undefined);
  });

  it("names the contacts first, as every call gets through without them", () => {
    assert.equal(gap({ hasBox: false, hasLogin: false, scores: "no" }), "no-box");
    assert.equal(gap({ hasLogin: false, scores: "no", bookRule: false }), "no-login");
  });

  it("tells rules that cannot apply from a score rule beside others", () => {
    assert.equal(gap({ scores: "no" }), "no-rule");
    assert.equal(gap({ scores: "no-key" }), "no-key");
    assert.equal(gap({ rules: {} }), "no-rule");
    assert.equal(gap({ rules: { minScore: 7, blockFake: true }, scores: "no" }), "no-scores");
    assert.equal(gap({ rules: { minScore: 7, blockFake: true }, scores: "no-key" }), "no-key");
    assert.equal(gap({ bookRule: false }), "no-box-rule");
  });

  it("knows every rule that needs no score", () => {
    for (const rule of [
      ...[{ blockBooks: ["Spam"] }, { blockPatterns: ["0900*"] }, { blockForeign: true }, { blockAnonymous: true }],
      ...[{ blockFake: true }, { repeatCalls: 3 }, { quietFrom: "22:00", quietTo: "07:00" }],
      { countries: { mode: "block" as const, list: ["NG"] } },
    ]) {
      assert.equal(gap({ rules: { minScore: 0, ...rule }, scores: "no" }), undefined, JSON.stringify(rule));
    }
    for (const none of [{ quietFrom: "22:00" }, { countries: { mode: "allow" as const, list: ["AT"] } }]) {
      assert.equal(gap({ rules: { minScore: 0, ...none } }), "no-rule", JSON.stringify(none));
    }
  });
});
