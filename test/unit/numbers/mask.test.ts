import assert from "node:assert/strict";
import { maskNumber, maskText, quoted } from "../../../src/lib/numbers/mask";

describe("maskNumber", () => {
  for (const [number, masked] of [
    ["", ""],
    ["01755290123", "01755290xxx"],
    ["+49 7191 732123", "+49 7191 732xxx"],
    ["07191/732-12-3", "07191/732-xx-x"],
    ["0222222222#", "0222222xxx#"],
    ["62", "xx"],
    ["110", "xxx"],
    ["**621", "**xxx"],
    ["0711123456(03012345678)", "0711123xxx(03012345xxx)"],
    ["0711 123456 (030 12345678)", "0711 123xxx (030 12345xxx)"],
    ["0171xxxxxx9", "0171xxxxxxx"],
    ["01755290xxx", "01755290xxx"],
    ["anna.b@example.net", "xxx@example.net"],
    ["sip:0711123456@example.net", "xxx@example.net"],
    ["0711123456@example.net", "0711123xxx@example.net"],
    ["anna@01755290123@example.net", "xxx@01755290xxx@example.net"],
    ["anna", "xxx"],
  ] as const) {
    it(`${number || "nothing"} -> ${masked}`, () => {
      assert.equal(maskNumber(number), masked);
      assert.equal(maskNumber(masked), masked, "twice changes nothing");
    });
  }
});

describe("maskText", () => {
  for (const [text, masked] of [
    ["", ""],
    ["call 0711 123456 or (030) 12 34 56, now", "call 0711 123xxx or (030  12 3x xx, now"],
    ["+491755290123", "+491755290xxx"],
    ["+49 (0) 7191 / 732-123", "+49  0  7191 / 732-xxx"],
    ["16.06.20 12:25:42;RINGS;0;01755290123;732123;", "16.06.20 12:25:42;RINGS;0;01755290xxx;732xxx;"],
    ["16.06.2020 12:25:42;RINGS;01755290123", "16.06.2020 12:25:42;RINGS;01755290xxx"],
    ["score 7 of 9, 110", "score 7 of 9, 110"],
    ["01755290xxx", "01755290xxx"],
    ["0171xxxxxx9", "0171xxxxxxx"],
  ] as const) {
    it(JSON.stringify(text), () => {
      assert.equal(maskText(text).replace(/[ ()]+/g, " "), masked.replace(/[ ()]+/g, " "));
      assert.equal(maskText(maskText(text)), maskText(text), "twice changes nothing");
    });
  }
});

describe("masking a text of 200 kB", () => {
  const long = "+1(0)".repeat(40_000);

  it("leaves no digit in it", () => {
    assert.equal(maskNumber(long), "xxx");
    assert.equal(maskText(long), long.replace(/\d/g, "x"));
  });
});

describe("what an error quotes of a message", () => {
  for (const [text, said] of [
    ["Spam", "Spam"],
    ["030 23125001", "030 23125xxx"],
    ["X_AVM-DE_OnTel:1", "X_AVM-DE_OnTel:1"],
    ["a\nb\u0000c", "a b c"],
    ["x".repeat(200_000), `${"x".repeat(100)}…`],
  ] as const) {
    it(JSON.stringify(text.slice(0, 30)), () => assert.equal(quoted(text), said));
  }
});
