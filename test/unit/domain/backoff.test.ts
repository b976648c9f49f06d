import assert from "node:assert/strict";
import { backoffMs } from "../../../src/lib/domain/backoff";

describe("backoffMs", () => {
  it("doubles from one second to sixty and stays there", () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 100, 1e6].map((failures) => backoffMs(failures, 1));
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it("chance shortens by up to a half, but never below one second", () => {
    assert.deepEqual(
      [0, 1, 2, 6, 50].map((failures) => backoffMs(failures, 0)),
      [1000, 1000, 2000, 30_000, 30_000],
    );
    assert.equal(backoffMs(6, 0.5), 45_000);
  });
});
