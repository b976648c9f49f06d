import assert from "node:assert/strict";
import { BoundedMap } from "../../../src/lib/core/bounded-map";

describe("bounded map", () => {
  it("keeps the entries that were set last, also those that were set again", () => {
    const map = new BoundedMap<string, number>(2);
    map.set("a", 1).set("b", 2).set("a", 3).set("c", 4);
    assert.deepEqual(
      [...map],
      [
        ["a", 3],
        ["c", 4],
      ],
    );
    map.delete("a");
    map.set("d", 5);
    assert.deepEqual([...map.keys()], ["c", "d"]);
  });

  it("keeps what is in use beyond its bound, until it is not", () => {
    const map = new BoundedMap<string, { used: boolean }>(2, ({ used }) => used);
    const [a, b, c] = [{ used: true }, { used: true }, { used: true }];
    map.set("a", a).set("b", b).set("c", c);
    assert.deepEqual([...map.keys()], ["a", "b", "c"]);
    for (const one of [a, b]) one.used = false;
    map.set("d", { used: false });
    assert.deepEqual([...map.keys()], ["c", "d"]);
  });
});
