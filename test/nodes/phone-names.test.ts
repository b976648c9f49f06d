/** Names of telephones and own numbers in live events and in the call list, with the simulated box. */
import assert from "node:assert/strict";
import type { Call, CallEvent } from "../../src/lib/calls/types";
import { SimulatedBox } from "../../simulator";
import { collect, helper, load, node, until } from "../support/flow";

const OTHER = "03023125001";
const LOGIN = { username: "nodered", password: "gehe!m-42" };

describe("names of telephones", function () {
  let box: SimulatedBox;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  beforeEach(async () => {
    box = new SimulatedBox();
    const { state } = box.tr064;
    state.users = [{ name: LOGIN.username, password: LOGIN.password, rights: { phone: "readwrite" } }];
    state.numbers = [{ number: "07191732123", type: "eVoIP", index: 0, name: "Familie" }];
    state.handsets = ["Büro", "Mobilteil Küche"].map((name, id) => ({ id: id + 1, name, phonebookId: 0 }));
    await box.monitor.listen();
    await box.tr064.listen();
  });
  afterEach(async () => {
    await helper.unload();
    await box.monitor.stop();
    await box.tr064.stop();
  });

  async function listen(credentials?: typeof LOGIN) {
    const { port, tlsPort } = box.tr064;
    await load(
      [
        { id: "box", type: "fritz-config", name: "", host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort },
        { id: "n", type: "fritz-callmonitor", box: "box", wires: [["out"]] },
        { id: "out", type: "helper" },
        { id: "list", type: "fritz-phonebook", box: "box", operation: "calls", wires: [["listed"]] },
        { id: "listed", type: "helper" },
      ],
      credentials && { box: credentials },
    );
    await until("the connection", () => box.monitor.connections === 1);
    return { got: collect("out"), listed: collect("listed") };
  }

  function talk(extension: number, caller = "03023125000"): void {
    const call = box.ring(caller);
    box.answer(call, extension);
    box.hangUp(call);
  }

  const asked = (action: string) => box.tr064.requests.filter((one) => one.action === action).length;
  const eventsOf = (messages: { payload?: unknown }[]) => messages.map(({ payload }) => payload as CallEvent);
  const connects = (messages: { payload?: unknown }[]) => eventsOf(messages).filter(({ event }) => event === "connect");

  it("stand in the events and in the call list, and are asked for once", async () => {
    talk(11);
    talk(40);
    const { got, listed } = await listen(LOGIN);
    await until("the names", () => asked("X_AVM-DE_GetNumbers") > 0 && box.tr064.openRequests === 0);
    await until("a named call", () => {
      talk(11);
      return connects(got).some(({ device }) => device === "Mobilteil Küche");
    });
    talk(11, OTHER);
    talk(40, OTHER);
    box.hangUp(box.dial(OTHER, 0));
    const later = () =>
      eventsOf(got).filter(({ caller, called }) => caller.number === OTHER || called.number === OTHER);
    await until("all events", () => later().length === 8);
    assert.deepEqual(
      later().map(({ event, device = "" }) => `${event} ${device}`),
      [
        ...["ring ", "connect Mobilteil Küche", "disconnect Mobilteil Küche"],
        ...["ring ", "connect Anrufbeantworter 1", "disconnect Anrufbeantworter 1"],
        ...["call Telefon", "disconnect Telefon"],
      ],
    );
    for (const { caller, called, direction } of later()) {
      const [own, other] = direction === "incoming" ? [called, caller] : [caller, called];
      assert.equal(own.label, "Familie");
      assert.equal(own.number, "732123", "the number stays as the box wrote it");
      assert.equal(other.label, undefined);
    }
    node("list").receive({});
    await until("the call list", () => listed.length === 1);
    const calls = listed[0]?.payload as Call[];
    assert.equal(calls[0]?.caller.label, "Familie");
    assert.equal(calls[1]?.called.label, "Familie");
    assert.equal(calls[1]?.device, "Anrufbeantworter 1");
    assert.equal(asked("X_AVM-DE_GetPhonePort"), 4, "once all ports");
  });

  it("never hold an event back: a box that is slow to answer gives the kind of telephone", async () => {
    talk(11);
    box.tr064.wire.latencyMs = 60_000;
    const { got } = await listen(LOGIN);
    const before = Date.now();
    talk(11);
    await until("the events", () => got.length === 3);
    assert.ok(Date.now() - before < 30_000);
    assert.equal(connects(got)[0]?.device, "DECT");
    assert.equal(eventsOf(got)[0]?.called.label, undefined);
  });

  it("are not asked for without a login", async () => {
    talk(11);
    const { got } = await listen();
    for (let i = 0; i < 5; i++) talk(11);
    await until("the events", () => got.length === 15);
    assert.ok(connects(got).every(({ device }) => device === "DECT"));
    assert.deepEqual(eventsOf(got)[0]?.called, { number: "732123", presentation: "allowed" });
    assert.deepEqual(box.tr064.requests, []);
  });
});
