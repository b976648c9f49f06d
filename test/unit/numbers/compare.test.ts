import assert from "node:assert/strict";
import { isOwnNumber, sameNumber } from "../../../src/lib/numbers/compare";

describe("sameNumber", () => {
  for (const [a, b] of [
    ["01755290123", "01755290123"],
    ["07191952123", "952123"],
    ["07191952xxx", "952xxx"],
    ["06158916137", "916137"],
    ["010130711123456", "0711123456"],
    ["0222222222#", "0222222222"],
    ["0711 123456", "0711/12-34-56"],
    ["0711123456(03012345678)", "0711123456"],
    ["+49171529012", "0049171529012"],
    ["+49171529012", "0171529012"],
    ["**621", "**621"],
    ["anna", "anna"],
    ["", ""],
  ] as const) {
    it(`${a || "nothing"} and ${b || "nothing"}`, () => {
      assert.equal(sameNumber(a, b), true);
      assert.equal(sameNumber(b, a), true);
    });
  }

  for (const [a, b] of [
    ["01755290123", "01755290124"],
    ["07191952123", "732123"],
    ["69xxx", "01755290xxx"],
    ["07191952123", "23"],
    ["", "0711123456"],
    ["anna", "bert"],
    ["anna", "0711123456"],
  ] as const) {
    it(`not ${a || "nothing"} and ${b}`, () => {
      assert.equal(sameNumber(a, b), false);
      assert.equal(sameNumber(b, a), false);
    });
  }
});

describe("isOwnNumber", () => {
  for (const [reported, wanted] of [
    ["732123", "732123"],
    ["732123", "07191 732123"],
    ["732123", "+49 7191 732123"],
    ["732123", "0049 7191/732123"],
    ["07191732123", "732123"],
    ["07191732123", "07191 732123"],
    ["07191732123", "+49 7191 732123"],
    ["+497191732123", "07191 732123"],
    ["+497191732123", "0049 7191 732123"],
    ["00497191732123", "+49 7191 732123"],
    ["+497191732123", "732123"],
    ["+497191732123", "+49 (0) 7191 732123"],
    ["732xxx", "732xxx"],
  ] as const) {
    it(`${reported} is ${wanted}`, () => assert.equal(isOwnNumber(reported, [wanted]), true));
  }

  for (const [reported, wanted] of [
    ["123", "456123"],
    ["456123", "123"],
    ["732123", "07191 732124"],
    ["07191732123", "07192 732123"],
    ["07191732123", "+49 7192 732123"],
    ["07191732123", "+49 711 91732123"],
    ["732123", ""],
    ["", "732123"],
    ["", ""],
    ["0", "+49 7191 732123"],
    ["3", "07191 732123"],
    ["123", "07191 732123"],
    ["07191732123", "2123"],
    ["+497191732123", "2123"],
  ] as const) {
    it(`${reported || "nothing"} is not ${wanted || "nothing"}`, () => {
      assert.equal(isOwnNumber(reported, [wanted]), false);
    });
  }

  it("any of several", () => {
    assert.equal(isOwnNumber("732123", ["69123", "07191 732123"]), true);
    assert.equal(isOwnNumber("732123", ["69123", "952123"]), false);
    assert.equal(isOwnNumber("732123", []), false);
  });
});
