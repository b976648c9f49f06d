import assert from "node:assert/strict";
import fc from "fast-check";
import { Feed, KEEP_MS, type Subscription } from "../../src/lib/calls/event-feed";
import { FakeClock } from "../support/fake-clock";

const step = fc.tuple(fc.constantFrom("publish", "hold", "flow", "redeploy", "wait"), fc.nat(2), fc.nat(1000));

describe("Feed (properties)", () => {
  it("readers that hold, flow, leave and come back in time get everything once and in order", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.boolean(), (steps, returning) => {
        const clock = new FakeClock();
        const feed = new Feed<number>(clock);
        const got: number[][] = [[], [], []];
        const join = (i: number): Subscription<number> => feed.join(`reader ${i}`, (item) => got[i]?.push(item));
        const readers = [0, 1, 2].map(join);
        let published = 0;
        for (const [what, i, ms] of steps) {
          const reader = readers[i] ?? assert.fail();
          if (what === "publish") feed.publish(published++);
          if (what === "hold") reader.hold();
          if (what === "flow") reader.flow();
          if (what === "wait") clock.advance(returning ? ms : ms * 10);
          if (what === "redeploy") {
            reader.leave();
            if (ms % 2 === 0) feed.publish(published++);
            clock.advance(ms % KEEP_MS);
            readers[i] = join(i);
          }
        }
        for (const reader of readers) reader.flow();
        for (const items of got) {
          assert.deepEqual(
            items,
            Array.from({ length: published }, (_, n) => n),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
