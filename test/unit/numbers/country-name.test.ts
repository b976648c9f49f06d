import assert from "node:assert/strict";
import { countryName } from "../../../src/lib/numbers/country-name";
import { loadNumberingData } from "../../../src/lib/numbers/data";

describe("countryName", () => {
  for (const [region, language, name] of [
    ["DE", "de", "Deutschland"],
    ["DE", "en-US", "Germany"],
    ["AT", "de-AT", "Österreich"],
    ["CH", "fr", "Suisse"],
    ["GB", "de", "Vereinigtes Königreich"],
    ["HK", "de", "Hongkong"],
    ["XK", "de", "Kosovo"],
    ["TA", "en", "Tristan da Cunha"],
    ["DE", "no language", "Germany"],
    ["DE", "", "Germany"],
    ["ZZZ", "de", undefined],
    ["de", "de", undefined],
    ["", "de", undefined],
  ] as const) {
    it(`${region || "nothing"} in "${language}" is ${name}`, () => assert.equal(countryName(region, language), name));
  }

  it("names what has a calling code and is no country, in German and English", () => {
    const codes = [...loadNumberingData().countries].filter(([, { region }]) => region === "001").map(([code]) => code);
    assert.deepEqual(codes.sort(), ["800", "808", "870", "878", "881", "882", "883", "888", "979"]);
    for (const code of codes) {
      const [german, english] = ["de", "en-US"].map((language) => countryName("001", language, `+${code}12345678`));
      assert.ok(german && english && german !== english, code);
    }
    assert.equal(countryName("001", "de", "+870123456789"), "Satellitentelefon (Inmarsat)");
    assert.equal(countryName("001", "de"), undefined);
  });

  it("names every country that has a calling code", () => {
    for (const [code, { region }] of loadNumberingData().countries) {
      const name = countryName(region, "de", `+${code}1`);
      assert.ok(name !== undefined && name !== region, code);
    }
  });
});
