import assert from "node:assert/strict";
import { FailureReports } from "../../../src/lib/services/failure-reports";
import { FakeClock } from "../../support/fake-clock";

const MINUTE = 60_000;

describe("FailureReports", () => {
  it("five a minute, the others are counted", () => {
    const clock = new FakeClock();
    const reports = new FailureReports(clock);
    const take = (count: number) => Array.from({ length: count }, () => reports.next());
    assert.deepEqual(take(5), [0, 0, 0, 0, 0]);
    assert.deepEqual(take(3), [undefined, undefined, undefined]);
    clock.advance(MINUTE - 1);
    assert.deepEqual(take(1), [undefined]);
    clock.advance(1);
    assert.deepEqual(take(6), [4, 0, 0, 0, 0, undefined]);
    clock.advance(10 * MINUTE);
    assert.deepEqual(take(2), [1, 0]);
  });

  it("slow faults are all told", () => {
    const clock = new FakeClock();
    const reports = new FailureReports(clock);
    for (let i = 0; i < 20; i++) {
      assert.equal(reports.next(), 0);
      clock.advance(MINUTE / 4);
    }
  });
});
