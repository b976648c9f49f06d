import assert from "node:assert/strict";
import fc from "fast-check";
import { ReconnectingConnection } from "../../src/lib/calls/reconnecting-connection";
import { FakeClock } from "../support/fake-clock";
import { FakeDial } from "../support/fake-dial";

const MINUTE = 60_000;
const step = fc.tuple(
  fc.constantFrom("open", "send", "end", "reset", "silent", "refused", "timeout", "wait"),
  fc.nat(2 * MINUTE),
);

describe("ReconnectingConnection (properties)", () => {
  it("whatever the box does: one wire at most, never given up, outage and recovery by turns, nothing after stop", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.double({ min: 0, max: 1, noNaN: true }), (steps, random) => {
        const clock = new FakeClock();
        const dial = new FakeDial();
        const news: string[] = [];
        let reported = 0;
        const connection = new ReconnectingConnection(
          dial.dial,
          { host: "fritz.box", port: 1012 },
          clock,
          () => random,
          {
            opened: () => reported++,
            received: () => reported++,
            closed: () => reported++,
            changed: () => reported++,
            outage: () => (reported++, news.push("outage")),
            recovered: (ms) => (reported++, assert.ok(ms >= 0), news.push("recovered")),
          },
        );
        connection.start();
        for (const [what, ms] of steps) {
          const { phase } = connection.state;
          const wire = dial.last;
          if (what === "wait") clock.advance(ms);
          else if (what === "open" && phase === "connecting") wire.open();
          else if (what === "send" && phase === "connected") wire.send("x");
          else if (what === "end") wire.end();
          else if ((what === "reset" || what === "silent") && phase === "connected") wire.fail(what);
          else if ((what === "refused" || what === "timeout") && phase === "connecting") wire.fail(what);
          assert.ok(dial.alive + clock.pending >= 1, "it is connected, dials or will dial");
          assert.ok(dial.alive <= 1 && clock.pending <= 1, "one wire and one timer at most");
          if (dial.alive === 0) assert.ok((clock.nextInMs ?? Infinity) <= 15_000, "no longer than 15 s");
        }
        for (const [i, what] of news.entries()) assert.equal(what, i % 2 === 0 ? "outage" : "recovered");
        clock.advance(MINUTE);
        if (connection.state.phase === "connecting") dial.last.open();
        clock.advance(MINUTE);
        assert.equal(connection.state.phase, "connected");
        assert.equal(news.length % 2, 0, "what was told as lost is told as back");
        connection.stop();
        const before = reported;
        for (const wire of dial.wires) wire.open().send("x").end();
        clock.advance(10 * MINUTE);
        assert.equal(reported, before);
        assert.equal(clock.pending + dial.alive, 0);
      }),
      { numRuns: 500 },
    );
  });
});
