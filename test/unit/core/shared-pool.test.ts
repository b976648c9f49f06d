import assert from "node:assert/strict";
import { LINGER_MS, SharedPool } from "../../../src/lib/core/shared-pool";
import { FakeClock } from "../../support/fake-clock";

describe("SharedPool", () => {
  let clock: FakeClock;
  let closed: number[];
  let opened: number;
  let pool: SharedPool<{ id: number }>;

  beforeEach(() => {
    clock = new FakeClock();
    closed = [];
    opened = 0;
    pool = new SharedPool(clock, ({ id }) => closed.push(id));
  });
  const acquire = (key = "a") => pool.acquire(key, () => ({ id: ++opened }));

  it("gives the same thing to all who ask with the same key", () => {
    const [first, second, other] = [acquire(), acquire(), acquire("b")];
    assert.equal(first.value, second.value);
    assert.notEqual(first.value, other.value);
    assert.deepEqual([opened, pool.size], [2, 2]);
  });

  it("keeps it for a moment when the last user has gone, and for the one who comes back in time", () => {
    const [first, second] = [acquire(), acquire()];
    first.release();
    first.release();
    clock.advance(LINGER_MS);
    assert.deepEqual(closed, [], "one user is left, however often the other one goes");
    second.release();
    clock.advance(LINGER_MS - 1);
    const third = acquire();
    assert.equal(third.value.id, 1);
    clock.advance(LINGER_MS);
    assert.deepEqual(closed, []);
    third.release();
    clock.advance(LINGER_MS);
    assert.deepEqual([closed, pool.size, clock.pending], [[1], 0, 0]);
    assert.equal(acquire().value.id, 2);
  });

  it("ends it at once for good, unless others use it", () => {
    const [first, second] = [acquire(), acquire()];
    first.release(true);
    assert.deepEqual(closed, []);
    second.release(true);
    assert.deepEqual([closed, pool.size, clock.pending], [[1], 0, 0]);
    second.release();
    clock.advance(LINGER_MS);
    assert.deepEqual(closed, [1]);
  });
});
