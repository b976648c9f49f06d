import assert from "node:assert/strict";
import { isOwnNumber, maskNumber, maskText, sameNumber } from "../../src/lib/numbers/index";
import { anonymizeLine } from "../../src/lib/calls/anonymize";
import { parseLine } from "../../src/lib/calls/parse-line";
import { recordedLines } from "../../src/lib/calls/replay";

const LENGTH = 200_000;
const UNITS = [
  ...[" ", "1", "x", "(", ")", "\r", "\n", ";", "#", "+", "*", ".", "@", '"', "{", "\t", "\u00a0", "\u0000", "é", "😀"],
  ...[" #", ";#", "#1", "1 ", "1(", "(1)", "(12345", ";;#"],
];
const fill = (unit: string) => unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);

// A pattern that starts anew at each character needs far more than these seconds; a good one needs a few milliseconds.
const LIMIT_MS = 5_000;

describe("long hostile input", () => {
  for (const unit of UNITS) {
    const long = fill(unit);
    for (const [where, line] of [
      ["alone", long],
      ["between other characters", `a${long}b`],
      ["as a caller", `16.06.20 12:25:42;RING;0;1${long}1;732123;SIP1;`],
      ["as a dialled number", `16.06.20 12:25:42;CALL;0;4;732123;1${long}1;SIP1;`],
      ["as a comment", `16.06.20 12:25:42;RING;0;01755290123;732123;SIP1; #${long}z`],
      ["inside the date", `16.06.20${long}12:25:42;RING;0;01755290123;732123;SIP1;`],
    ] as const) {
      it(`a line: ${JSON.stringify(unit)} ${where}`, function () {
        this.timeout(LIMIT_MS);
        assert.equal(typeof parseLine(line).ok, "boolean");
        assert.equal(typeof anonymizeLine(line), "string");
        assert.ok(Array.isArray(recordedLines(line)));
      });
    }

    it(`a number: ${JSON.stringify(unit)}`, function () {
      this.timeout(LIMIT_MS);
      assert.equal(sameNumber(`1${long}1`, "2"), false);
      assert.equal(isOwnNumber(`1${long}1`, ["2"]), false);
    });

    it(`a text: ${JSON.stringify(unit)}`, function () {
      this.timeout(LIMIT_MS);
      for (const text of [long, `a${long}b`, `1${long}1`]) {
        assert.equal(typeof maskText(text), "string");
        assert.equal(typeof maskNumber(text), "string");
      }
    });
  }
});
