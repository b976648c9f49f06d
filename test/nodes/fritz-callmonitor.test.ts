import assert from "node:assert/strict";
import type { CallEvent } from "../../src/lib/calls/types";
import { LINGER_MS } from "../../src/lib/core/shared-pool";
import { SimulatedBox } from "../../simulator";
import { collect, deploy, loggedErrors, helper, lastStatus, load, node, pause, statuses, until } from "../support/flow";

const events = (messages: { payload?: unknown }[]) => messages.map(({ payload }) => payload as CallEvent);
const names = (messages: { topic?: string }[]) => messages.map(({ topic }) => topic);

describe("fritz-callmonitor", () => {
  let box: SimulatedBox;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  beforeEach(async () => {
    box = new SimulatedBox();
    await box.monitor.listen();
  });
  afterEach(async () => {
    await helper.unload();
    await box.monitor.stop();
  });

  const config = (extra = {}) => ({
    id: "box1",
    type: "fritz-config",
    name: "Home",
    host: "127.0.0.1",
    monitorPort: box.monitor.port,
    timeZone: "Europe/Berlin",
    ...extra,
  });
  const monitor = (extra = {}) => ({ id: "m1", type: "fritz-callmonitor", box: "box1", wires: [["out"]], ...extra });
  const out = { id: "out", type: "helper" };
  const catching = [
    { id: "c", type: "catch", scope: null, wires: [["caught"]] },
    { id: "caught", type: "helper" },
  ];
  const connected = (clients = 1) => until("the connection", () => box.monitor.connections === clients);

  it("sends one message per event, with the call's parties on each", async () => {
    await load([config(), monitor(), out]);
    const got = collect("out");
    await connected();
    const call = box.ring("01755290123");
    box.answer(call, 11);
    box.hangUp(call);
    await until("three messages", () => got.length === 3);
    assert.deepEqual(names(got), ["ring", "connect", "disconnect"]);
    for (const event of events(got)) {
      assert.equal(event.direction, "incoming");
      assert.deepEqual(event.caller, { number: "01755290123", presentation: "allowed" });
      assert.deepEqual(event.called, { number: "732123", presentation: "allowed" });
      assert.equal(event.callId, events(got)[0]?.callId);
      assert.equal(event.box, "Home");
      assert.match(event.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00$/);
      assert.equal(event.replayed, undefined);
    }
    assert.equal(events(got)[2]?.outcome, "answered");
    assert.deepEqual(got[0]?.payload, JSON.parse(JSON.stringify(got[0]?.payload)));
  });

  it("shares one connection among all nodes of a box, and no object among messages", async () => {
    await load([
      config(),
      monitor(),
      monitor({ id: "m2", wires: [["out2"]] }),
      config({ id: "box2", name: "The same box" }),
      monitor({ id: "m3", box: "box2", wires: [["out3"]] }),
      out,
      { id: "out2", type: "helper" },
      { id: "out3", type: "helper" },
    ]);
    const got = [collect("out"), collect("out2"), collect("out3")];
    await connected();
    box.ring("0711123456");
    await until("a message each", () => got.every((messages) => messages.length === 1));
    await pause(50);
    assert.equal(box.monitor.accepted, 1);
    const [a, b, c] = got.map((messages) => events(messages)[0]);
    assert.equal(a?.callId, b?.callId);
    assert.notEqual(a, b);
    assert.notEqual(a?.caller, b?.caller);
    assert.equal(c?.box, "The same box");
  });

  it("sends only the chosen events", async () => {
    await load([config(), monitor({ events: ["disconnect"] }), out]);
    const got = collect("out");
    await connected();
    box.hangUp(box.ring("0711123456"));
    box.hangUp(box.dial("0711123456"));
    await until("two messages", () => got.length === 2);
    assert.deepEqual(names(got), ["disconnect", "disconnect"]);
  });

  it("listens to chosen own numbers only, in any written form", async () => {
    await load([config(), monitor({ numbers: ["07191 732-123"] }), out]);
    const got = collect("out");
    await connected();
    box.ring("01", { own: "732123" });
    box.ring("02", { own: "69123" });
    box.dial("03", 11, { own: "732123" });
    box.dial("04", 11, { own: "69123" });
    box.ring("05", { own: "+497191732123" });
    await until("three messages", () => got.length === 3);
    await pause(30);
    assert.deepEqual(
      events(got).map(({ direction, caller, called }) => (direction === "incoming" ? caller : called).number),
      ["01", "03", "05"],
    );
  });

  it("with settleMs, a call that the box rejects never shows as a ring", async () => {
    await load([config(), monitor({ settleMs: 300 }), out]);
    const got = collect("out");
    await connected();
    box.barred.add("0900666");
    box.ring("0900666");
    const real = box.ring("0711123456");
    await until("the real ring", () => names(got).includes("ring"));
    box.hangUp(real);
    await until("three messages", () => got.length === 3);
    assert.deepEqual(names(got), ["disconnect", "ring", "disconnect"]);
    assert.equal(events(got)[0]?.outcome, "rejected");
    assert.equal(events(got)[1]?.caller.number, "0711123456");
  });

  it("with settleMs, an answered call shows its ring before the connect", async () => {
    await load([config(), monitor({ settleMs: "5000" }), out]);
    const got = collect("out");
    await connected();
    box.answer(box.ring("0711123456"));
    await until("two messages", () => got.length === 2);
    assert.deepEqual(names(got), ["ring", "connect"]);
  });

  it("shows since when it is connected, then the last event", async () => {
    await load([config(), monitor(), out]);
    await until("green", () => lastStatus("m1").fill === "green");
    assert.equal(lastStatus("m1").shape, "dot");
    assert.match(lastStatus("m1").text ?? "", /status\.connected$/);
    await connected();
    box.ring("0711123456");
    await until("the event", () => /^\d\d:\d\d .*event\.ring$/.test(lastStatus("m1").text ?? ""));
    assert.ok(!statuses("m1").some(({ text }) => text?.includes("0711")));
  });

  it("says once that the call monitor is off, to log, status and Catch node, and once that it is back", async () => {
    await box.monitor.refuse();
    await load([config(), monitor(), out, ...catching]);
    const caught = collect("caught");
    await until("red", () => lastStatus("m1").fill === "red");
    assert.match(lastStatus("m1").text ?? "", /^\d\d:\d\d .*brief\.problem$/);
    await until("the Catch node's message", () => caught.length === 1);
    const [message] = caught as { topic: string; payload: { code: string }; error: { message: string } }[];
    assert.equal(message?.topic, "outage");
    assert.equal(message?.payload.code, "refused");
    assert.match(message?.error.message ?? "", /problem\.refused$/);
    await pause(2500); // at least one more try
    assert.equal(caught.length, 1);
    await box.monitor.accept();
    await until("green", () => lastStatus("m1").fill === "green");
    const got = collect("out");
    box.ring("0711123456");
    await until("a message", () => got.length === 1);
  });

  it("logs an outage once without a Catch node, however many nodes use the box", async () => {
    await box.monitor.refuse();
    await load([config(), monitor(), monitor({ id: "m2" }), out]);
    await until("red", () => lastStatus("m2").fill === "red");
    await pause(1500);
    assert.equal(loggedErrors().filter((text) => text.includes("problem.refused")).length, 1);
  });

  it("reports a line that is no call to the Catch node, its number masked in the text", async () => {
    await load([config(), monitor(), out, ...catching]);
    const [got, caught] = [collect("out"), collect("caught")];
    await connected();
    box.monitor.send("16.06.20 12:25:42;SMS;0;01755290123;");
    box.ring("0711123456");
    await until("the ring", () => got.length === 1);
    await until("the report", () => caught.length === 1);
    const [report] = caught as { topic: string; payload: unknown; error: { message: string } }[];
    assert.equal(report?.topic, "failure");
    assert.deepEqual(report?.payload, {
      ok: false,
      reason: "unknown-verb",
      raw: "16.06.20 12:25:42;SMS;0;01755290123;",
    });
    assert.ok(!report?.error.message.includes("01755290123"));
  });

  it("without a box says what to do and still replays", async () => {
    await load([monitor({ box: "" }), out]);
    const got = collect("out");
    assert.deepEqual(lastStatus("m1"), { fill: "grey", shape: "ring", text: "fritz-callmonitor.status.no-box" });
    node("m1").receive({ payload: "11.07.20 14:10:13;RING;0;;69xxx;SIP0;" });
    await until("the event", () => got.length === 1);
    assert.equal(events(got)[0]?.caller.presentation, "restricted");
  });

  describe("replay", () => {
    const day = [
      "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;  # a comment",
      "",
      "16.06.20 12:25:46;DISCONNECT;0;0;",
    ];

    it("takes a text, a buffer or a list, passes other properties on and marks the events", async () => {
      await load([config(), monitor(), out]);
      const got = collect("out");
      for (const payload of [day.join("\r\n"), Buffer.from(day.join("\n")), day])
        node("m1").receive({ payload, mine: { a: 1 } });
      await until("all events", () => got.length === 6);
      for (const message of got) assert.deepEqual(message["mine"], { a: 1 });
      assert.ok(events(got).every((event) => event.replayed === true));
      assert.equal(events(got)[1]?.outcome, "missed");
      assert.equal(events(got)[0]?.at, "2020-06-16T12:25:42+02:00");
      assert.equal(new Set(events(got).map(({ callId }) => callId)).size, 3);
      assert.notEqual(got[0]?.["mine"], got[1]?.["mine"]);
    });

    it("remembers a call from one input to the next", async () => {
      await load([monitor({ box: "" }), out]);
      const got = collect("out");
      for (const payload of day) if (payload !== "") node("m1").receive({ payload });
      await until("both events", () => got.length === 2);
      assert.equal(events(got)[0]?.callId, events(got)[1]?.callId);
    });

    it("settles in the events' own time: a call that rang four seconds keeps its ring", async () => {
      await load([monitor({ box: "", settleMs: 1000 }), out]);
      const got = collect("out");
      const rejected = ["06.05.21 16:56:11;RING;0;0900666;123;SIP13;", "06.05.21 16:56:11;DISCONNECT;0;0;"];
      node("m1").receive({ payload: [...day, ...rejected].join("\n") });
      await until("three events", () => got.length === 3);
      assert.deepEqual(names(got), ["ring", "disconnect", "disconnect"]);
      assert.equal(events(got)[2]?.outcome, "rejected");
    });

    it("does not lose a ring that is held back when a deploy puts another node in its place", async () => {
      await load([monitor({ box: "", settleMs: 60_000 }), out]);
      node("m1").receive({ payload: day[0] as string });
      await pause(50);
      await deploy([monitor({ box: "", settleMs: 1 }), out]);
      const got = collect("out");
      await until("the ring", () => got.length === 1);
      assert.deepEqual(names(got), ["ring"]);
    });

    it("keeps a held ring's own message, whatever comes after it", async () => {
      await load([monitor({ box: "", settleMs: 400 }), out]);
      const got = collect("out");
      node("m1").receive({ payload: day[0] as string, tag: "first" });
      node("m1").receive({ payload: 42, tag: "bad" });
      await until("the ring", () => got.length === 1);
      node("m1").receive({ payload: day[2] as string, tag: "second" });
      await until("the disconnect", () => got.length === 2);
      assert.deepEqual(
        got.map((message) => [message.topic, message["tag"]]),
        [
          ["ring", "first"],
          ["disconnect", "second"],
        ],
      );
    });

    it("sends the good lines and reports the others to the Catch node", async () => {
      await load([
        monitor({ box: "" }),
        out,
        ...catching,
        { id: "d", type: "complete", scope: ["m1"], wires: [["completed"]] },
        { id: "completed", type: "helper" },
      ]);
      const [got, caught, completed] = [collect("out"), collect("caught"), collect("completed")];
      node("m1").receive({ payload: [day[0], "16.06.20 12:25:43;RING", "what is this 0711123456", day[2]].join("\n") });
      await until("the report", () => caught.length === 1);
      assert.deepEqual(names(got), ["ring", "disconnect"]);
      const { error } = caught[0] as unknown as { error: { message: string; code: string } };
      assert.equal(error.code, "replay-lines");
      assert.match(error.message, /error\.replay-lines$/);
      await pause(30);
      assert.equal(completed.length, 0);
      node("m1").receive({ payload: day[0] as string });
      await until("the Complete node", () => completed.length === 1);
    });

    for (const payload of [undefined, null, 42, {}, "", [1, 2], "# only a comment"]) {
      it(`refuses ${JSON.stringify(payload)} with a sentence`, async () => {
        await load([monitor({ box: "" }), out, ...catching]);
        const caught = collect("caught");
        node("m1").receive({ payload });
        await until("the Catch node", () => caught.length === 1);
        assert.equal((caught[0] as unknown as { error: { code: string } }).error.code, "replay-input");
      });
    }

    it("keeps 20,000 lines complete and in order while live calls go on", async () => {
      await load([config(), monitor(), out]);
      const got = collect("out");
      await connected();
      const lines = Array.from({ length: 20_000 }, (_, i) => `16.06.20 12:25:42;DISCONNECT;${i % 7};${i};`);
      node("m1").receive({ payload: lines.join("\n") });
      box.ring("0711999999999");
      await until("all of them", () => got.length === 20_001, 100_000);
      const replayed = events(got).filter((event) => event.replayed);
      assert.deepEqual(
        replayed.map(({ durationSeconds }) => durationSeconds),
        lines.map((_, i) => i),
      );
    });
  });

  it("tells the state of the line: the present one at the deploy, then each change, with two calls at once", async () => {
    await load([config(), monitor({ events: ["state"] }), out]);
    const got = collect("out");
    await connected();
    const first = box.ring("0711123456");
    const second = box.ring("0711654321");
    box.answer(first);
    box.hangUp(second);
    box.hangUp(first);
    await until("idle again", () => got.length >= 5);
    const reported = got.map(({ topic, payload }) => [topic, (payload as { lineState: string }).lineState]);
    const states = ["ringing", "ringing", "talking", "talking", "idle"].map((state) => ["state", state]);
    assert.deepEqual(reported.slice(-5), states);
    const { open, box: name, caller } = got.at(-2)?.payload as CallEvent;
    assert.deepEqual(open, { ringing: 0, dialling: 0, talking: 1 });
    assert.equal(typeof name, "string");
    assert.equal(caller.number, "0711654321");
  });

  describe("over deploys", () => {
    it("misses nothing that the box sends between stop and start, and knows the call", async () => {
      await load([config(), monitor(), out]);
      await connected();
      const before = collect("out");
      const call = box.ring("0711123456");
      await until("the ring", () => before.length === 1);
      // A node that takes its time to close keeps the deploy in the middle.
      node("out").on("close", (done: () => void) => void setTimeout(done, 150));
      const place = { x: 10, y: 10, z: "tab" };
      const flow = [
        { id: "tab", type: "tab", label: "new" },
        config(),
        { ...monitor(), ...place },
        { ...out, ...place },
      ];
      const deployed = deploy(flow);
      await pause(50);
      box.answer(call);
      await deployed;
      const after = collect("out");
      await until("the connect", () => after.length >= 1);
      box.hangUp(call);
      await until("the disconnect", () => after.length === 2);
      assert.deepEqual(names(after), ["connect", "disconnect"]);
      assert.equal(events(after)[1]?.caller.number, "0711123456");
      assert.equal(events(after)[1]?.callId, events(before)[0]?.callId);
      assert.equal(box.monitor.accepted, 1);
    });

    it("keeps a ring that is held back, and drops it if the box rejects the call meanwhile", async () => {
      await load([config(), monitor({ settleMs: 4_000 }), out]);
      await connected();
      const place = { x: 10, y: 10, z: "tab" };
      const flow = [
        { id: "tab", type: "tab", label: "new" },
        config(),
        { ...monitor({ settleMs: 4_000 }), ...place },
        { ...out, ...place },
      ];
      const real = box.ring("0711123456");
      const rejected = box.ring("0900666");
      await until("the ring to be held", () => lastStatus("m1").text?.includes("event.ring") === true);
      const deployed = deploy(flow);
      box.hangUp(rejected);
      await deployed;
      const got = collect("out");
      await until("the ring", () => names(got).includes("ring"));
      box.answer(real);
      await until("the connect", () => got.length === 3);
      assert.deepEqual(names(got), ["disconnect", "ring", "connect"]);
      assert.equal(events(got)[1]?.caller.number, "0711123456");
    });

    it("leaves no connection behind", async () => {
      await load([config(), monitor({ settleMs: 1000 }), out]);
      await connected();
      box.ring("0711123456");
      await helper.unload();
      await until("the connection to end", () => box.monitor.connections === 0, LINGER_MS + 30_000);
    });
  });

  it("does not let a faulty configuration end Node-RED", async () => {
    await load([
      config({ host: "", monitorPort: "abc", timeZone: "Nowhere/Land" }),
      monitor({ events: "ring", numbers: null, settleMs: "soon" }),
      out,
    ]);
    await until("red", () => lastStatus("m1").fill === "red");
    assert.match(lastStatus("m1").text ?? "", /brief\.problem$/);
    assert.ok(loggedErrors().some((text) => text.includes("error.time-zone")));
  });

  it("tells a fault that is clear from the start to the Catch node, too", async () => {
    await load([config({ host: "", timeZone: "Nowhere/Land" }), monitor(), out, ...catching]);
    const caught = collect("caught") as unknown as { error: { message: string } }[];
    await until("both", () => caught.length === 2);
    const texts = caught.map(({ error }) => error.message).join(" ");
    assert.match(texts, /error\.time-zone/);
    assert.match(texts, /problem\.bad-host/);
  });

  it("takes one own number as text, too, and an address as it stands in the browser", async () => {
    await load([config({ host: "http://127.0.0.1:80/#/" }), monitor({ numbers: "732123" }), out]);
    const got = collect("out");
    await connected();
    box.ring("01", { own: "69123" });
    box.ring("02");
    await until("a message", () => got.length === 1);
    assert.equal(events(got)[0]?.caller.number, "02");
  });

  it("logs an outage once also if two configurations mean the same box", async () => {
    await box.monitor.refuse();
    await load([config(), monitor(), config({ id: "box2", name: "again" }), monitor({ id: "m2", box: "box2" }), out]);
    await until("red", () => lastStatus("m2").fill === "red");
    await pause(300);
    assert.equal(loggedErrors().filter((text) => text.includes("problem.refused")).length, 1);
  });

  it("never goes to a public address", async () => {
    await load([config({ host: "203.0.113.7" }), monitor(), out]);
    await until("red", () => lastStatus("m1").fill === "red");
    assert.match(lastStatus("m1").text ?? "", /brief\.problem$/);
  });
});
