import assert from "node:assert/strict";
import { readGivenContact, coversAll } from "../../../src/lib/phonebook/contact";
import type { Contact } from "../../../src/lib/phonebook/types";

const value = (given: unknown, purpose: "write" | "find" = "write") => {
  const read = readGivenContact(given, purpose);
  return read.ok ? read.value : read.fault;
};

describe("readGivenContact", () => {
  for (const [what, given, expected] of [
    [
      "the short form",
      { name: "Anna", number: "030 23125001" },
      { name: "Anna", numbers: [{ number: "030 23125001" }] },
    ],
    [
      "a number that is a number",
      { name: "Anna", number: 3023125001 },
      { name: "Anna", numbers: [{ number: "3023125001" }] },
    ],
    ["numbers as texts", { name: "A", numbers: ["1", 2] }, { name: "A", numbers: [{ number: "1" }, { number: "2" }] }],
    [
      "everything",
      {
        name: " Anna ",
        numbers: [{ number: " 1 ", type: "mobile", prio: true, quickdial: 7, vanity: "ANNA", other: 1 }],
        vip: false,
        emails: ["a@example.org", ""],
        imageUrl: "x",
        uniqueId: 28,
        modified: "2026-01-01T00:00:00Z",
        book: "Telefonbuch",
      },
      {
        name: " Anna ",
        numbers: [{ number: "1", type: "mobile", prio: true, quickdial: "7", vanity: "ANNA" }],
        vip: false,
        emails: ["a@example.org"],
        imageUrl: "x",
        uniqueId: "28",
      },
    ],
    [
      "properties of the wrong kind as not given",
      { name: "A", number: "1", vip: "yes", emails: "a@example.org", uniqueId: {}, imageUrl: null },
      { name: "A", numbers: [{ number: "1" }] },
    ],
    [
      "control characters as blanks, halves of characters not at all",
      { name: "A\u0000\r\nB\ud83d\uffff", number: "1\t2" },
      { name: "A B", numbers: [{ number: "1 2" }] },
    ],
    ["internal, wildcard and SIP numbers", { name: "A", numbers: ["**610", "0900*", "#96", "a@b"] }, undefined],
    [
      "an emoji and decomposed letters",
      { name: "a\u0308 😀", number: "1" },
      { name: "a\u0308 😀", numbers: [{ number: "1" }] },
    ],
    ["no object", "Anna", "no-object"],
    ["nothing", null, "no-object"],
    ["a list", [{ name: "A", number: "1" }], "no-object"],
    ["no name", { number: "1" }, "no-name"],
    ["an empty name", { name: " \n ", number: "1" }, "no-name"],
    ["no number", { name: "A" }, "no-number"],
    ["no number in the list", { name: "A", numbers: [] }, "no-number"],
    ["an empty number", { name: "A", number: "" }, "bad-number"],
    ["a number without digits", { name: "A", numbers: [{ number: "1" }, { number: "call me" }] }, "bad-number"],
    ["a masked number of a log", { name: "A", number: "808xxx" }, "bad-number"],
    ["a masked number among others", { name: "A", numbers: ["030 1", "+49 176 406-xXx"] }, "bad-number"],
    ["a number that is none", { name: "A", number: { digits: 1 } }, "bad-number"],
    ["a number that is null", { name: "A", number: null }, "bad-number"],
  ] as const) {
    it(`reads ${what}`, () => {
      if (expected === undefined) assert.notEqual(typeof value(given), "string");
      else assert.deepEqual(value(given), expected);
    });
  }

  it("needs little to find a contact", () => {
    assert.deepEqual(value({ uniqueId: "7" }, "find"), { name: "", numbers: [], uniqueId: "7" });
    assert.deepEqual(value({ name: "A" }, "find"), { name: "A", numbers: [] });
    // Such an entry of an older version must still be removable.
    assert.deepEqual(value({ number: "808xxx" }, "find"), { name: "", numbers: [{ number: "808xxx" }] });
    assert.deepEqual(value({ number: "1" }, "find"), { name: "", numbers: [{ number: "1" }] });
    assert.equal(value({}, "find"), "no-name");
    assert.equal(value({ number: "x" }, "find"), "bad-number");
    assert.equal(value(undefined, "find"), "no-object");
  });

  it("does not change its own answer", () => {
    const once = value({ name: " A ", numbers: [{ number: " 1" }], uniqueId: 3, vip: true });
    assert.deepEqual(value(once), once);
  });
});

describe("saysAll", () => {
  const present: Contact = {
    name: "Anna",
    numbers: [{ number: "1", type: "home", prio: true }, { number: "2" }],
    vip: true,
    emails: ["a"],
  };
  for (const wanted of [
    present,
    { name: "", numbers: [] },
    { name: "Anna", numbers: [{ number: "1" }, { number: "2" }] },
    { name: "Anna", numbers: [], emails: ["a"] },
  ]) {
    it(`yes to ${JSON.stringify(wanted)}`, () => assert.equal(coversAll(present, wanted), true));
  }
  for (const wanted of [
    { ...present, name: "anna" },
    { ...present, numbers: [{ number: "1" }] },
    { ...present, numbers: [{ number: "2" }, { number: "1" }] },
    { ...present, numbers: [{ number: "1", type: "work" }, { number: "2" }] },
    { ...present, numbers: [{ number: "1" }, { number: "2", prio: true }] },
    { ...present, vip: false },
    { ...present, emails: [] },
    { ...present, emails: ["b"] },
  ]) {
    it(`no to ${JSON.stringify(wanted)}`, () => assert.equal(coversAll(present, wanted), false));
  }

  it("a contact that is no VIP need not say so", () => {
    assert.equal(coversAll({ name: "A", numbers: [] }, { name: "A", numbers: [], vip: false, emails: [] }), true);
  });
});
