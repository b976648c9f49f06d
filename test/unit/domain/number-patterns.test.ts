import assert from "node:assert/strict";
import { matchesPattern, callerKey, parsePattern, splitNetwork } from "../../../src/lib/domain/number-patterns";
import type { DialPlan } from "../../../src/lib/model/phone-number";

const BACKNANG: DialPlan = { countryCode: "49", areaCode: "7191", trunkPrefix: "0", intlPrefix: "00" };
const MILAN: DialPlan = { countryCode: "39", trunkPrefix: "", intlPrefix: "00" };
const SYDNEY: DialPlan = { countryCode: "61", areaCode: "2", trunkPrefix: "0", intlPrefix: "0011" };

describe("callerKey: all written forms of a number are one", () => {
  for (const [text, key, plan] of [
    ["030 23125001", "+493023125001"],
    ["030/23125-001", "+493023125001"],
    ["(030) 23125001", "+493023125001"],
    ["+49 30 23125001", "+493023125001"],
    ["+49 (0)30 23125001", "+493023125001"],
    ["0049 30 23125001", "+493023125001"],
    ["0049 030 23125001", "+493023125001"],
    ["tel:+493023125001", "+493023125001"],
    ["03023125001#", "+493023125001"],
    ["03023125001(+41791234567)", "+493023125001"],
    ["０３０ 23125001", "+493023125001"],
    ["03023125xxx", "+493023125xxx"],
    ["0041 44 668 18 00", "+41446681800"],
    ["732123", "+497191732123", BACKNANG],
    ["732123", "732123"],
    ["62", "62", BACKNANG],
    ["110", "110", BACKNANG],
    ["116117", "116117", BACKNANG],
    ["**610", "**610", BACKNANG],
    ["*31#03023125001", "*31#03023125001"],
    ["02 1234567", "+39021234567", MILAN],
    ["3331234567", "+393331234567", MILAN],
    ["0039 02 1234567", "+39021234567", MILAN],
    ["0011 49 30 23125001", "+493023125001", SYDNEY],
    ["02 9999 1234", "+61299991234", SYDNEY],
    ["9999 1234", "+61299991234", SYDNEY],
    ["", ""],
    ["anna@example.org", ""],
    ["anonymous", ""],
    ["0711*5", ""],
    ["030 23125001,,5", ""],
    ["+", ""],
  ] as [string, string, DialPlan?][]) {
    it(`"${text}"${plan ? ` in ${plan.countryCode}` : ""} is ${key || "no number"}`, () =>
      assert.equal(callerKey(text, plan), key));
  }
});

describe("splitNetwork", () => {
  for (const [text, shown, network] of [
    ["03023125001(+41791234567)", "03023125001", "+41791234567"],
    ["03023125001 (0791 23456)", "03023125001 ", "0791 23456"],
    ["(030) 23125001", "(030) 23125001", undefined],
    ["+49 (0)30 23125001", "+49 (0)30 23125001", undefined],
    ["030 23125001 (0)", "030 23125001 (0)", undefined],
  ] as [string, string, string | undefined][]) {
    it(text, () => assert.deepEqual(splitNetwork(text), { shown, ...(network !== undefined && { network }) }));
  }
});

describe("patterns", () => {
  for (const [pattern, matching, others, plan] of [
    ["030 23125001", ["+493023125001", "0049 30 23125001"], ["030 231250011", "030 2312500", "089 99998001"]],
    ["0900*", ["0900 1234567", "+49 900 5123456", "0900"], ["0800 1234567", "090", "+1900555"]],
    ["+4930*", ["030 23125001", "0049 30 1"], ["031 1", "+43 30 1"]],
    ["004930*", ["030 23125001"], ["031 1"]],
    ["+49 (0)30*", ["030 23125001"], ["031 1"]],
    ["+49*", ["030 23125001", "0171 3920000"], ["+43 1 1"]],
    ["+1*", ["001 212 5550100"], ["030 1"]],
    ["030 23125000..030 23125099", ["030 23125000", "03023125099", "+493023125050"], ["03023125100", "0302312505"]],
    ["030 23125000..99", ["030 23125000", "030 23125099"], ["030 23125100", "030 23124999", "030 231250001"]],
    ["030 23125000…+493023125005", ["030 23125005"], ["030 23125006"]],
    ["030 23125000...05", ["030 23125005"], ["030 23125006"]],
    ["732*", ["07191 732123", "732123"], ["030 732123"], BACKNANG],
    ["7*", ["07191 732123"], ["07191 832123"], BACKNANG],
    ["732*", ["732123"], ["07191 732123"]],
    ["**61*", ["**610"], ["**620", "061 0"]],
    ["02*", ["+39 02 1234567", "02 1234567"], ["06 1234567"], MILAN],
    ["0900123xxx", ["0900 123xxx"], ["0900 123456"]],
  ] as [string, string[], string[], DialPlan?][]) {
    it(`${pattern} means ${matching.join(", ")}, not ${others.join(", ")}`, () => {
      const parsed = parsePattern(pattern, plan);
      assert.ok(parsed);
      for (const number of matching) assert.ok(matchesPattern(parsed, callerKey(number, plan)), number);
      for (const number of others) assert.ok(!matchesPattern(parsed, callerKey(number, plan)), number);
      assert.ok(!matchesPattern(parsed, ""), "no number");
    });
  }

  for (const pattern of [
    ...["", " ", "*", "**", "+*", "0*", "00*", "0900*1", "09*00*", "Betrug", "Betrug*", "..", "0900..", "..0900"],
    ...["030 23125099..030 23125000", "030 23125000..030 231250000", "030..31..32", "0900*..0901*", "a..b"],
  ]) {
    it(`"${pattern}" is none`, () => assert.equal(parsePattern(pattern), undefined));
  }
});
