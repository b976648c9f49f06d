import assert from "node:assert/strict";
import { yieldingly, runYielding } from "../../../src/lib/core/async";

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
