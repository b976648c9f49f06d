/** Order and headings of the sources, and what is saved of them. */
import assert from "node:assert/strict";
import {
  arrange,
  missingKey,
  type OfferedSource,
  type Row,
  type Sends,
  type SourceEntry,
  toSave,
} from "../../../src/editor/source-groups";

const offer = (id: string, sends: Sends): OfferedSource => ({ id, label: id, sends, local: false, kinds: [] });
const OFFERED = [
  offer("book", "nothing"),
  offer("pages", "number"),
  offer("hashes", "hash-prefix"),
  offer("data", "nothing"),
];
const reported = (rows: Row[]) => rows.map((row) => ("heading" in row ? `[${row.heading}]` : row.entry.id));

describe("arrange", () => {
  it("groups by what is sent, the harmless first", () => {
    const entries: SourceEntry[] = [{ id: "book", enabled: true }];
    assert.deepEqual(reported(arrange(entries, OFFERED)), [
      ...["[nothing]", "book", "data", "[hash-prefix]", "hashes", "[number]", "pages"],
    ]);
  });

  it("keeps the user's own order, which is the order of the questions", () => {
    const rows = reported(arrange([{ id: "pages" }, { id: "book" }], OFFERED));
    assert.deepEqual(rows, ["[chosen]", "pages", "book", "[nothing]", "data", "[hash-prefix]", "hashes"]);
  });

  it("reads of a user's own description what it sends", () => {
    const own = (url: string): SourceEntry => ({ id: "own", descriptor: { request: { url } } });
    assert.equal(reported(arrange([own("https://example.org/{{e164}}")], [])).at(0), "[number]");
    assert.equal(reported(arrange([own("https://example.org/list")], [])).at(0), "[nothing]");
  });
});

describe("what is saved of the sources", () => {
  it("what is on or was changed", () => {
    const [on, changed] = [
      { id: "pages", enabled: true },
      { id: "pages", enabled: false, minIntervalMs: 9 },
    ];
    assert.deepEqual(toSave([{ id: "pages", enabled: false }, on, changed]), [on, changed]);
  });

  it("an option under its present name; the former one gives way", () => {
    const entries = [
      { id: "a", gapMs: 0 },
      { id: "b", gapMs: 9, minIntervalMs: 5 },
    ];
    assert.deepEqual(toSave(entries), [
      { id: "a", minIntervalMs: 0 },
      { id: "b", minIntervalMs: 5 },
    ]);
  });

  it("a ticked source without its key is found, once the keys are known", () => {
    const entries = [{ id: "tellows", enabled: false }, { id: "phoneblock" }];
    assert.equal(missingKey(entries, undefined), undefined);
    assert.equal(
      missingKey(entries, () => false),
      "phoneblock",
    );
    assert.equal(
      missingKey(entries, (key) => key === "phoneblockToken"),
      undefined,
    );
  });
});
