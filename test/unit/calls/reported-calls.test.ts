import assert from "node:assert/strict";
import { ReportedCalls } from "../../../src/lib/calls/reported-calls";
import { callEvent } from "../../support/events";

const ring = (callId: string) => callEvent({ callId });
const end = (callId: string) => callEvent({ callId, event: "disconnect", durationSeconds: 0, outcome: "missed" });

/** Some calls from ring to end. */
function live(reported: ReportedCalls, count: number): void {
  for (let i = 0; i < count; i++) {
    reported.noteEvent(ring(`c${i}`));
    reported.noteEvent(end(`c${i}`));
  }
}

describe("what is remembered of reported calls", () => {
  it("is one entry a call, the one that was noted last at the end, numbered in the order in which they began", () => {
    const reported = new ReportedCalls();
    for (const event of [ring("a"), ring("b"), end("a")]) reported.noteEvent(event);
    assert.deepEqual(
      reported.memory.calls.map(({ callId, state, order }) => [callId, state, order]),
      [
        ["b", "open", 2],
        ["a", "ended", 1],
      ],
    );
    assert.equal(reported.memory.count, 2);
  });

  it("is at most 500 calls: the oldest that has ended makes room, never one that goes on", () => {
    const reported = new ReportedCalls();
    reported.noteEvent(ring("goes on"));
    live(reported, 2_000);
    const { calls, count } = reported.memory;
    assert.deepEqual([calls.length, count], [500, 2_001]);
    assert.deepEqual([calls[0]?.callId, calls[1]?.callId, calls.at(-1)?.callId], ["goes on", "c1501", "c1999"]);
  });

  it("stays at 500 if none of them has an end", () => {
    const reported = new ReportedCalls();
    for (let i = 0; i < 600; i++) reported.noteEvent(ring(`c${i}`));
    const { calls } = reported.memory;
    assert.deepEqual([calls.length, calls[0]?.callId], [500, "c100"]);
  });

  it("does not change after it was taken to be saved", () => {
    const reported = new ReportedCalls();
    live(reported, 3);
    const saved = reported.memory;
    const text = JSON.stringify(saved);
    live(reported, 5);
    assert.equal(JSON.stringify(saved), text);
    assert.deepEqual(new ReportedCalls(saved).memory, saved);
  });

  it("is blank until something is noted, and when all was forgotten", () => {
    const reported = new ReportedCalls();
    assert.equal(reported.isBlank, true);
    reported.noteEvent(ring("a"));
    assert.equal(reported.isBlank, false);
    reported.forget();
    assert.deepEqual([reported.isBlank, reported.memory], [true, { calls: [] }]);
  });
});
