import assert from "node:assert/strict";
import fc from "fast-check";
import { maskNumber, maskText } from "../../src/lib/numbers/index";
import { anonymizeLine } from "../../src/lib/calls/anonymize";
import { parseLine } from "../../src/lib/calls/parse-line";
import { anyLine, anyText, boxLine, number, party } from "./arbitraries";

const MOST_RUNS = { numRuns: 2000 };

/** A number that stands out: no other part of a line can contain its digits. */
const standsOut = fc
  .tuple(
    fc.constantFrom("0", "00", "+", ""),
    fc.string({ unit: fc.constantFrom(..."6789"), minLength: 4, maxLength: 12 }),
  )
  .map((parts) => parts.join(""));

const digitsOf = (text: string) => text.replace(/\D/g, "");

describe("anonymise (properties)", () => {
  it("twice changes nothing", () => {
    fc.assert(
      fc.property(anyLine, (text) => {
        const once = anonymizeLine(text);
        assert.equal(anonymizeLine(once), once);
      }),
      MOST_RUNS,
    );
    fc.assert(
      fc.property(fc.oneof(party, anyText), (text) => {
        assert.equal(maskNumber(maskNumber(text)), maskNumber(text));
        assert.equal(maskText(maskText(text)), maskText(text));
      }),
      MOST_RUNS,
    );
  });

  it("the last three digits of a number become x, the others stay", () => {
    fc.assert(
      fc.property(number, (text) => {
        const masked = maskNumber(text);
        assert.equal(masked.length, text.length);
        assert.equal(masked, text.replace(/\d{3}(#*)$/, "xxx$1"));
      }),
      MOST_RUNS,
    );
  });

  it("an anonymised line is the same line apart from its numbers", () => {
    fc.assert(
      fc.property(boxLine, fc.constantFrom("", "\r\n", "  # a comment"), (line, end) => {
        const [before, after] = [parseLine(line + end), parseLine(anonymizeLine(line + end))];
        if (!before.ok) assert.fail(`${before.reason}: ${line}`);
        const story = (parsed: object) => ({ ...parsed, raw: "", caller: "", called: "", remote: "" });
        assert.deepEqual(story(after), story(before));
        const fields = (text: string) => text.split(";").length;
        assert.equal(fields(anonymizeLine(line)), fields(line));
      }),
      MOST_RUNS,
    );
  });

  it("no number of four digits or more survives in a line that is understood", () => {
    const line = fc.constantFrom(
      (a: string, b: string) => `RING;0;${a};${b};SIP0;`,
      (a: string, b: string) => `CALL;0;4;${a};${b};SIP0;`,
      (a: string) => `CONNECT;0;4;${a};`,
    );
    fc.assert(
      fc.property(standsOut, standsOut, line, (a, b, write) => {
        const text = `11.03.20 12:25:42;${write(a, b)}`;
        assert.equal(parseLine(text).ok, true);
        const masked = write(`${a.slice(0, -3)}xxx`, `${b.slice(0, -3)}xxx`);
        assert.equal(anonymizeLine(text), `11.03.20 12:25:42;${masked}`);
      }),
      MOST_RUNS,
    );
  });

  it("nor in a comment, in unknown fields or in garbage", () => {
    const around = fc.string({ unit: fc.constantFrom(..."abc;,: !?#\"'\n\t=<>") });
    const before = fc.constantFrom(
      ...["", "16.05.20 12:25:42;", "16.05.20 12:25:42;RINGS;0;", "16.05.20 12:25:42;DISCONNECT;0;0; # "],
      ...["16.05.20 12:25:42;DISCONNECT;0;0;", "31.02.20 12:25:42;RING;0;", "16.05.20 12:25:42;RING;0;"],
    );
    fc.assert(
      fc.property(before, around, standsOut, around, (head, left, text, right) => {
        const masked = anonymizeLine(`${head}${left}${text}${right}`);
        assert.equal(masked.includes(digitsOf(text)), false, masked);
        assert.ok(masked.startsWith(head), "what is no number stays");
      }),
      MOST_RUNS,
    );
  });

  it("nor however it is written", () => {
    const separated = fc
      .tuple(
        standsOut,
        fc.array(fc.constantFrom("", "", " ", "-", "/", ".", " / ", ") ", " ("), { minLength: 16, maxLength: 16 }),
      )
      .map(([text, gaps]) => [...text].map((char, i) => (/\d/.test(char) ? char + (gaps[i] ?? "") : char)).join(""));
    fc.assert(
      fc.property(
        separated,
        fc.constantFrom("call ", "", "x;"),
        fc.constantFrom("", " now", ";"),
        (text, left, right) => {
          const masked = maskText(`${left}${text}${right}`);
          assert.equal(digitsOf(masked), digitsOf(text).slice(0, -3), masked);
        },
      ),
      MOST_RUNS,
    );
  });
});
