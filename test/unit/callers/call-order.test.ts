import assert from "node:assert/strict";
import { CallOrder } from "../../../src/lib/callers/call-order";
import type { CallerInfo } from "../../../src/lib/callers/types";

describe("order of the events of a call", () => {
  it("is kept however many calls begin at once: after a long deploy all that waited comes in one go", async () => {
    const order = new CallOrder();
    const calls = Array.from({ length: 1_000 }, (_, i) => `c${i}`);
    const reported = new Map(calls.map((callId) => [callId, [] as unknown[]]));
    for (const callId of calls) {
      const pending = order.begin(callId);
      pending.onFlush(() => {
        pending.setInfo({ display: callId } as CallerInfo);
        reported.get(callId)?.push("ring");
        pending.done();
      });
    }
    await Promise.all(calls.map(async (callId) => reported.get(callId)?.push((await order.recall(callId))?.display)));
    for (const callId of calls) assert.deepEqual(reported.get(callId), ["ring", callId]);
  });

  it("forgets calls that are over", async () => {
    const order = new CallOrder();
    for (let i = 0; i < 1_000; i++) {
      const pending = order.begin(`c${i}`);
      pending.setInfo({ display: "x" } as CallerInfo);
      pending.done();
      await pending.gone;
    }
    assert.equal(await order.recall("c0"), undefined);
    assert.equal((await order.recall("c999"))?.display, "x");
  });
});
