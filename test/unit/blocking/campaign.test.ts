import assert from "node:assert/strict";
import { campaignOf } from "../../../src/lib/blocking/campaign";
import type { JournalEntry } from "../../../src/lib/blocking/types";
import { BERLIN } from "../../support/numbers";

const AT = "2026-11-28T12:00:00+01:00";
const day = (days: number) => `2026-11-${String(28 - days).padStart(2, "0")}T11:00:00+01:00`;
const entry = (number: string, over: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ at: day(1), what: "allowed", number, because: "unknown" },
  ...over,
});
const neighbours = (count: number, over: Partial<JournalEntry> = {}) =>
  Array.from({ length: count }, (_, i) => entry(`030 231250${20 + i}`, over));
const of = (journal: JournalEntry[], over = {}) =>
  campaignOf(journal, { key: "+493023125001", at: AT, because: "unknown", ...over }, BERLIN);

describe("campaignOf", () => {
  it("four neighbours within a week, in any written form, each once", () => {
    const journal = [...neighbours(2), entry("+49 30 23125020"), entry("0049 30 23125099", { at: day(6) })];
    assert.deepEqual(of(journal), { range: "+4930231250*", numbers: 4, since: day(6) });
    assert.equal(of(neighbours(2)), undefined, "three are no campaign");
    assert.equal(of([...neighbours(2), entry("03023125001"), entry("030 23125020")]), undefined, "repeated calls");
  });

  it("neither older calls, nor other numbers, nor what is no call", () => {
    assert.equal(of(neighbours(5, { at: day(9) })), undefined);
    assert.equal(of(neighbours(5, { what: "added" })), undefined);
    assert.equal(of(Array.from({ length: 9 }, (_, i) => entry(`089 231250${20 + i}`))), undefined);
    assert.equal(of(Array.from({ length: 9 }, () => entry(""))), undefined);
  });

  it("no company that one has to do with, no caller who is known, no short number", () => {
    assert.equal(of([...neighbours(5), entry("030 23125055", { because: "contact" })]), undefined);
    assert.equal(of(neighbours(5), { because: "contact" }), undefined);
    assert.equal(of(neighbours(5), { key: "+4930110" }), undefined);
    assert.equal(of(neighbours(5), { at: "?" }), undefined);
    assert.equal(of(neighbours(5))?.numbers, 6);
  });
});
