import assert from "node:assert/strict";
import { FailureReports } from "../../../../src/nodes/fritz-config/outages";
import { FakeClock } from "../../../support/fake-clock";

const MINUTE = 60_000;

describe("FailureReports", () => {
  it("lets five pass, then one an hour with the number of the others", () => {
    const clock = new FakeClock();
    const reports = new FailureReports(clock);
    const take = (count: number) => Array.from({ length: count }, () => reports.next());
    assert.deepEqual(take(8), [0, 0, 0, 0, 0, undefined, undefined, undefined]);
    for (let i = 0; i < 59; i++) {
      clock.advance(MINUTE);
      assert.deepEqual(take(1), [undefined]);
    }
    clock.advance(MINUTE);
    assert.deepEqual(take(2), [62, undefined]);
    for (let i = 0; i < 60; i++) {
      clock.advance(MINUTE);
      take(1);
    }
    assert.deepEqual(take(1), [undefined]);
  });

  it("begins anew after an hour of peace", () => {
    const clock = new FakeClock();
    const reports = new FailureReports(clock);
    for (let i = 0; i < 7; i++) reports.next();
    clock.advance(60 * MINUTE);
    assert.deepEqual([reports.next(), reports.next()], [2, 0]);
  });
});
