import assert from "node:assert/strict";
import { anonymizeLine } from "../../../src/lib/calls/anonymize";
import { boxTimeReader } from "../../../src/lib/calls/box-time";
import { NO_CALLS, trackLine } from "../../../src/lib/calls/call-tracker";
import { parseLine } from "../../../src/lib/calls/parse-line";
import { SEED_DAY } from "../../fixtures/recorded-lines";

function presentations(text: string): string[] {
  const line = parseLine(text);
  if (!line.ok) assert.fail(`${line.reason}: ${text}`);
  const { event } = trackLine(NO_CALLS, line, { box: "home", readTime: boxTimeReader("UTC"), newId: () => "c1" });
  return [event.caller.presentation, event.called.presentation];
}

describe("anonymizeLine", () => {
  for (const [line, masked] of [
    ["16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;", "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;"],
    ["16.06.20 12:25:42;RING;0;;732123;SIP1;", "16.06.20 12:25:42;RING;0;;732xxx;SIP1;"],
    ["16.06.20 15:04:02;CALL;1;13;732123;01755290123;SIP1;", "16.06.20 15:04:02;CALL;1;13;732xxx;01755290xxx;SIP1;"],
    ["16.06.20 15:04:02;CALL;1;13;732123;0222222222#;SIP1;", "16.06.20 15:04:02;CALL;1;13;732xxx;0222222xxx#;SIP1;"],
    ["16.06.20 15:04:02;CONNECT;0;11;01755290123;", "16.06.20 15:04:02;CONNECT;0;11;01755290xxx;"],
    ["16.06.20 15:04:02;CONNECT;0;11;01755290123", "16.06.20 15:04:02;CONNECT;0;11;01755290xxx"],
    ["16.06.20 12:25:46;DISCONNECT;0;1093;", "16.06.20 12:25:46;DISCONNECT;0;1093;"],
    [
      "16.06.20 12:25:42;RING;0;0711123456(03012345678);732123;SIP1;",
      "16.06.20 12:25:42;RING;0;0711123xxx(03012345xxx);732xxx;SIP1;",
    ],
    [
      "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;01715290124;",
      "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;01715290xxx;",
    ],
    ["16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;\r\n", "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;\r\n"],
    [
      "\ufeff16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;",
      "\ufeff16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;",
    ],
    [
      "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;  # my mother, 0711 123456",
      "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;  # my mother, 0711 123xxx",
    ],
    ["16.06.20 12:25:42;RINGS;0;01755290123;732123;SIP1;", "16.06.20 12:25:42;RINGS;0;01755290xxx;732xxx;SIP1;"],
    ["16.06.20 12:25:42;RING;0;01755290", "16.06.20 12:25:42;RING;0;01755xxx"],
    ["01755290123 has called", "01755290xxx has called"],
    ["", ""],
  ] as const) {
    it(JSON.stringify(line), () => {
      assert.equal(anonymizeLine(line), masked);
      assert.equal(anonymizeLine(masked), masked, "twice changes nothing");
    });
  }

  it("leaves the recorded day as it is: it is anonymised already", () => {
    for (const line of SEED_DAY) assert.equal(anonymizeLine(line), line);
  });

  for (const caller of ["", "0", "anonymous", "Anonym", "withheld", "unknown", "unbekannt"]) {
    it(`a caller written as ${caller || "nothing"} has the same presentation afterwards`, () => {
      const line = `16.06.20 12:25:42;RING;0;${caller};732123;SIP1;`;
      assert.deepEqual(presentations(anonymizeLine(line)), presentations(line));
    });
  }

  for (const [where, line] of [
    ["in the line field", "16.06.20 12:25:42;RING;0;0171111;732123;01755/290123;"],
    ["behind a blank in the line field", "16.06.20 12:25:42;RING;0;0171111;732123;SIP0 01755290123;"],
    ["as a telephone's id", "16.06.20 12:25:42;CONNECT;0;755290123;0171111;"],
  ] as const) {
    it(`no number slips through ${where}`, () => {
      assert.doesNotMatch(anonymizeLine(line), /290123/);
    });
  }
});
