import assert from "node:assert/strict";
import { NO_RINGS, releaseDue, holdRing, type HeldRings } from "../../../src/lib/calls/event-filter";
import type { CallEvent } from "../../../src/lib/calls/types";
import { callEvent } from "../../support/events";

const ring = callEvent();
const connect = callEvent({ event: "connect" });
const disconnect = callEvent({ event: "disconnect" });
const otherRing = callEvent({ callId: "call-2", connectionId: 1 });
const dialled = callEvent({ event: "call", direction: "outgoing", callId: "call-3" });

/** Feeds events at their times; gives what was let through, and what is still held. */
function run(steps: [CallEvent, number][], settleMs = 1000): { released: CallEvent[]; held: HeldRings } {
  let held = NO_RINGS;
  const released: CallEvent[] = [];
  for (const [event, nowMs] of steps) {
    const step = holdRing(held, event, nowMs, settleMs);
    held = step.held;
    released.push(...step.released);
  }
  return { released, held };
}

describe("settle", () => {
  it("without settle time everything passes at once", () => {
    const { released, held } = run(
      [
        [ring, 0],
        [disconnect, 1],
      ],
      0,
    );
    assert.deepEqual(released, [ring, disconnect]);
    assert.equal(held.length, 0);
  });

  it("a call that ends within the time shows only its end", () => {
    const { released, held } = run([
      [ring, 0],
      [disconnect, 3],
    ]);
    assert.deepEqual(released, [disconnect]);
    assert.equal(held.length, 0);
  });

  it("a call that is answered within the time shows its ring first", () => {
    const { released, held } = run([
      [ring, 0],
      [connect, 3],
      [disconnect, 5000],
    ]);
    assert.deepEqual(released, [ring, connect, disconnect]);
    assert.equal(held.length, 0);
  });

  it("a ring is let go when its time has come, by the clock or by the next event", () => {
    const { held } = run([[ring, 0]]);
    assert.deepEqual(releaseDue(held, 999).released, []);
    assert.deepEqual(releaseDue(held, 1000), { held: [], released: [ring] });
    assert.deepEqual(
      run([
        [ring, 0],
        [disconnect, 1000],
      ]).released,
      [ring, disconnect],
    );
    assert.deepEqual(
      run([
        [ring, 0],
        [dialled, 1500],
      ]).released,
      [ring, dialled],
    );
  });

  it("a ring is sent once", () => {
    assert.deepEqual(
      run([
        [ring, 0],
        [ring, 500],
        [connect, 600],
      ]).released,
      [ring, connect],
    );
    assert.deepEqual(
      run([
        [ring, 0],
        [dialled, 1500],
        [connect, 1600],
      ]).released,
      [ring, dialled, connect],
    );
  });

  it("calls are held each for itself, and go in order", () => {
    const { released, held } = run([
      [ring, 0],
      [otherRing, 10],
      [disconnect, 20],
    ]);
    assert.deepEqual(released, [disconnect]);
    assert.deepEqual(releaseDue(held, Infinity).released, [otherRing]);
    const both = run([
      [ring, 0],
      [otherRing, 10],
    ]).held;
    assert.deepEqual(releaseDue(both, Infinity).released, [ring, otherRing]);
    assert.deepEqual(releaseDue(both, 1005).released, [ring]);
  });

  it("outgoing calls are not held back", () => {
    assert.deepEqual(run([[dialled, 0]]).released, [dialled]);
  });

  it("leaves what it was given as it was", () => {
    const { held } = run([[ring, 0]]);
    const before = structuredClone(held);
    holdRing(held, disconnect, 3, 1000);
    releaseDue(held, Infinity);
    assert.deepEqual(held, before);
  });
});
