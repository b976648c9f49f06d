import assert from "node:assert/strict";
import type { MonitorProblem } from "../../../src/lib/calls/connection";
import {
  ReconnectingConnection,
  type ConnectionEvents,
  type LinkState,
  QUICK_REDIALS,
} from "../../../src/lib/calls/reconnecting-connection";
import { FakeClock } from "../../support/fake-clock";
import { FakeDial, problem } from "../../support/fake-dial";

const TARGET = { host: "fritz.box", port: 1012 };
const MINUTE = 60_000;
const LONGEST_MS = 15_000;

/** A connection with everything it reports, in order: "opened", "outage refused", "recovered 5000", ... */
function setUp(hooks: Partial<ConnectionEvents> = {}, random = 1) {
  const clock = new FakeClock();
  const dial = new FakeDial();
  const reported: string[] = [];
  const states: LinkState[] = [];
  const connection: ReconnectingConnection = new ReconnectingConnection(dial.dial, TARGET, clock, () => random, {
    opened: () => (reported.push("opened"), hooks.opened?.()),
    received: (chunk) => (reported.push(`received ${Buffer.from(chunk).toString()}`), hooks.received?.(chunk)),
    closed: () => (reported.push("closed"), hooks.closed?.()),
    changed: (state) => (states.push(state), hooks.changed?.(state)),
    outage: (why) => (reported.push(`outage ${why.code}`), hooks.outage?.(why)),
    recovered: (ms) => (reported.push(`recovered ${ms}`), hooks.recovered?.(ms)),
  });
  /** Outages and recoveries only. */
  const news = () => reported.filter((line) => /^(outage|recovered)/.test(line));
  return { clock, dial, reported, news, states, connection };
}

/** Connected, and for so long that it counts as good. */
function connected(hooks: Partial<ConnectionEvents> = {}, random = 1) {
  const all = setUp(hooks, random);
  all.connection.start();
  all.dial.last.open();
  all.clock.advance(10 * MINUTE);
  all.reported.length = 0;
  return all;
}

describe("ReconnectingConnection: the first connection", () => {
  it("dials once at start and passes on what comes", () => {
    const { connection, dial, reported, states, clock } = setUp();
    assert.deepEqual(connection.state, { phase: "stopped" });
    assert.equal(dial.count, 0);
    connection.start();
    assert.deepEqual(connection.state, { phase: "connecting" });
    const since = clock.now();
    dial.last.open("192.168.178.1").send("a", "b");
    assert.deepEqual(connection.state, { phase: "connected", since, address: "192.168.178.1" });
    assert.deepEqual(reported, ["opened", "received a", "received b"]);
    assert.deepEqual(
      states.map(({ phase }) => phase),
      ["connecting", "connected"],
    );
  });

  it("a second start does nothing", () => {
    const { connection, dial } = setUp();
    connection.start();
    connection.start();
    dial.last.open();
    connection.start();
    assert.equal(dial.count, 1);
  });

  it("stays connected without a byte for as long as the wire holds", () => {
    const { connection, dial, clock, news } = connected();
    clock.advance(7 * 24 * 60 * MINUTE);
    assert.equal(connection.state.phase, "connected");
    assert.equal(dial.count, 1);
    assert.deepEqual(news(), []);
  });
});

describe("ReconnectingConnection: dialling fails", () => {
  it("one outage, waits that grow to 15 s, one recovery", () => {
    const { connection, dial, clock, news } = setUp();
    connection.start();
    const startedMs = clock.now();
    const waits: number[] = [];
    for (let i = 0; i < 200; i++) {
      dial.last.fail("refused");
      const state = connection.state;
      if (state.phase !== "waiting") assert.fail(state.phase);
      assert.equal(clock.nextInMs, state.retryMs);
      waits.push(state.retryMs);
      clock.advance(state.retryMs - 1);
      assert.equal(dial.count, i + 1, "not before its time");
      clock.advance(1);
      assert.equal(dial.count, i + 2);
    }
    assert.deepEqual(waits.slice(0, 6), [1000, 2000, 4000, 8000, LONGEST_MS, LONGEST_MS]);
    assert.deepEqual(new Set(waits.slice(4)), new Set([LONGEST_MS]));
    assert.deepEqual(news(), ["outage refused"]);
    dial.last.open();
    const downMs = clock.now() - startedMs;
    clock.advance(5000);
    assert.deepEqual(news(), ["outage refused", `recovered ${downMs}`]);
  });

  it("chance shortens the waits, never below a second", () => {
    const { connection, dial, clock } = setUp({}, 0);
    connection.start();
    for (let i = 0; i < 30; i++) {
      dial.last.fail("timeout");
      const wait = clock.nextInMs ?? 0;
      assert.ok(wait >= 1000 && wait <= 30_000, `${wait}`);
      clock.advance(wait);
    }
  });

  for (const code of ["refused", "timeout", "unknown-host", "public-address", "unreachable", "network"] as const) {
    it(`says ${code} as it is, with where it was`, () => {
      let met: MonitorProblem | undefined;
      const { connection, dial } = setUp({ outage: (why) => (met = why) });
      connection.start();
      dial.last.fail(code);
      assert.deepEqual(met, problem(code));
      assert.deepEqual(connection.state, { phase: "waiting", retryMs: 1000, problem: problem(code) });
    });
  }

  it("refused after it had worked: the box restarts", () => {
    const { dial, clock, news, connection } = connected();
    dial.last.end();
    clock.advance(0);
    dial.last.fail("refused");
    assert.deepEqual(news(), ["outage restarting"]);
    assert.deepEqual(connection.state, { phase: "waiting", retryMs: 1000, problem: problem("restarting") });
  });

  it("a wire that ends in order before it was open is a failure, too", () => {
    const { connection, dial, clock, news, reported } = setUp();
    connection.start();
    dial.last.end();
    assert.equal(clock.nextInMs, 1000);
    assert.deepEqual(news(), ["outage closing"]);
    assert.equal(reported.includes("closed"), false);
  });

  it("after a good connection the waits begin anew", () => {
    const { connection, dial, clock } = setUp();
    connection.start();
    for (let i = 0; i < 8; i++) {
      dial.last.fail("refused");
      clock.advance(MINUTE);
    }
    dial.last.open();
    clock.advance(MINUTE);
    dial.last.end();
    clock.advance(0);
    dial.last.fail("refused");
    assert.equal(clock.nextInMs, 1000);
  });

  it("each outage is told, with its own length", () => {
    const { dial, clock, news } = connected();
    for (let i = 0; i < 2; i++) {
      dial.last.end();
      clock.advance(0);
      dial.last.fail("timeout");
      clock.advance(1000);
      dial.last.open();
      clock.advance(10 * MINUTE);
    }
    assert.deepEqual(news(), ["outage timeout", "recovered 1000", "outage timeout", "recovered 1000"]);
  });
});

describe("ReconnectingConnection: the connection is lost", () => {
  for (const code of ["orderly", "reset"] as const) {
    it(`${code}: redials at once and says nothing`, () => {
      const { connection, dial, clock, news, reported } = connected();
      if (code === "orderly") dial.last.end();
      else dial.last.fail(code);
      clock.advance(0);
      assert.equal(dial.count, 2);
      dial.last.open();
      assert.equal(connection.state.phase, "connected");
      clock.advance(10 * MINUTE);
      assert.deepEqual(reported, ["closed", "opened"]);
      assert.deepEqual(news(), []);
      assert.equal(clock.pending, 0);
    });
  }

  it("thousand orderly ends of connections that held are no outage", () => {
    const { dial, clock, news } = connected();
    for (let i = 0; i < 1000; i++) {
      dial.last.end();
      clock.advance(0);
      dial.last.open();
      clock.advance(10 * MINUTE);
    }
    assert.equal(dial.count, 1001);
    assert.deepEqual(news(), []);
  });

  it("silent: tells once, redials at once, recovers", () => {
    const { dial, clock, news } = connected();
    dial.last.fail("silent");
    assert.deepEqual(news(), ["outage silent"]);
    clock.advance(0);
    assert.equal(dial.count, 2);
    clock.advance(250);
    dial.last.open().send("a line is proof enough");
    assert.deepEqual(news(), ["outage silent", "recovered 250"]);
  });

  it("a booting box that opens for a moment, refuses, opens again: one outage, one recovery", () => {
    const { dial, clock, news } = connected();
    dial.last.fail("reset");
    clock.advance(0);
    for (let i = 0; i < 10; i++) {
      dial.last.fail("refused");
      clock.advance(MINUTE);
      dial.last.open();
      clock.advance(1000);
      dial.last.end();
      clock.advance(0);
    }
    dial.last.open();
    clock.advance(5000);
    assert.equal(news().length, 2, news().join(", "));
    assert.match(news()[1] ?? "", /^recovered/);
  });

  it("silent, then refused for a while: still one outage", () => {
    const { dial, clock, news } = connected();
    dial.last.fail("silent");
    clock.advance(0);
    for (let i = 0; i < 5; i++) {
      dial.last.fail("refused");
      clock.advance(MINUTE);
    }
    dial.last.open();
    clock.advance(5000);
    assert.deepEqual(news(), ["outage silent", `recovered ${5 * MINUTE}`]);
  });

  it("a box that closes at once again and again: backs off, one outage, recovers when it holds", () => {
    const { connection, dial, clock, news } = setUp();
    connection.start();
    for (let i = 0; i < QUICK_REDIALS; i++) {
      dial.last.open().end();
      assert.equal(clock.nextInMs, 0, `redial ${i + 1} is at once`);
      clock.advance(0);
    }
    assert.deepEqual(news(), []);
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      dial.last.open().end();
      waits.push(clock.nextInMs ?? -1);
      clock.advance(clock.nextInMs ?? 0);
    }
    assert.deepEqual(waits.slice(0, 6), [1000, 2000, 4000, 8000, LONGEST_MS, LONGEST_MS]);
    assert.equal(waits.at(-1), LONGEST_MS);
    assert.deepEqual(news(), ["outage closing"]);
    dial.last.open();
    assert.deepEqual(news(), ["outage closing"], "open for a moment is not recovered");
    clock.advance(MINUTE);
    assert.equal(news().length, 2);
    assert.match(news()[1] ?? "", /^recovered \d+$/);
    dial.last.end();
    assert.equal(clock.nextInMs, 0, "all is forgotten");
  });

  it("a box that brings a line and closes is a good one", () => {
    const { connection, dial, clock, news } = setUp();
    connection.start();
    for (let i = 0; i < 2 * QUICK_REDIALS; i++) {
      dial.last.open().send("line\n").end();
      assert.equal(clock.nextInMs, 0);
      clock.advance(0);
    }
    assert.deepEqual(news(), []);
  });

  it("opens, says it is open before bytes, and closes it before the next one", () => {
    const { dial, clock, reported } = connected();
    dial.last.end();
    clock.advance(0);
    dial.last.open().send("x");
    assert.deepEqual(reported, ["closed", "opened", "received x"]);
  });
});

describe("ReconnectingConnection: stop", () => {
  const phases: [string, (all: ReturnType<typeof setUp>) => void][] = [
    ["before start", () => undefined],
    ["while connecting", ({ connection }) => connection.start()],
    ["when connected", ({ connection, dial }) => (connection.start(), void dial.last.open())],
    ["while waiting", ({ connection, dial }) => (connection.start(), dial.last.fail("refused"))],
    ["before an immediate redial", ({ connection, dial }) => (connection.start(), dial.last.open().end())],
  ];
  for (const [when, bring] of phases) {
    it(`${when}: no timer, no wire and no callback remain`, () => {
      const all = setUp();
      bring(all);
      const dialled = all.dial.count;
      all.connection.stop();
      assert.deepEqual(all.connection.state, { phase: "stopped" });
      assert.equal(all.clock.pending, 0);
      assert.equal(all.dial.alive, 0);
      const reportedBefore = all.reported.length;
      for (const wire of all.dial.wires) wire.open().send("late").end();
      all.clock.advance(10 * MINUTE);
      all.connection.stop();
      assert.equal(all.reported.length, reportedBefore);
      assert.equal(all.dial.count, dialled);
    });
  }

  it("it can be started again", () => {
    const { connection, dial, reported } = connected();
    connection.stop();
    connection.start();
    assert.equal(dial.count, 2);
    dial.last.open();
    assert.deepEqual(reported, ["opened"]);
  });

  // A listener may stop the connection from within any callback.
  const callbacks: [
    string,
    (stop: () => void) => Partial<ConnectionEvents>,
    (all: ReturnType<typeof setUp>) => void,
  ][] = [
    ["connecting", (stop) => ({ changed: (s) => s.phase === "connecting" && stop() }), () => undefined],
    ["connected", (stop) => ({ changed: (s) => s.phase === "connected" && stop() }), ({ dial }) => dial.last.open()],
    [
      "waiting",
      (stop) => ({ changed: (s) => s.phase === "waiting" && stop() }),
      ({ dial }) => dial.last.fail("refused"),
    ],
    ["opened", (stop) => ({ opened: stop }), ({ dial }) => dial.last.open()],
    ["received", (stop) => ({ received: stop }), ({ dial }) => dial.last.open().send("a", "b")],
    ["closed", (stop) => ({ closed: stop }), ({ dial }) => dial.last.open().end()],
    ["outage of a failure", (stop) => ({ outage: stop }), ({ dial }) => dial.last.fail("refused")],
    ["outage of a loss", (stop) => ({ outage: stop }), ({ dial }) => dial.last.open().fail("silent")],
    [
      "recovered by a line",
      (stop) => ({ recovered: stop }),
      ({ dial, clock }) => {
        for (let i = 0; i <= QUICK_REDIALS; i++) {
          dial.last.open().end();
          clock.advance(clock.nextInMs ?? 0);
        }
        dial.last.open().send("a");
      },
    ],
    [
      "recovered",
      (stop) => ({ recovered: stop }),
      ({ dial, clock }) => {
        dial.last.fail("refused");
        clock.advance(1000);
        dial.last.open().send("a");
      },
    ],
  ];
  for (const [where, hooks, bring] of callbacks) {
    it(`from within the callback for ${where}: nothing remains and nothing more is reported`, () => {
      let reportedAtStop: number | undefined;
      const all: ReturnType<typeof setUp> = setUp(
        hooks(() => {
          all.connection.stop();
          reportedAtStop ??= all.reported.length;
        }),
      );
      all.connection.start();
      if (all.dial.count > 0) bring(all);
      assert.notEqual(reportedAtStop, undefined, "it was stopped");
      assert.deepEqual(all.connection.state, { phase: "stopped" });
      assert.equal(all.clock.pending, 0, "timers");
      assert.equal(all.dial.alive, 0, "wires");
      assert.deepEqual(all.reported.slice(reportedAtStop), [], "callbacks");
      all.clock.advance(10 * MINUTE);
      assert.equal(all.dial.alive, 0, "wires later");
    });
  }
});
