import assert from "node:assert/strict";
import { numberKey } from "../../../src/lib/numbers/engine";

describe("numberKey", () => {
  const berlin = { countryCode: "49", areaCode: "30" };
  for (const written of ["030 23125001", "+49 (0) 30/231-25001", "0049 30 23125001", "23125001", "23125001#"]) {
    it(`${written} is one number`, () =>
      assert.deepEqual(numberKey(written, berlin), { text: "+493023125001", wildcard: false }));
  }

  for (const [written, text, wildcard] of [
    ["0900*", "+49900", true],
    ["**610", "**610", false],
    ["sip:Anna@example.org", "anna@example.org", false],
    ["110", "110", false],
    ["Wecker", "wecker", false],
    ["01755290xxx", "+491755290xxx", false],
    ["unbekannt", "", false],
    ["030 23125*", "+493023125", true],
  ] as const) {
    it(written, () => assert.deepEqual(numberKey(written, berlin), { text, wildcard }));
  }
});

describe("numberKey of a number that lost its zero", () => {
  it("knows the one that was meant", () => {
    const { meant } = numberKey("0493023125001", { countryCode: "49", areaCode: "7191" });
    assert.equal(meant, "+493023125001");
  });
});
