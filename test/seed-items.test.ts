/** The table of what Airport1's Fritzbox tools can do: complete, and each item has a test that exists. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support/node-red-server";

/** README and code of the tool set have so many; some belong together with more. */
const ITEMS = 61;

describe("docs/seed-items.md", () => {
  const text = readFileSync(join(root, "docs/seed-items.md"), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map(([, item = "", there = "", here = "", test = ""]) => ({ item: Number(item), there, here, test }));

  it("has all items, in order, each with its place here", () => {
    assert.deepEqual(
      rows.map(({ item }) => item),
      rows.map((_, i) => i + 1),
    );
    assert.ok(rows.length >= ITEMS);
    for (const { item, there, here } of rows) assert.ok(there.length > 2 && here.length > 2, `item ${item}`);
  });

  for (const { item, test } of rows) {
    it(`item ${item} has a test that exists: ${test}`, () => {
      const [path = ""] = /test\/[\w./-]+\.test\.ts/.exec(test) ?? [];
      assert.ok(path !== "" && existsSync(join(root, path)), test);
      assert.match(readFileSync(join(root, path), "utf8"), /\bit\(/);
    });
  }
});
