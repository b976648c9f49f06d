/** 500 ends of all kinds in a row, on real sockets; only the waiting time is shortened. */
import assert from "node:assert/strict";
import type { CallEvent } from "../../src/lib/calls/types";
import type { Clock } from "../../src/lib/core/clock";
import { CallMonitor } from "../../src/lib/calls/call-monitor";
import { dialTcp } from "../../src/lib/calls/tcp-connection";
import { SimulatedBox } from "../../simulator";
import { pause, until } from "../support/wait";
import type { Dial, WireEnd } from "../../src/lib/calls/connection";

const RESTARTS = 500;
const KINDS = ["close", "reset", "half-open", "off and on"] as const;

/** Real time, but a second of waiting passes in ten milliseconds. Counts the timers that are set. */
function fastClock(): Clock & { pending: number } {
  const clock = {
    pending: 0,
    now: () => Date.now(),
    after(ms: number, run: () => void) {
      clock.pending++;
      let open = true;
      const end = () => {
        if (open) clock.pending--;
        open = false;
      };
      const timer = setTimeout(() => (end(), run()), ms / 100);
      return { cancel: () => (clearTimeout(timer), end()) };
    },
  };
  return clock;
}

/** The real dialling; `die` ends the open wire as the system does when a dead peer is noticed. */
function mortalDial(target: { host: string; port: number }): { dial: Dial; die: () => void } {
  const real = dialTcp(target);
  let die = () => undefined as void;
  return {
    dial: (events) => {
      const wire = real(events);
      const end: WireEnd = { orderly: false, problem: { code: "silent", ...target } };
      die = () => {
        wire.close();
        events.ended(end);
      };
      return wire;
    },
    die: () => die(),
  };
}

const resources = (kind: string) => process.getActiveResourcesInfo().filter((name) => name === kind).length;

describe("500 restarts of the box", () => {
  const box = new SimulatedBox();
  let monitor: CallMonitor;
  before(() => box.monitor.listen());
  after(async () => {
    monitor.stop();
    await box.monitor.stop();
  });

  it("lose no line after a reconnect, leak nothing, and are told at most twice an outage", async function () {
    const target = { host: "127.0.0.1", port: box.monitor.port };
    const clock = fastClock();
    const { dial, die } = mortalDial(target);
    monitor = new CallMonitor({ ...target, clock, dial });
    const events: CallEvent[] = [];
    const reported: string[] = [];
    let outages = 0;
    monitor.listen({
      event: (event) => events.push(event),
      failure: ({ reason }) => reported.push(`failure ${reason}`),
      outage: ({ code }) => reported.push(`outage ${code}`),
      recovered: () => reported.push("recovered"),
    });
    const socketsBefore = resources("TCPSocketWrap");
    monitor.start();
    const connected = () => box.monitor.connections === 1 && monitor.state.phase === "connected";
    await until("the first connection", connected);

    for (let i = 0; i < RESTARTS; i++) {
      const accepted = box.monitor.accepted;
      const before = reported.length;
      const kind = KINDS[i % KINDS.length];
      if (kind === "close") box.monitor.closeAll();
      if (kind === "reset") box.monitor.resetAll();
      if (kind === "half-open") die();
      if (kind === "off and on") {
        await box.monitor.refuse();
        box.monitor.resetAll();
        await until("an outage", () => reported.length > before);
        await box.monitor.accept();
      }
      await until(`the connection after ${kind} ${i}`, () => box.monitor.accepted > accepted && connected());
      box.ring(`0711${i}`);
      box.hangUp(box.openCalls[0] as never);
      await until(`the lines of ${i}`, () => events.length === 2 * (i + 1));
      outages += kind === "half-open" || kind === "off and on" ? 1 : 0;
      assert.ok(reported.length - before <= 2, `${kind}: ${reported.slice(before).join(", ")}`);
    }

    assert.deepEqual(
      events.filter(({ event }) => event === "ring").map(({ caller }) => caller.number),
      Array.from({ length: RESTARTS }, (_, i) => `0711${i}`),
    );
    assert.equal(reported.filter((word) => word.startsWith("outage")).length, outages);
    assert.equal(reported.filter((word) => word === "recovered").length, outages);
    assert.equal(reported.length, 2 * outages);
    assert.equal(box.monitor.connections, 1);
    // The open connection on both sides and the listening port's; nothing of the 500 that ended.
    await until("all other sockets to be gone", () => resources("TCPSocketWrap") === socketsBefore + 2);
    assert.ok(clock.pending <= 1, `${clock.pending} timers`);
    monitor.stop();
    await box.monitor.stop();
    assert.equal(clock.pending, 0);
    await pause(20);
    assert.equal(resources("TCPSocketWrap"), socketsBefore);
  });
});
