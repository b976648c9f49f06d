import assert from "node:assert/strict";
import { backoffMs } from "../../../src/lib/core/backoff";

describe("backoffMs", () => {
  it("doubles from one second to fifteen and stays there", () => {
    const waits = [0, 1, 2, 3, 4, 5, 100, 1e6].map((failures) => backoffMs(failures, 1));
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000]);
  });

  it("chance shortens by up to a half, but never below one second", () => {
    assert.deepEqual(
      [0, 1, 2, 6, 50].map((failures) => backoffMs(failures, 0)),
      [1000, 1000, 2000, 7500, 7500],
    );
    assert.equal(backoffMs(6, 0.5), 11_250);
  });
});
