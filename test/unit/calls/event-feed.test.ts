import assert from "node:assert/strict";
import { Feed, KEEP_MS } from "../../../src/lib/calls/event-feed";
import { FakeClock } from "../../support/fake-clock";

function setUp() {
  const clock = new FakeClock();
  const feed = new Feed<number>(clock);
  let next = 1;
  /** Publishes the next numbers. */
  const publish = (count = 1) => {
    for (let i = 0; i < count; i++) feed.publish(next++);
  };
  const join = (id: string) => {
    const got: number[] = [];
    return { got, ...feed.join(id, (item) => got.push(item)) };
  };
  return { clock, feed, publish, join };
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("Feed", () => {
  it("a reader that flows gets what comes, nothing from before", () => {
    const { publish, join } = setUp();
    publish(3);
    const a = join("a");
    a.flow();
    publish(2);
    assert.deepEqual(a.got, [4, 5]);
  });

  it("a reader joins holding: what comes meanwhile waits for its flow", () => {
    const { publish, join } = setUp();
    const a = join("a");
    publish(2);
    assert.deepEqual(a.got, []);
    a.flow();
    assert.deepEqual(a.got, [1, 2]);
    publish();
    assert.deepEqual(a.got, [1, 2, 3]);
  });

  it("hold and flow, as often as one likes: once each, in order", () => {
    const { publish, join } = setUp();
    const a = join("a");
    for (let i = 0; i < 5; i++) {
      a.flow();
      a.flow();
      publish(2);
      a.hold();
      a.hold();
      publish(2);
    }
    a.flow();
    assert.deepEqual(a.got, upTo(20));
  });

  it("a hold may last longer than a reader may be away", () => {
    const { publish, join, clock } = setUp();
    const a = join("a");
    publish();
    clock.advance(10 * KEEP_MS);
    publish();
    a.flow();
    assert.deepEqual(a.got, [1, 2]);
  });

  it("one that comes back in time gets what it missed, once and in order", () => {
    const { publish, join, clock } = setUp();
    const before = join("a");
    before.flow();
    publish(2);
    before.leave();
    publish(3);
    clock.advance(KEEP_MS);
    const after = join("a");
    publish();
    after.flow();
    publish();
    assert.deepEqual(before.got, [1, 2]);
    assert.deepEqual(after.got, upTo(7, 3));
  });

  it("what still waited when it left is not lost", () => {
    const { publish, join } = setUp();
    const before = join("a");
    publish(2);
    before.leave();
    const after = join("a");
    after.flow();
    assert.deepEqual([before.got, after.got], [[], [1, 2]]);
  });

  it("one that comes back late starts anew", () => {
    const { publish, join, clock } = setUp();
    const before = join("a");
    before.flow();
    before.leave();
    publish(2);
    clock.advance(KEEP_MS + 1);
    const after = join("a");
    after.flow();
    publish();
    assert.deepEqual(after.got, [3]);
  });

  it("a place is taken once", () => {
    const { publish, join } = setUp();
    const before = join("a");
    before.flow();
    before.leave();
    publish();
    const [first, second] = [join("a"), join("a")];
    first.flow();
    second.flow();
    assert.deepEqual([first.got, second.got], [[1], []]);
  });

  it("readers do not disturb each other", () => {
    const { publish, join } = setUp();
    const [a, b, c] = [join("a"), join("b"), join("c")];
    a.flow();
    b.flow();
    publish(2);
    b.hold();
    c.flow();
    publish(2);
    b.leave();
    publish(2);
    const again = join("b");
    again.flow();
    assert.deepEqual([a.got, b.got, again.got, c.got], [upTo(6), [1, 2], upTo(6, 3), upTo(6)]);
  });

  it("one that has left gets nothing more, even if it flows; leaving twice does no harm", () => {
    const { publish, join } = setUp();
    const a = join("a");
    a.flow();
    a.leave();
    publish();
    a.flow();
    a.leave();
    const again = join("a");
    again.flow();
    assert.deepEqual([a.got, again.got], [[], [1]]);
  });

  it("one that holds or leaves in the middle of a delivery gets the rest later, once", () => {
    const { feed, publish } = setUp();
    const got: number[] = [];
    const a = feed.join("a", (item) => {
      got.push(item);
      if (item === 2) a.hold();
      if (item === 4) a.leave();
    });
    publish(5);
    a.flow();
    assert.deepEqual(got, [1, 2]);
    a.flow();
    assert.deepEqual(got, [1, 2, 3, 4]);
    const b = feed.join("a", (item) => got.push(item));
    b.flow();
    assert.deepEqual(got, upTo(5));
  });

  it("a flow from within a delivery gives nothing twice", () => {
    const { feed, publish } = setUp();
    const got: number[] = [];
    const a = feed.join("a", (item) => {
      got.push(item);
      a.hold();
      a.flow();
    });
    publish(4);
    a.flow();
    assert.deepEqual(got, upTo(4));
  });

  it("a publish from within a delivery gives nothing twice", () => {
    const { feed, join } = setUp();
    const got: number[] = [];
    const a = feed.join("a", (item) => {
      got.push(item);
      if (item < 3) feed.publish(item + 1);
    });
    a.flow();
    const slow = join("slow"); // keeps the items in the feed
    feed.publish(1);
    assert.deepEqual(got, [1, 2, 3]);
    slow.flow();
    assert.deepEqual(slow.got, [1, 2, 3]);
  });

  it("a reader that throws takes nothing from the others", () => {
    const { feed, publish, join } = setUp();
    const bad = feed.join("bad", () => {
      throw new Error("a reader's own fault");
    });
    bad.flow();
    const good = join("good");
    good.flow();
    for (let i = 0; i < 2; i++) {
      try {
        publish();
      } catch {
        // who has to know of it is not fixed; that nothing is lost is
      }
      assert.deepEqual(good.got, upTo(i + 1), "at once");
    }
  });

  it("a reader that never flows does not fill the memory: the oldest go", () => {
    const { publish, join } = setUp();
    const a = join("a");
    publish(25_000);
    a.flow();
    assert.ok(a.got.length <= 10_000, `${a.got.length} were kept`);
    assert.equal(a.got.at(-1), 25_000);
    assert.deepEqual(a.got, upTo(25_000, 25_001 - a.got.length));
  });

  it("what a reader took and did not use waits for its return, before all else", () => {
    const { feed, publish } = setUp();
    const first: number[] = [];
    const reader = feed.join("a", (item) => first.push(item));
    reader.flow();
    publish(3);
    reader.leave([2]);
    publish(1);
    const second: number[] = [];
    const back = feed.join("a", (item) => second.push(item));
    assert.deepEqual(second, []);
    back.flow();
    assert.deepEqual(
      [first, second],
      [
        [1, 2, 3],
        [2, 4],
      ],
    );
  });
});
