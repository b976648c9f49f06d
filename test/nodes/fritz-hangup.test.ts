/** fritz-hangup in a real Node-RED, with the simulated box's call monitor and registrar. */
import assert from "node:assert/strict";
import { SimulatedBox } from "../../simulator";
import { collect, deploy, loggedErrors, helper, lastStatus, load, node, until } from "../support/flow";
import { pause } from "../support/wait";

const SPAM = "030123456";
const PASSWORD = "Beispiel1234";

type Sent = { event: string; because?: string; dryRun?: string; number?: string; name?: string; outcome?: string };

describe("fritz-hangup", () => {
  let box: SimulatedBox;
  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.sipClients = [{ name: "Wächter", username: "waechter", password: PASSWORD }];
    await Promise.all([box.sip.listen(), box.monitor.listen(), box.tr064.listen({ port: 0 })]);
  });
  afterEach(async () => {
    await helper.unload();
    await Promise.all([box.sip.stop(), box.monitor.stop(), box.tr064.stop()]);
  });

  function flow(more: Record<string, unknown> = {}) {
    const [monitorPort, port] = [box.monitor.port, box.tr064.port];
    return [
      {
        id: "box",
        type: "fritz-config",
        host: "127.0.0.1",
        monitorPort,
        port,
        tls: false,
        countryCode: "49",
        areaCode: "7191",
      },
      { id: "monitor", type: "fritz-callmonitor", box: "box", wires: [["events"]] },
      { id: "events", type: "helper" },
      {
        id: "n",
        type: "fritz-hangup",
        box: "box",
        registrarPort: box.sip.port,
        dryRun: false,
        wires: [["in"], ["out"]],
        ...more,
      },
      { id: "in", type: "helper" },
      { id: "out", type: "helper" },
    ];
  }

  async function start(more: Record<string, unknown> = {}, password = PASSWORD, boxPassword = "") {
    await load(flow(more), {
      n: { sipUsername: "waechter", sipPassword: password },
      box: { username: "fritz1234", password: boxPassword },
    });
    const payloads = (id: string) => {
      const messages = collect(id);
      return () => messages.map(({ payload }) => payload as Sent);
    };
    return { incoming: payloads("in"), results: payloads("out"), events: payloads("events") };
  }
  const registered = async () => {
    await until("registered", () => box.sip.registered.length === 1);
    await until("the call monitor", () => box.monitor.connections === 1);
  };

  it("ends a call on a decision: the phones fall silent, and it is no answered call", async () => {
    const { incoming, results, events } = await start();
    await registered();
    box.ring(SPAM);
    await until("incoming", () => incoming().length === 1);
    await until("the ring", () => events().length === 1);
    node("n").receive({
      payload: events()[0],
      decision: { verdict: "block", because: "pattern", action: "none" },
    });
    await until("the result", () => results().length === 1);
    assert.deepEqual([results()[0]?.event, results()[0]?.because, results()[0]?.number], ["hungup", "pattern", SPAM]);
    await until("the end", () => events().length === 3);
    assert.deepEqual(
      events().map(({ event, outcome }) => [event, outcome]),
      [
        ["ring", undefined],
        ["connect", undefined],
        ["disconnect", "hungup"],
      ],
    );
    assert.deepEqual(box.ringingCalls, []);
    await until("the status", () => lastStatus("n").text?.endsWith("fritz-hangup.status.result.hungup") === true);
  });

  it("leaves a call that a person answers as answered", async () => {
    const { results, events } = await start();
    await registered();
    const call = box.ring(SPAM);
    await until("the ring", () => events().length === 1);
    box.answer(call, 20);
    box.hangUp(call);
    await until("the end", () => events().length === 3);
    assert.equal(events()[2]?.outcome, "answered");
    await until("the result", () => results().length === 1);
    assert.equal(results()[0]?.event, "cancelled");
  });

  it("takes orders, and only reports in a dry run, in its own and in that of fritz-block", async () => {
    const { results } = await start({ dryRun: true });
    await registered();
    node("n").receive({ payload: { action: "block", number: SPAM, reason: "mine" } });
    const call = box.ring(SPAM);
    await until("the result", () => results().length === 1);
    assert.deepEqual([results()[0]?.event, results()[0]?.because], ["would-hangup", "mine"]);
    assert.equal(results()[0]?.dryRun, "node");
    assert.deepEqual(box.ringingCalls, [call]);
    await until("blue", () => lastStatus("n").fill === "blue");
    box.hangUp(call);
    await helper.unload();
    const armed = await start();
    await registered();
    box.ring(SPAM);
    const heard = () => armed.events().find(({ event }) => event === "ring");
    await until("the ring", () => heard() !== undefined); // the end of the call before may come first
    const ring = heard();
    node("n").receive({
      payload: ring,
      decision: { verdict: "block", because: "pattern", action: "dry-run" },
    });
    await until("the result", () => armed.results().length === 1);
    assert.deepEqual([armed.results()[0]?.event, armed.results()[0]?.dryRun], ["would-hangup", "decision"]);
    await until("the status", () => /result\.dry-decision$/.test(lastStatus("n").text ?? ""));
    assert.equal(lastStatus("n").fill, "blue");
  });

  it("does nothing on replayed rings and later events", async () => {
    const { incoming, results, events } = await start();
    await registered();
    const call = box.ring(SPAM);
    await until("incoming", () => incoming().length === 1 && events().length === 1);
    const decision = { verdict: "block", because: "pattern", action: "none" };
    for (const change of [
      { replayed: true },
      { event: "connect" },
      { event: "disconnect" },
      { direction: "outgoing" },
    ]) {
      node("n").receive({ payload: { ...events()[0], ...change }, decision });
    }
    // The end of a call whose ring fritz-block never heard has no decision.
    node("n").receive({ payload: { ...events()[0], event: "disconnect" } });
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.deepEqual(results(), []);
    assert.ok(!loggedErrors().some((text) => text.includes("hangup-input")));
    assert.deepEqual(box.ringingCalls, [call]);
  });

  it("spares a contact whom the box shows without a name, and ends the call of another", async () => {
    box.tr064.state.books.named("Telefonbuch").add("Anna Beispiel", "07191 555666");
    box.tr064.state.nameOf = () => "";
    const { results } = await start({}, PASSWORD, "secret");
    await registered();
    const decide = (number: string) => node("n").receive({ payload: { action: "block", number } });
    box.ring("07191555666");
    decide("+497191555666");
    await until("the result", () => results().length === 1);
    assert.deepEqual([results()[0]?.event, results()[0]?.because], ["vetoed", "contact"]);
    box.ring(SPAM);
    decide(SPAM);
    await until("the second result", () => results().length === 2);
    assert.equal(results()[1]?.event, "hungup");
  });

  it("spares everybody while the phonebooks cannot be read", async () => {
    box.tr064.state.appAccess = false;
    const { results } = await start({}, PASSWORD, "secret");
    await registered();
    box.ring(SPAM);
    node("n").receive({ payload: { action: "block", number: SPAM } });
    await until("the result", () => results().length === 1);
    assert.deepEqual([results()[0]?.event, results()[0]?.because], ["vetoed", "contacts-unread"]);
  });

  it("says once that the password is refused, and what is missing", async () => {
    await start({}, "wrong");
    await until("the status", () => /^\d\d:\d\d .*brief\.sip$/.test(lastStatus("n").text ?? ""));
    await until("the complaint", () => loggedErrors().some((text) => text.includes("sip-password")));
    assert.equal(box.sip.registrations.length, 1);
    assert.ok(!loggedErrors().some((text) => text.includes("wrong")));
  });

  /** What "Check my Fritz!Box" says about the IP phone. */
  async function checkLine(): Promise<{ state: string; text: string; values?: Record<string, unknown> } | undefined> {
    const { port } = box.tr064;
    const settings = { host: "127.0.0.1", monitorPort: box.monitor.port, port, tls: false };
    const answer = (await helper.request().post("/fritz-calls/check").send({ id: "box", settings })) as {
      body: { lines: { id: string; state: string; text: string; values?: Record<string, unknown> }[] };
    };
    return answer.body.lines.find(({ id }) => id === "hangup");
  }

  /** An agent of an earlier deploy lingers for a moment. */
  async function says(text: string): Promise<void> {
    for (let tries = 0; tries < 400 && (await checkLine())?.text !== text; tries++) await pause(50);
    assert.equal((await checkLine())?.text, text);
  }

  it("has a line in the check of the box: registered, refused, or how to create the IP phone", async () => {
    await start();
    await registered();
    await until("the status", () => lastStatus("n").text === "fritz-hangup.status.registered");
    await says("check.hangup-ok");
    assert.equal((await checkLine())?.values?.["user"], "waechter");
    await helper.unload();
    await start({}, "wrong");
    await until("the status", () => /^\d\d:\d\d .*brief\.sip$/.test(lastStatus("n").text ?? ""));
    await says("error.sip-password");
    await helper.unload();
    await load([
      { id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: box.monitor.port, tls: false },
      { id: "n", type: "fritz-hangup", box: "box", wires: [[], []] },
    ]);
    await says("check.hangup-no-phone");
    await helper.unload();
    await load([{ id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: box.monitor.port, tls: false }]);
    assert.equal(await checkLine(), undefined);
  });

  it("keeps its registration over a deploy, and un-registers when the node is gone", async () => {
    await start();
    await registered();
    const before = box.sip.registrations.length;
    await helper.unload();
    await start({ perHour: 5 });
    await until("registered", () => lastStatus("n").text === "fritz-hangup.status.registered");
    assert.equal(box.sip.registrations.length, before);
    await helper.unload();
    await until("un-registered", () => box.sip.registered.length === 0);
  });

  it("counts the hang-ups of an hour on over a deploy", async () => {
    let { results } = await start({ perHour: 1 });
    for (const event of ["hungup", "would-hangup"]) {
      await registered();
      node("n").receive({ payload: { action: "block", number: SPAM } });
      const call = box.ring(SPAM);
      await until("the result", () => results().length === 1);
      assert.equal(results()[0]?.event, event);
      if (event !== "hungup") return box.hangUp(call);
      await deploy(flow({ perHour: 1 }));
      const messages = collect("out");
      results = () => messages.map(({ payload }) => payload as Sent);
    }
  });

  it("refuses what is no verdict, and works without an IP phone only so far that it says so", async () => {
    await load([
      { id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: box.monitor.port, tls: false },
      { id: "n", type: "fritz-hangup", box: "box", wires: [[], []] },
    ]);
    assert.equal(lastStatus("n").text, "fritz-hangup.status.no-phone");
    for (const payload of [1, {}, { action: "block" }, { action: "end", number: SPAM }]) node("n").receive({ payload });
    node("n").receive({ payload: { action: "block", number: SPAM } });
    await until("the errors", () => loggedErrors().length >= 5);
    assert.equal(loggedErrors().filter((text) => text.includes("hangup-input")).length, 4);
    assert.equal(loggedErrors().filter((text) => text.includes("sip-user-missing")).length, 1);
  });
});
