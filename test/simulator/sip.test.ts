/** The simulated box's SIP with the real agent, over real sockets. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { SimulatedBox, Telephone, type TelephoneState } from "../../simulator";
import { systemClock } from "../../src/lib/core/clock";
import { isEmergency, keyOf } from "../../src/lib/numbers/index";
import { HangupAgent } from "../../src/lib/sip/agent";
import { Hangups } from "../../src/lib/sip/hangups";
import type { HangupReport, IncomingReport } from "../../src/lib/sip/reports";
import { until } from "../support/wait";

const SPAM = "030123456";

describe("simulator: SIP", () => {
  let box: SimulatedBox;
  let agent: HangupAgent;
  let hangups: Hangups;
  let incoming: IncomingReport[];
  let results: HangupReport[];
  const start = (password = "Beispiel1234", port = box.sip.port) => {
    agent = new HangupAgent({ host: "127.0.0.1", port, user: "waechter", password, expires: 300 });
    [incoming, results] = [[], []];
    hangups = new Hangups({
      ...{
        agent,
        clock: systemClock,
        keyOf: (number) => keyOf(number),
        isEmergency,
        isAllowed: () => false,
        isOwn: () => true,
      },
      ...{ delayMs: 200, perHour: 1_000, dryRun: false },
      onIncoming: (report) => incoming.push(report),
      onResult: (report) => results.push(report),
    });
    agent.start();
  };
  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.sipClients = [{ name: "Wächter", username: "waechter", password: "Beispiel1234" }];
    await box.sip.listen();
    start();
    await until("registered", () => agent.state.kind === "registered");
  });
  afterEach(async () => {
    hangups.close();
    await agent.close();
    await box.sip.stop();
  });

  it("registers as a box wants it, and forgets the telephone when it says so", async () => {
    assert.deepEqual(box.sip.registered, ["waechter"]);
    assert.equal(box.sip.dropped, 0);
    assert.deepEqual(box.sip.registrations, [{ user: "waechter", accepted: true, expires: 300 }]);
    await agent.close();
    assert.deepEqual(box.sip.registered, []);
  });

  it("ends a call: the telephones fall silent, and the box counts it as answered by the IP telephone", async () => {
    const call = box.ring(SPAM);
    assert.deepEqual(box.ringingCalls, [call]);
    await until("incoming", () => incoming.length === 1);
    assert.equal(incoming[0]?.called, "732123");
    hangups.decide({ action: "block", number: SPAM });
    await until("result", () => results.length === 1);
    assert.equal(results[0]?.event, "hungup");
    assert.deepEqual(box.openCalls, []);
    assert.notEqual(call.connectedAt, undefined);
    const [entry] = box.tr064.state.calls.all;
    assert.deepEqual([entry?.type, entry?.port], [1, 20]);
  });

  it("is cancelled when somebody in the house answers, and when the caller gives up", async () => {
    const call = box.ring(SPAM);
    await until("incoming", () => incoming.length === 1);
    box.answer(call);
    await until("result", () => results.length === 1);
    box.hangUp(call);
    box.hangUp(box.ring(SPAM));
    await until("results", () => results.length === 2);
    assert.deepEqual(
      results.map(({ event }) => event),
      ["cancelled", "cancelled"],
    );
  });

  it("shows the name of its phonebook, withholds a number, and sends no barred call", async () => {
    box.tr064.state.books.named("Telefonbuch").add("Anna Beispiel", "07191 555");
    for (const caller of ["07191555", "", "**610"]) box.ring(caller);
    box.barred.add(SPAM);
    box.ring(SPAM);
    await until("incoming", () => incoming.length === 3);
    assert.deepEqual(
      incoming.map(({ number, name, withheld, internal, knownToBox }) => [
        number,
        name,
        withheld,
        internal,
        knownToBox,
      ]),
      [
        ["07191555", "Anna Beispiel", false, false, true],
        ["", undefined, true, false, false],
        ["**610", undefined, false, true, false],
      ],
    );
  });

  it("lets a telephone of the household ring: silent for an unwanted call, picked up for a wanted one", async () => {
    const client = { name: "Küche", username: "kitchen", password: "Beispiel1234" };
    box.tr064.state.sipClients.push(client);
    const states: TelephoneState[] = [];
    const phone = new Telephone({ ...client, registrarPort: box.sip.port, onState: (state) => states.push(state) });
    try {
      await phone.start();
      assert.deepEqual(box.sip.registered, ["waechter", "kitchen"]);
      box.ring(SPAM);
      await until("it rings", () => phone.state === "ringing");
      hangups.decide({ action: "block", number: SPAM });
      await until("silence", () => phone.state === "idle");
      await until("the result", () => results.length === 1);
      assert.equal(results[0]?.event, "hungup");

      const wanted = box.ring("08999998010");
      await until("it rings", () => phone.state === "ringing");
      assert.ok(phone.pickUp());
      await until("the agent's leg is cancelled", () => box.ringingCalls.length === 0);
      assert.deepEqual(box.openCalls, [wanted]);
      phone.hangUp();
      await until("the end", () => box.openCalls.length === 0);

      box.ring("08999998010");
      await until("it rings", () => phone.state === "ringing");
      box.hangUp(box.openCalls[0] ?? wanted);
      await until("silence", () => phone.state === "idle");
      assert.deepEqual(states, ["idle", "ringing", "idle", "ringing", "talking", "idle", "ringing", "idle"]);
      assert.equal(phone.pickUp(), false);
    } finally {
      await phone.stop();
    }
  });

  it("forgets its bindings in a restart; a refresh brings them back", async () => {
    box.sip.restart();
    box.ring(SPAM);
    assert.deepEqual(box.sip.registered, []);
    agent.refresh();
    await until("registered again", () => box.sip.registered.length === 1);
  });

  it("refuses a wrong password, and is not asked again", async () => {
    await agent.close();
    start("wrong");
    await until("refused", () => agent.state.kind === "failed");
    assert.deepEqual(
      box.sip.registrations.filter(({ accepted }) => !accepted),
      [{ user: "waechter", accepted: false, expires: 300 }],
    );
  });

  it("bears a wire that loses ten per cent and sends ten per cent twice", async () => {
    await agent.close();
    const wire = await lossyWire(box.sip.port);
    box.sip.via = wire.port;
    start("Beispiel1234", wire.port);
    await until("registered", () => agent.state.kind === "registered");
    const calls = process.env["FRITZ_LONG"] === "1" ? 300 : 20;
    for (let i = 0; i < calls; i++) {
      const number = `0301${String(i).padStart(6, "0")}`;
      box.ring(number);
      hangups.decide({ action: "block", number });
    }
    await until("all ended", () => results.length === calls, 100_000).finally(() => wire.close());
    assert.ok(
      results.every(({ event }) => event === "hungup"),
      JSON.stringify(results),
    );
    assert.ok(wire.lost > 5 && wire.doubled > 5);
  });
});

/** A wire between agent and box; both believe it to be the other side. */
async function lossyWire(boxPort: number) {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  let [agentPort, seed] = [0, 11];
  const wire = { port: socket.address().port, lost: 0, doubled: 0, close: () => socket.close() };
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  socket.on("message", (data, { port }) => {
    const target = port === boxPort ? agentPort : boxPort;
    if (port !== boxPort) agentPort = port;
    const chance = random();
    if (chance < 0.1) return void wire.lost++;
    if (chance > 0.9) {
      wire.doubled++;
      socket.send(data, target, "127.0.0.1");
    }
    socket.send(data, target, "127.0.0.1");
  });
  return wire;
}
