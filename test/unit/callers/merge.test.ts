import assert from "node:assert/strict";
import fc from "fast-check";
import { isDecided, mergeFindings, type Vote, toScore } from "../../../src/lib/callers/merge";
import type { NameRank, Opinion, SourceFinding } from "../../../src/lib/callers/source";

const says = (id: string, finding: SourceFinding, group = id, trust = 1): Vote => ({
  source: { id, group, trust },
  finding,
});
const opinion = (risk: number, reports: number, extra: Partial<Opinion> = {}): SourceFinding => ({
  opinion: { risk, reports, ...extra },
});
const named = (text: string, rank: NameRank): SourceFinding => ({ name: { text, rank } });

describe("merge: the name", () => {
  it("goes by rank, not by length and not by order", () => {
    const label = says("tellows", named("Aggressive Werbung, Berlin", "label"));
    const details = says("tellows2", named("Muster Vertrieb", "details"));
    const trunk = says("dasoertliche", named("Muster & Söhne", "trunk"));
    const directory = says("searchch", named("Anna", "directory"));
    const own = says("phonebook", named("Mama", "phonebook"));
    const names = [label, details, trunk, directory, own];
    for (const [i, winner] of [
      "Aggressive Werbung, Berlin",
      "Muster Vertrieb",
      "Muster & Söhne",
      "Anna",
      "Mama",
    ].entries()) {
      assert.equal(mergeFindings(names.slice(0, i + 1)).name, winner);
      assert.equal(mergeFindings(names.slice(0, i + 1).reverse()).name, winner);
    }
  });

  it("of equals takes the first source's, and never an empty one", () => {
    const merged = mergeFindings([
      says("a", named("  ", "directory")),
      says("b", named("Bea", "directory")),
      says("c", named("Cleo", "directory")),
    ]);
    assert.equal(merged.name, "Bea");
  });
});

describe("merge: the place", () => {
  it("fills what the first source leaves open", () => {
    const merged = mergeFindings([
      says("numbers", { place: { country: "Deutschland", countryCode: "DE", areaCode: "30", town: "Berlin" } }),
      says("directory", { place: { town: "Berlin-Mitte", region: "Berlin" } }),
    ]);
    assert.deepEqual(merged.place, {
      country: "Deutschland",
      countryCode: "DE",
      areaCode: "30",
      town: "Berlin",
      region: "Berlin",
    });
  });

  it("does not mix two countries", () => {
    const merged = mergeFindings([
      says("numbers", { place: { countryCode: "AT" } }),
      says("odd", { place: { countryCode: "DE", town: "Berlin" } }),
    ]);
    assert.deepEqual(merged.place, { countryCode: "AT" });
  });
});

describe("merge: the score", () => {
  it("keeps a single witness's score", () => {
    for (let score = 1; score <= 9; score++) {
      const { spam } = mergeFindings([says("tellows", opinion((score - 1) * 12.5, 5, { link: "https://x.example/" }))]);
      assert.deepEqual(spam, { score, reports: 5, source: "tellows", link: "https://x.example/" });
    }
  });

  it("leaves unknown unknown: no opinion without reports", () => {
    for (const reports of [0, -1, NaN, 0.5])
      assert.equal(mergeFindings([says("a", opinion(50, reports))]).spam, undefined);
    assert.equal(mergeFindings([says("a", opinion(NaN, 5))]).spam, undefined);
    assert.equal(mergeFindings([]).spam, undefined);
  });

  it("counts sites that copy one another once", () => {
    const copied = [1, 2, 3, 4].map((i) => says(`copy${i}`, opinion(100, 10), "community"));
    const other = says("independent", opinion(0, 10));
    const { spam } = mergeFindings([...copied, other]);
    assert.deepEqual([spam?.score, spam?.reports], [5, 20]);
  });

  it("lets the one with more evidence speak for its group", () => {
    const { spam } = mergeFindings([says("few", opinion(100, 2), "g"), says("many", opinion(10, 40), "g")]);
    assert.deepEqual([spam?.score, spam?.reports, spam?.source], [2, 40, "many"]);
  });

  it("weighs good words against bad ones, by evidence and trust", () => {
    const bad = says("bad", opinion(90, 5));
    assert.ok((mergeFindings([bad, says("good", opinion(5, 50))]).spam?.score ?? 9) < 5);
    assert.ok((mergeFindings([bad, says("good", opinion(5, 1), "good", 0.3)]).spam?.score ?? 0) >= 7);
  });

  it("believes the user's own list above all", () => {
    const crowd = says("tellows", opinion(100, 500));
    const own = says("phoneblock", opinion(0, 1, { own: true }));
    assert.deepEqual(mergeFindings([crowd, own]).spam, { score: 1, reports: 1, source: "phoneblock" });
  });

  it("does not call a listed number spam for the word of a few", () => {
    const listed = says("dasoertliche", named("Erika Muster", "directory"));
    const score = (reports: number) => mergeFindings([listed, says("x", opinion(100, reports))]).spam?.score;
    assert.deepEqual([score(3), score(19), score(20)], [6, 6, 9]);
  });

  it("always gives 1..9 with at least one report", () => {
    const any = fc.array(
      fc.record({
        id: fc.constantFrom("a", "b", "c", "d"),
        group: fc.constantFrom("g", "h"),
        trust: fc.double({ min: 0.05, max: 1, noNaN: true }),
        risk: fc.double({ min: -10, max: 200 }),
        reports: fc.double({ min: -5, max: 1e6 }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(any, (rows) => {
        const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
        const { spam } = mergeFindings(
          unique.map(({ id, group, trust, risk, reports }) => says(id, opinion(risk, reports), group, trust)),
        );
        if (!spam) return;
        assert.ok(Number.isInteger(spam.score) && spam.score >= 1 && spam.score <= 9);
        assert.ok(spam.reports >= 1);
      }),
      { numRuns: 500 },
    );
  });

  it("maps risk to the scale of tellows", () => {
    assert.deepEqual([-5, 0, 50, 75, 76, 100, 200].map(toScore), [1, 1, 5, 7, 7, 9, 9]);
  });
});

describe("merge: whether enough is known", () => {
  const decided = (votes: Vote[], wantsScore: boolean) => isDecided(mergeFindings(votes), votes, wantsScore);

  it("is, for a contact and for spam by the usual thresholds", () => {
    const contact = says("phonebook", { contact: { book: "Telefonbuch", bookId: 0, name: "Mama", vip: false } });
    assert.equal(decided([contact], true), true);
    assert.equal(decided([says("a", opinion(75, 3))], true), true);
    assert.equal(decided([says("a", opinion(75, 2))], true), false);
    assert.equal(decided([says("a", opinion(60, 30))], true), false);
    assert.equal(decided([], true), false);
  });

  it("is, for a certain name if only a name is wanted", () => {
    const listed = [says("dasoertliche", named("Erika Muster", "directory"))];
    assert.equal(decided(listed, false), true);
    assert.equal(decided(listed, true), false);
    assert.equal(decided([says("tellows", named("Werbung", "label"))], false), false);
  });
});
