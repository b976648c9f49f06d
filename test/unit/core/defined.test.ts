import assert from "node:assert/strict";
import { defined } from "../../../src/lib/core/defined";

it("defined leaves out what is undefined, and nothing else", () => {
  const given = { a: undefined, b: null, c: 0, d: "", e: false };
  assert.deepEqual(Object.entries(defined(given)), [
    ["b", null],
    ["c", 0],
    ["d", ""],
    ["e", false],
  ]);
});
