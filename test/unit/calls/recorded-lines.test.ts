import assert from "node:assert/strict";
import { parseLine } from "../../../src/lib/calls/parse-line";
import { recordedLines } from "../../../src/lib/calls/replay";
import { SEED_DAY } from "../../fixtures/recorded-lines";

const RING = "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;";
const texts = (log: string) => recordedLines(log).map(({ text }) => text);

describe("recordedLines", () => {
  it("counts lines from 1, passed-over lines too", () => {
    assert.deepEqual(recordedLines(`# a day\n\n${RING}\n`), [{ number: 3, text: RING }]);
  });

  for (const [how, end] of [
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ] as const) {
    it(`lines that end in ${how}`, () => assert.deepEqual(texts([RING, RING, ""].join(end)), [RING, RING]));
  }

  it("the recorded day: 24 lines, all understood", () => {
    const lines = recordedLines(SEED_DAY.join("\r\n"));
    assert.equal(lines.length, 24);
    assert.deepEqual(
      lines.filter(({ text }) => !parseLine(text).ok),
      [],
    );
  });

  it("a log in JSON format gives the box's lines", () => {
    const log = [JSON.stringify({ event: "ring", raw: RING }), JSON.stringify({ raw: RING, callerInfo: {} })].join(
      "\n",
    );
    assert.deepEqual(texts(log), [RING, RING]);
  });

  it("JSON without a line of the box is passed over, broken JSON is kept as text", () => {
    assert.deepEqual(texts('{"decision":{"verdict":"block"}}\n{"raw":5}\n{}\n{"raw":"'), ['{"raw":"']);
  });

  it("lines of a block log are passed over", () => {
    const log = [
      '17.06.20 10:28:29;WHITELIST;0;07191952xxx;"Dr. Name";',
      '17.06.20 10:28:29;BLACKLIST;0;09912568741xxx;"[Spam] Name";',
      '17.06.20 10:28:29;BLOCK;1;0781968053xxx;"[Spam] Name";7;5;1077;',
      '17.06.20 10:28:29;PASS;1;0711123xxx;"Name, Stuttgart";5;0;1;',
      RING,
    ];
    assert.deepEqual(recordedLines(log.join("\n")), [{ number: 5, text: RING }]);
  });

  it("nothing gives nothing", () => {
    assert.deepEqual(recordedLines(""), []);
    assert.deepEqual(recordedLines(" \r\n\t\n# comment"), []);
  });
});
