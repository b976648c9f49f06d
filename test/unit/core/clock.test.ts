import assert from "node:assert/strict";
import { systemClock } from "../../../src/lib/core/clock";

describe("systemClock", () => {
  it("tells the time", () => {
    const before = Date.now();
    const now = systemClock.now();
    assert.ok(before <= now && now <= Date.now());
  });

  it("runs what is due in order, and not what was called off", async () => {
    const ran: string[] = [];
    await new Promise<void>((resolve) => {
      systemClock.after(1, () => ran.push("called off")).cancel();
      systemClock.after(2, () => ran.push("first"));
      systemClock.after(20, resolve);
    });
    assert.deepEqual(ran, ["first"]);
  });
});
