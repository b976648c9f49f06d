import assert from "node:assert/strict";
import { Boxes, type BoxOptions } from "../../../src/lib/box/fritz-box";
import { LINGER_MS } from "../../../src/lib/core/shared-pool";
import { FakeClock } from "../../support/fake-clock";
import { FakeDial } from "../../support/fake-dial";

function setUp() {
  const clock = new FakeClock();
  const dial = new FakeDial();
  const boxes = new Boxes(clock);
  const acquire = (over: Partial<BoxOptions> = {}) => boxes.acquire({ host: "fritz.box", dial: dial.dial, ...over });
  return { clock, dial, boxes, acquire };
}

describe("Boxes", () => {
  it("all who use a box share one connection", () => {
    const { acquire, dial, boxes } = setUp();
    const [a, b, c] = [acquire(), acquire({ host: "http://FRITZ.BOX/" }), acquire({ port: 1012, timeZone: "" })];
    assert.equal(a.monitor, b.monitor);
    assert.equal(a.events, c.events);
    assert.equal(boxes.size, 1);
    assert.equal(dial.count, 1);
  });

  for (const [what, other] of [
    ["host", { host: "192.168.178.1" }],
    ["port", { port: 11012 }],
    ["time zone", { timeZone: "UTC" }],
  ] as const) {
    it(`another ${what} is another connection`, () => {
      const { acquire, dial, boxes } = setUp();
      assert.notEqual(acquire().monitor, acquire(other).monitor);
      assert.equal(boxes.size, 2);
      assert.equal(dial.count, 2);
    });
  }

  it("is connected from the start, and its events reach every reader", () => {
    const { acquire, dial } = setUp();
    const { events } = acquire();
    const got: string[] = [];
    events.join("node", (event) => got.push(event.caller.number)).flow();
    dial.last.open().send("16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;\r\n");
    assert.deepEqual(got, ["01755290123"]);
  });

  it("lingers when the last one has gone, then ends for good", () => {
    const { acquire, dial, boxes, clock } = setUp();
    const [a, b] = [acquire(), acquire()];
    a.release();
    clock.advance(10 * LINGER_MS);
    assert.equal(dial.alive, 1, "one still uses it");
    b.release();
    clock.advance(LINGER_MS - 1);
    assert.equal(dial.alive, 1, "lingers");
    clock.advance(1);
    assert.equal(dial.alive, 0);
    assert.equal(boxes.size, 0);
    assert.equal(b.monitor.state.phase, "stopped");
    assert.equal(clock.pending, 0);
  });

  it("one that comes while it lingers gets the same connection, and it stays", () => {
    const { acquire, dial, clock } = setUp();
    const a = acquire();
    a.release();
    clock.advance(LINGER_MS - 1);
    const b = acquire();
    clock.advance(10 * LINGER_MS);
    assert.equal(b.monitor, a.monitor);
    assert.equal(dial.count, 1);
    assert.equal(dial.alive, 1);
  });

  it("one that comes later gets a new connection", () => {
    const { acquire, dial, clock } = setUp();
    const a = acquire();
    a.release();
    clock.advance(LINGER_MS);
    const b = acquire();
    assert.notEqual(b.monitor, a.monitor);
    assert.equal(dial.count, 2);
    assert.equal(dial.alive, 1);
  });

  it("released twice counts once", () => {
    const { acquire, dial, clock } = setUp();
    const [a] = [acquire(), acquire()];
    a.release();
    a.release();
    a.release(true);
    clock.advance(10 * LINGER_MS);
    assert.equal(dial.alive, 1);
  });

  it("for good: does not linger, but leaves it to those who still use it", () => {
    const { acquire, dial, boxes, clock } = setUp();
    const [a, b] = [acquire(), acquire()];
    a.release(true);
    assert.equal(dial.alive, 1);
    b.release(true);
    assert.equal(dial.alive, 0);
    assert.equal(boxes.size, 0);
    assert.equal(clock.pending, 0);
  });
});
