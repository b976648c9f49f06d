/** A played call is what a box would send: it goes through the parser and the tracker like any other. */
import assert from "node:assert/strict";
import { NO_CALLS, trackLine } from "../../../src/lib/calls/call-tracker";
import { boxStamp, boxTimeReader } from "../../../src/lib/calls/box-time";
import type { CallEvent } from "../../../src/lib/calls/types";
import { FritzError } from "../../../src/lib/core/errors";
import { parseLine } from "../../../src/lib/calls/parse-line";
import { TEST_OUTCOMES, testCallLines, type TestOutcome, readTestCall } from "../../../src/lib/calls/test-call";

const START = Date.parse("2026-11-24T08:30:00+01:00");
const ZONE = "Europe/Berlin";

function events(outcome: TestOutcome, number = "03023125001"): CallEvent[] {
  let state = NO_CALLS;
  let ids = 0;
  return testCallLines({ number, outcome }, "732123", START, ZONE).map(({ line }) => {
    const parsed = parseLine(line);
    assert.ok(parsed.ok, line);
    const context = { box: "b", readTime: boxTimeReader(ZONE), newId: () => String(ids++), replayed: true } as const;
    const tracked = trackLine(state, parsed, context);
    state = tracked.state;
    return tracked.event;
  });
}

describe("played call", () => {
  const wanted: Record<TestOutcome, [string[], string]> = {
    answered: [["ring", "connect", "disconnect"], "answered"],
    missed: [["ring", "disconnect"], "missed"],
    machine: [["ring", "connect", "disconnect"], "machine"],
    rejected: [["ring", "disconnect"], "rejected"],
    outgoing: [["call", "connect", "disconnect"], "answered"],
    unreached: [["call", "disconnect"], "unreached"],
  };
  for (const outcome of TEST_OUTCOMES) {
    it(outcome, () => {
      const got = events(outcome);
      const [names, ending] = wanted[outcome];
      assert.deepEqual(
        got.map(({ event }) => event),
        names,
      );
      assert.equal(got.at(-1)?.outcome, ending);
      assert.equal(new Set(got.map(({ callId }) => callId)).size, 1);
      const party = names[0] === "call" ? "called" : "caller";
      for (const event of got) assert.equal(event[party].number, "03023125001");
      assert.equal(got[0]?.at, "2026-11-24T08:30:00+01:00");
    });
  }

  it("takes written numbers and withheld ones, refuses what would break a line", () => {
    assert.equal(readTestCall("030 / 23125-001", "missed").number, "03023125001");
    assert.equal(readTestCall("", "missed").number, "");
    assert.equal(events("missed", "")[0]?.caller.presentation, "restricted");
    for (const [number, outcome] of [
      ["1;2", "missed"],
      ["Anna", "missed"],
      ["1".repeat(31), "missed"],
      ["1", "nothing"],
      ["1", undefined],
    ]) {
      assert.throws(
        () => readTestCall(number, outcome),
        (error) => error instanceof FritzError && error.code === "play-input",
      );
    }
  });

  it("stamps like the box, in its zone, over the change of clocks", () => {
    assert.equal(boxStamp(Date.parse("2026-10-25T00:59:59Z"), ZONE), "25.10.26 02:59:59");
    assert.equal(boxStamp(Date.parse("2026-10-25T01:00:00Z"), ZONE), "25.10.26 02:00:00");
    assert.equal(boxStamp(Date.parse("2026-12-31T23:00:00Z"), ZONE), "01.01.27 00:00:00");
  });
});
