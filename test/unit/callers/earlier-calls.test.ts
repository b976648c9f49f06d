import assert from "node:assert/strict";
import type { Call } from "../../../src/lib/calls/types";
import { EarlierCalls } from "../../../src/lib/callers/earlier-calls";
import { FakeClock } from "../../support/fake-clock";
import { party } from "../../support/events";

const E164 = "+493023125042";
const call = (kind: Call["kind"], at: string, e164 = E164): Call => {
  const [remote, own] = [{ ...party(e164.replace("+49", "0")), ...(e164 && { e164 }) }, party("732123")];
  const outgoing = kind.includes("outgoing");
  return {
    ...{ id: at, kind, at, durationSeconds: 0 },
    ...{ caller: outgoing ? own : remote, called: outgoing ? remote : own },
  };
};

describe("EarlierCalls", () => {
  it("says how often, whether answered, and when last; nothing of a number without calls or withheld ones", async () => {
    const clock = new FakeClock();
    const calls = [
      call("active", "5"),
      call("outgoing", "4"),
      call("missed", "3"),
      call("answered", "2"),
      call("rejected", "1"),
      call("missed", "0", ""),
    ];
    const earlier = new EarlierCalls(() => Promise.resolve(calls), clock);
    assert.equal(earlier.of("03023125042", E164), undefined, "not known yet");
    clock.advance(0);
    await clock.flush();
    const known = { incoming: 3, answered: 1, outgoing: 1, last: { at: "4", kind: "outgoing" } };
    assert.deepEqual(earlier.of("03023125042", E164), known);
    assert.deepEqual([earlier.of("03023125043", "+493023125043"), earlier.of("")], [undefined, undefined]);
  });

  it("reads after a call and when the list is old, never more often, and keeps the list of before in an outage", async () => {
    const clock = new FakeClock();
    let reads = 0;
    let away = false;
    const earlier = new EarlierCalls(() => {
      reads++;
      return away ? Promise.reject(new Error("away")) : Promise.resolve([call("missed", String(reads))]);
    }, clock);
    earlier.prepare();
    clock.advance(0);
    await clock.flush();
    for (let i = 0; i < 5; i++) earlier.of("x", E164);
    for (let i = 0; i < 5; i++) earlier.callEnded();
    clock.advance(10_000);
    await clock.flush();
    assert.equal(reads, 2);
    assert.equal(earlier.of("x", E164)?.last.at, "2");
    away = true;
    clock.advance(3_700_000);
    assert.equal(earlier.of("x", E164)?.last.at, "2", "a ring does not wait");
    clock.advance(0);
    await clock.flush();
    for (let i = 0; i < 5; i++) assert.equal(earlier.of("x", E164)?.last.at, "2");
    clock.advance(60_000);
    assert.equal(reads, 3);
    earlier.close();
    earlier.callEnded();
    assert.equal(clock.pending, 0);
  });
});
