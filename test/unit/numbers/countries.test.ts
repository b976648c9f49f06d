/** What docs/countries.md says of each country, seen from a home in it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isCallForHelp, isEmergency, normalizeNumber } from "../../../src/lib/numbers/index";
import { at } from "../../support/numbers";
import { root } from "../../support/node-red-server";

interface Known {
  code: string;
  /** As it is written there, and what it is. */
  landline: [written: string, e164: string, town?: string];
  mobile: [written: string, e164: string];
  free: string;
  costly: string;
  /** Dialled there for help, besides 112. */
  help: string[];
}

const COUNTRIES: Record<string, Known> = {
  AT: {
    ...{ code: "43", landline: ["01 5123456", "+4315123456", "Wien"], mobile: ["0664 1234567", "+436641234567"] },
    ...{ free: "0800 123456", costly: "0900 123456", help: ["122", "128", "133", "140", "144"] },
  },
  CH: {
    ...{ code: "41", landline: ["044 668 18 00", "+41446681800", "Zürich"], mobile: ["078 123 45 67", "+41781234567"] },
    ...{ free: "0800 123456", costly: "0900 123456", help: ["117", "118", "144", "1414", "1415"] },
  },
  LI: {
    ...{ code: "423", landline: ["234 56 78", "+4232345678"], mobile: ["660 234 567", "+423660234567"] },
    ...{ free: "800 22 22", costly: "900 22 22", help: ["117", "118", "144"] },
  },
  NL: {
    ...{ code: "31", landline: ["010 2345678", "+31102345678", "Rotterdam"], mobile: ["06 12345678", "+31612345678"] },
    ...{ free: "0800 1234567", costly: "0900 1234567", help: [] },
  },
  BE: {
    ...{
      code: "32",
      landline: ["03 212 34 56", "+3232123456", "Antwerpen"],
      mobile: ["0470 12 34 56", "+32470123456"],
    },
    ...{ free: "0800 12345", costly: "0900 12345", help: ["100", "101"] },
  },
  LU: {
    ...{ code: "352", landline: ["22 12 34", "+352221234", "Luxemburg"], mobile: ["621 123 456", "+352621123456"] },
    ...{ free: "800 12345", costly: "900 12345", help: ["113"] },
  },
  FR: {
    ...{ code: "33", landline: ["01 42 68 53 00", "+33142685300"], mobile: ["06 12 34 56 78", "+33612345678"] },
    ...{ free: "0800 123456", costly: "0899 123456", help: ["15", "17", "18", "114", "191", "196", "197"] },
  },
  IT: {
    ...{ code: "39", landline: ["02 12345678", "+390212345678", "Milano"], mobile: ["340 1234567", "+393401234567"] },
    ...{ free: "800 123456", costly: "899 123456", help: ["113", "115", "118", "1515", "1530"] },
  },
  PL: {
    ...{ code: "48", landline: ["22 123 45 67", "+48221234567"], mobile: ["512 345 678", "+48512345678"] },
    ...{ free: "800 123 456", costly: "701 234 567", help: ["997", "998", "999"] },
  },
  GB: {
    ...{ code: "44", landline: ["020 7946 0018", "+442079460018"], mobile: ["07400 123456", "+447400123456"] },
    ...{ free: "0800 1111111", costly: "0909 8790123", help: ["999"] },
  },
  US: {
    ...{ code: "1", landline: ["(212) 555-0123", "+12125550123"], mobile: ["1 212 555 0123", "+12125550123"] },
    ...{ free: "800 234 5678", costly: "900 234 5678", help: ["911", "988"] },
  },
};
const page = readFileSync(join(root, "docs/countries.md"), "utf8");

for (const [region, { code, landline, mobile, free, costly, help }] of Object.entries(COUNTRIES)) {
  describe(`what is known of ${region}`, () => {
    const home = { countryCode: code };
    it("reads numbers as they are written there, with kind and town", () => {
      const [written, e164, town] = landline;
      const number = at(written, home);
      assert.deepEqual([number.e164, number.type, number.town], [e164, "landline", town]);
      const { e164: second, type } = at(mobile[0], home);
      assert.deepEqual([second, type], [mobile[1], region === "US" ? "landline" : "mobile"]);
      assert.equal(at(free, home).type, "freephone");
      assert.equal(at(costly, home).type, "premium");
      assert.equal(normalizeNumber(landline[1], { countryCode: "49" }).country, region);
    });

    it("knows the emergency numbers, which the page lists", () => {
      for (const number of ["112", ...help]) {
        assert.ok(isCallForHelp(number, home) && isEmergency(number, home), number);
      }
      const row = page.split("\n").find((line) => line.startsWith(`| ${region} `)) ?? "";
      for (const number of help) assert.match(row, new RegExp(`\\b${number}\\b`));
      assert.ok(row.includes(`+${code} `));
    });
  });
}

describe("emergency numbers of one country", () => {
  it("are none elsewhere", () => {
    for (const number of ["17", "998", "1414", "1530"])
      assert.ok(!isCallForHelp(number, { countryCode: "49" }), number);
    assert.ok(isEmergency("+3317", { countryCode: "49" }) && !isEmergency("+33171234567", { countryCode: "49" }));
  });
});

describe("withheld numbers", () => {
  it("are known by the words of the countries in which the box is sold", () => {
    const words = "anoniem,Onbekend,afgeschermd nummer,numéro masqué,Inconnu,privé,anonimo,Sconosciuto,numero nascosto";
    for (const word of [...words.split(","), "numero riservato", "nieznany", "numer zastrzeżony"]) {
      assert.equal(at(word).type, "anonymous", word);
    }
  });
});
