import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { pause, yieldingly, runYielding } from "../../../src/lib/core/async";
import { FakeClock } from "../../support/fake-clock";

const busy = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};
/** How many turns others get while the work is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let going = true;
  const tick = () => void (going && (turns++, setImmediate(tick)));
  setImmediate(tick);
  await work.finally(() => (going = false));
  return turns;
}

describe("work in turns", () => {
  it("does all of it in order, and lets others have theirs", async () => {
    const done: number[] = [];
    const things = Array.from({ length: 20 }, (_, i) => i);
    const work = yieldingly(things, (i) => {
      busy(3);
      done.push(i);
    });
    assert.ok((await turnsDuring(work)) >= 4);
    assert.deepEqual(done, things);
  });

  it("does short work in one go", async () => {
    assert.ok((await turnsDuring(yieldingly([1, 2, 3], () => undefined))) <= 1);
  });

  it("gives what the work gives, or its failure", async () => {
    function* work(fail: boolean): Generator<undefined, string> {
      yield;
      if (fail) throw new RangeError("x");
      return "done";
    }
    assert.equal(await runYielding(work(false)), "done");
    await assert.rejects(runYielding(work(true)), RangeError);
  });
});

describe("a pause", () => {
  /** A pause of a minute. */
  function aMinute() {
    const clock = new FakeClock();
    const order = new AbortController();
    const seen = { isOver: false };
    const over = pause(clock, 60_000, order.signal).then(() => void (seen.isOver = true));
    const left = () => [clock.pending, getEventListeners(order.signal, "abort").length];
    return { clock, order, seen, over, left };
  }

  it("lasts as long as it should, and leaves no listener", async () => {
    const { clock, seen, over, left } = aMinute();
    clock.advance(59_999);
    await clock.flush();
    assert.equal(seen.isOver, false);
    assert.deepEqual(left(), [1, 1]);
    clock.advance(1);
    await over;
    assert.deepEqual(left(), [0, 0]);
  });

  it("ends early when it is aborted, and leaves no timer", async () => {
    const { order, over, left } = aMinute();
    order.abort();
    await over;
    assert.deepEqual(left(), [0, 0]);
  });

  it("is none if it was aborted before", async () => {
    const clock = new FakeClock();
    await pause(clock, 60_000, AbortSignal.abort());
    assert.equal(clock.pending, 0);
  });
});
