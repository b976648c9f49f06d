/** Values of unknown type, read as what is wanted or as the default. */
import assert from "node:assert/strict";
import { flagOr, numberOr, propertiesOf, readProperties, textOr, textsOf } from "../../../src/lib/core/unknown";

describe("values of unknown type", () => {
  it("are numbers as such or as a text, else the default", () => {
    const given = [7, "7.5", " 0 ", "", " ", "seven", NaN, Infinity, null, true, undefined];
    assert.deepEqual(
      given.map((value) => numberOr(value, -1)),
      [7, 7.5, 0, -1, -1, -1, -1, -1, -1, -1, -1],
    );
  });

  it("are switches only as booleans, texts also as numbers", () => {
    assert.deepEqual(
      [true, "true", 1, undefined].map((value) => flagOr(value, false)),
      [true, false, false, false],
    );
    assert.deepEqual(
      [" a ", 5, true, null].map((value) => textOr(value, "usual")),
      ["a", "5", "usual", "usual"],
    );
  });

  it("are lists of texts that say something", () => {
    assert.deepEqual(textsOf(["a", " ", 5, "b"]), ["a", "b"]);
    assert.deepEqual([textsOf("a"), textsOf(undefined)], [["a"], []]);
  });

  it("have no properties where they are no object", () => {
    assert.deepEqual([propertiesOf(null), propertiesOf("text"), propertiesOf({ a: 1 })], [{}, {}, { a: 1 }]);
  });

  it("are read as the defaults are, property by property", () => {
    const defaults = { on: true, count: 3, name: "usual", list: ["x"], other: undefined as unknown };
    assert.deepEqual(readProperties({}, defaults), defaults);
    assert.deepEqual(
      readProperties({ on: false, count: "4", name: " given ", list: "one", other: { a: 1 }, more: 1 }, defaults),
      { on: false, count: 4, name: " given ", list: ["one"], other: { a: 1 } },
    );
    assert.deepEqual(readProperties({ on: 1, count: "", name: 5, list: [1] }, defaults), { ...defaults, list: [] });
  });
});
