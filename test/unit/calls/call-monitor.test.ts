import assert from "node:assert/strict";
import type { CallEvent } from "../../../src/lib/calls/types";
import type { LineFailure } from "../../../src/lib/calls/monitor-line";
import { CallMonitor, type CallMonitorOptions } from "../../../src/lib/calls/call-monitor";
import { cleanHost } from "../../../src/lib/calls/connection";
import { SEED_DAY } from "../../fixtures/recorded-lines";
import { counter } from "../../support/events";
import { FakeClock } from "../../support/fake-clock";
import { FakeDial } from "../../support/fake-dial";

const RING = "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;\r\n";
const CONNECT = "16.06.20 12:25:46;CONNECT;0;10;01755290123;\r\n";
const DISCONNECT = "16.06.20 12:26:46;DISCONNECT;0;60;\r\n";

function setUp(options: Partial<CallMonitorOptions> = {}) {
  const clock = new FakeClock();
  const dial = new FakeDial();
  const events: CallEvent[] = [];
  const failures: LineFailure[] = [];
  const reported: string[] = [];
  const monitor = new CallMonitor({
    ...{ host: "fritz.box", timeZone: "Europe/Berlin", clock, dial: dial.dial, random: () => 1, newId: counter() },
    ...options,
  });
  const unlisten = monitor.listen({
    event: (event) => events.push(event),
    failure: (failure) => failures.push(failure),
    state: ({ phase }) => reported.push(phase),
    outage: ({ code }) => reported.push(`outage ${code}`),
    recovered: (ms) => reported.push(`recovered ${ms}`),
  });
  return { clock, dial, events, failures, reported, monitor, unlisten };
}

function started(options: Partial<CallMonitorOptions> = {}) {
  const all = setUp(options);
  all.monitor.start();
  all.dial.last.open();
  return all;
}

const names = (events: CallEvent[]) => events.map(({ callId, event }) => `${callId} ${event}`);

describe("cleanHost", () => {
  for (const [host, clean] of [
    ["fritz.box", "fritz.box"],
    ["  fritz.box ", "fritz.box"],
    ["http://fritz.box", "fritz.box"],
    ["https://fritz.box/", "fritz.box"],
    ["HTTP://fritz.box/?lp=overview#top", "fritz.box"],
    ["192.168.178.1", "192.168.178.1"],
    ["http://[fd00::1]/", "fd00::1"],
    ["fd00::1", "fd00::1"],
    ["", ""],
  ] as const) {
    it(`${JSON.stringify(host)} -> ${clean}`, () => assert.equal(cleanHost(host), clean));
  }
});

describe("CallMonitor", () => {
  it("bytes become events, whatever the pieces", () => {
    const { dial, events, failures } = started();
    dial.last.send(RING.slice(0, 10), RING.slice(10) + CONNECT + DISCONNECT.slice(0, -1), "\n");
    assert.deepEqual(names(events), ["c1 ring", "c1 connect", "c1 disconnect"]);
    assert.equal(events[0]?.at, "2020-06-16T12:25:42+02:00");
    assert.equal(events[2]?.outcome, "answered");
    assert.deepEqual(failures, []);
  });

  it("the recorded day in one piece: 24 events of its own, and the ends that were not heard", () => {
    const { dial, events, failures } = started();
    dial.last.send(SEED_DAY.join("\r\n") + "\r\n");
    assert.equal(events.filter(({ estimated }) => !estimated).length, 24);
    assert.deepEqual(failures, [], "empty lines are no failures");
  });

  it("ends a call as lost after a restart of the box, and not after a mere reconnect", () => {
    const { dial, events, clock } = started();
    dial.last.send(RING);
    dial.last.end();
    clock.advance(1);
    dial.last.open();
    assert.deepEqual(names(events), ["c1 ring"], "reconnected: it still rings");
    dial.last.end();
    clock.advance(1);
    dial.last.fail("refused");
    clock.advance(60_000);
    dial.last.open();
    assert.deepEqual(names(events), ["c1 ring", "c1 disconnect"]);
    const { outcome, estimated, raw, lineState, open } = events[1] ?? assert.fail();
    assert.deepEqual(
      { outcome, estimated, raw, lineState },
      { outcome: "lost", estimated: true, raw: "", lineState: "idle" },
    );
    assert.deepEqual(open, { ringing: 0, dialling: 0, talking: 0 });
  });

  it("ends a ring whose end was not heard when no network rings that long, once", () => {
    const { dial, events, clock } = started();
    dial.last.send(RING);
    clock.advance(150_000);
    assert.equal(events.length, 1);
    clock.advance(3_600_000);
    assert.deepEqual(names(events), ["c1 ring", "c1 disconnect"]);
    assert.equal(events[1]?.outcome, "lost");
  });

  it("the box's name in the events: the given one, else the host", () => {
    const named = started({ box: "home" });
    named.dial.last.send(RING);
    assert.equal(named.events[0]?.box, "home");
    const unnamed = started({ host: "http://fritz.box/" });
    unnamed.dial.last.send(RING);
    assert.equal(unnamed.events[0]?.box, "fritz.box");
  });

  it("what is no event is told with its reason and its text", () => {
    const { dial, events, failures } = started();
    dial.last.send("garbage\r\n", "x".repeat(5000), "\n", "31.02.20 12:25:42;RING;0;1;2;SIP0;\n", RING);
    assert.deepEqual(names(events), ["c1 ring"]);
    assert.deepEqual(failures, [
      { ok: false, reason: "bad-date", raw: "garbage" },
      { ok: false, reason: "too-long", raw: "x".repeat(120) },
      { ok: false, reason: "bad-date", raw: "31.02.20 12:25:42;RING;0;1;2;SIP0;" },
    ]);
  });

  it("half a line at the close is reported, never an event, and does not spoil the next connection", () => {
    const { dial, clock, events, failures } = started();
    const half = RING.trim();
    dial.last.send(half).end();
    assert.deepEqual(events, []);
    assert.deepEqual(failures, [{ ok: false, reason: "cut-off", raw: half }]);
    clock.advance(0);
    dial.last.open().send(RING);
    assert.deepEqual(names(events), ["c1 ring"]);
  });

  it("open calls are remembered over a reconnect", () => {
    const { dial, clock, events } = started();
    dial.last.send(RING, CONNECT).fail("reset");
    clock.advance(0);
    dial.last.open().send(DISCONNECT);
    assert.deepEqual(names(events), ["c1 ring", "c1 connect", "c1 disconnect"]);
    assert.equal(events[2]?.caller.number, "01755290123");
    assert.equal(events[2]?.partial, undefined);
  });

  it("the time of arrival settles autumn's double hour", () => {
    const first = "2026-10-25T02:30:00+02:00";
    const second = "2026-10-25T02:30:00+01:00";
    for (const at of [first, second]) {
      const { dial, events } = started({ clock: new FakeClock(Date.parse(at) + 20) });
      dial.last.send("25.10.26 02:30:00;RING;0;01755290123;732123;SIP1;\r\n");
      assert.equal(events[0]?.at, at);
    }
  });

  it("a call that is barred while the second turns is rejected", () => {
    const { dial, clock, events } = started();
    dial.last.send("06.05.21 16:56:11;RING;0;0711123456;732123;SIP13;\r\n");
    clock.advance(3);
    dial.last.send("06.05.21 16:56:12;DISCONNECT;0;0;\r\n");
    assert.equal(events[1]?.outcome, "rejected");
  });

  it("tells the state, one outage and one recovery", () => {
    const { monitor, dial, clock, reported } = setUp();
    monitor.start();
    dial.last.fail("refused");
    clock.advance(1000);
    dial.last.fail("refused");
    clock.advance(2000);
    dial.last.open();
    const before = ["connecting", "outage refused", "waiting", "connecting", "waiting", "connecting", "connected"];
    assert.deepEqual(reported, before, "not recovered before it has proved itself");
    clock.advance(5000);
    assert.deepEqual(reported, [...before, "recovered 3000"]);
    assert.equal(monitor.state.phase, "connected");
  });

  it("every listener hears everything; one that is gone hears nothing", () => {
    const { monitor, dial, events, unlisten } = started();
    const others: string[] = [];
    monitor.listen({ event: ({ event }) => others.push(event) });
    monitor.listen({});
    dial.last.send(RING);
    unlisten();
    unlisten();
    dial.last.send(CONNECT);
    assert.deepEqual(names(events), ["c1 ring"]);
    assert.deepEqual(others, ["ring", "connect"]);
  });

  it("after stop nothing is told, not even the rest of a piece", () => {
    const { monitor, dial, clock, events } = started();
    monitor.listen({ event: () => monitor.stop() });
    dial.last.send(RING + CONNECT + DISCONNECT);
    dial.last.send(DISCONNECT);
    assert.deepEqual(names(events), ["c1 ring"]);
    assert.equal(monitor.state.phase, "stopped");
    assert.equal(clock.pending, 0);
    assert.equal(dial.alive, 0);
  });

  it("a listener that throws takes no event from the others", () => {
    const { monitor, dial, events } = setUp();
    const heard: string[] = [];
    monitor.listen({
      event: () => {
        throw new Error("a listener's own fault");
      },
    });
    monitor.listen({ event: ({ event }) => heard.push(event) });
    monitor.start();
    dial.last.open();
    try {
      dial.last.send(RING + CONNECT + DISCONNECT);
    } catch {
      // who has to know of it is not fixed; that nothing is lost is
    }
    assert.deepEqual(heard, ["ring", "connect", "disconnect"]);
    assert.equal(events.length, 3);
  });
});
