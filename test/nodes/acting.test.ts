/** The nodes that act on the telephone system, in a real Node-RED with the simulated box. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { collect, loggedErrors, helper, lastStatus, load, node, statuses, until } from "../support/flow";
import { removeFolder } from "../support/wait";

const PASSWORD = "gehe!m-42";

describe("nodes that act", function () {
  let box: SimulatedBox;
  let userDir = "";

  before((done) => {
    userDir = mkdtempSync(join(tmpdir(), "fritz-acting-"));
    helper.settings({ userDir });
    void helper.startServer(done);
  });
  after((done) => {
    helper.settings({});
    removeFolder(userDir);
    void helper.stopServer(done);
  });
  beforeEach(async () => {
    removeFolder(join(userDir, "fritz-calls"));
    box = new SimulatedBox();
    const { state } = box.tr064;
    state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
    const rule = { number: "", toNumber: "", mode: "eNoSignal", outgoing: "", phonebookId: "" as const };
    state.deflections = [
      { ...rule, type: "fromAll", enable: false },
      { ...rule, type: "fromNumber", number: "0900*", enable: true },
    ];
    await box.monitor.listen();
    await box.tr064.listen();
  });
  afterEach(async () => {
    await helper.unload();
    await box.monitor.stop();
    await box.tr064.stop();
  });

  /** One node of the type with what it sends, its errors and its box. */
  async function flow(type: string, properties: object) {
    const { port, tlsPort } = box.tr064;
    const config = { host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort, tls: true };
    await load(
      [
        { id: "box", type: "fritz-config", name: "", ...config },
        { id: "n", type, name: "", box: "box", ...properties, wires: [["out"]] },
        { id: "out", type: "helper" },
        { id: "catch", type: "catch", scope: ["n"], wires: [["failed"]] },
        { id: "failed", type: "helper" },
      ],
      { box: { username: "nodered", password: PASSWORD } },
    );
    const [got, failed] = [collect("out"), collect("failed")];
    const ask = async (msg: object) => {
      const before = got.length + failed.length;
      node("n").receive(msg as never);
      await until("an answer", () => got.length + failed.length > before);
      return (got.length > 0 ? got.at(-1) : undefined) ?? failed.at(-1) ?? assert.fail();
    };
    const refused = async (msg: object) => {
      const before = [got.length, failed.length];
      node("n").receive(msg as never);
      await until("an answer", () => got.length + failed.length > (before[0] ?? 0) + (before[1] ?? 0));
      assert.equal(got.length, before[0], JSON.stringify(got.at(-1)));
      return (failed.at(-1)?.["error"] as { code: string }).code;
    };
    return { got, failed, ask, refused };
  }

  it("fritz-deflection lists rules with a sentence, switches one, also for a time, and passes on what it does not know", async () => {
    const { ask, refused } = await flow("fritz-deflection", {
      operation: "list",
      deflection: "",
      enabled: true,
      minutes: 0,
    });
    const listed = await ask({ payload: 1, mine: "kept" });
    assert.equal(listed["mine"], "kept");
    const rules = listed.payload as { id: number; name: string; enabled: boolean; text: string; number?: string }[];
    assert.deepEqual(
      rules.map(({ name, enabled }) => [name, enabled]),
      [
        ["fromAll NoSignal", false],
        ["fromNumber 0900* NoSignal", true],
      ],
    );
    assert.ok(rules.every(({ text }) => text !== ""));
    const set = await ask({ operation: "set", deflection: "do-not-disturb", payload: true, minutes: 30 });
    assert.equal((set.payload as { enabled: boolean }).enabled, true);
    assert.match((set.payload as { until: string }).until, /^20\d\d-/);
    assert.equal(box.tr064.state.deflections[0]?.enable, true);
    const files = readdirSync(join(userDir, "fritz-calls"));
    assert.ok(files.includes("deflections-box.json"), files.join());
    assert.equal(await refused({ operation: "set", deflection: "fromPB" }), "deflection-unknown");
    assert.equal(await refused({ operation: "explode" }), "operation-unknown");
  });

  it("fritz-dial rings the house for a time, shows the seconds, and is stopped by a hangup and by a deploy", async () => {
    const { ask, got } = await flow("fritz-dial", {
      operation: "ring",
      phone: "**9",
      seconds: 1,
      allowed: [],
      perHour: 5,
    });
    const rung = await ask({ payload: "alarm" });
    assert.deepEqual(rung.payload, {
      ...{ operation: "ring", number: "**9", phone: "DECT: Mobilteil 1", seconds: 1, stopped: true, because: "time" },
    });
    assert.equal(box.ringing, "");
    node("n").receive({ seconds: 200 });
    await until("the ring", () => box.ringing === "**9");
    node("n").receive({ operation: "hangup" });
    await until("both answers", () => got.length === 3);
    assert.equal(box.ringing, "");
    node("n").receive({ seconds: 200 });
    await until("the ring", () => box.ringing === "**9");
    await helper.unload();
    await until("silence", () => box.ringing === "");
  });

  it("fritz-dial dials nothing that a message brings unless it fits, nothing costly, and not too often", async () => {
    const { ask, refused } = await flow("fritz-dial", {
      ...{ operation: "dial", number: "", phone: "", seconds: 20, allowed: ["030*"], perHour: 2 },
    });
    assert.equal(await refused({ payload: "089 23125001" }), "dial-not-allowed");
    assert.equal(await refused({ payload: Date.now() }), "dial-not-allowed");
    assert.equal(await refused({ payload: "0900 1234567" }), "dial-costly");
    assert.equal(await refused({ number: "112" }), "dial-emergency");
    assert.equal(await refused({ payload: "" }), "dial-number");
    assert.equal(await refused({ operation: "ring", number: "**9" }), "dial-not-allowed");
    assert.deepEqual(box.dialledNumbers, []);
    const dialled = await ask({ payload: "030 23125001", phone: "Mobilteil 1" });
    assert.deepEqual(dialled.payload, { operation: "dial", number: "03023125001", phone: "DECT: Mobilteil 1" });
    await ask({ payload: "030 23125002" });
    assert.equal(await refused({ payload: "030 23125003" }), "dial-limit");
    assert.deepEqual(box.dialledNumbers, ["03023125001", "03023125002"]);
    assert.doesNotMatch(loggedErrors().join("\n"), /23125/);
  });

  it("fritz-answering-machine gives each new message once with its sound after the call, also over a deploy", async () => {
    const properties = { operation: "new", machine: "", audio: true, enabled: true };
    const first = await flow("fritz-answering-machine", properties);
    await until("the connection", () => box.monitor.connections === 1);
    const call = box.ring("03023125001");
    box.speak(call, { seconds: 2 });
    box.hangUp(call);
    await until("the message", () => first.got.length === 1);
    const [message] = first.got;
    assert.deepEqual((message?.payload as { caller: object }).caller, {
      number: "03023125001",
      presentation: "allowed",
    });
    assert.equal((message?.payload as { durationSeconds: number }).durationSeconds, 2);
    assert.equal((message?.["audio"] as Buffer).toString("latin1", 0, 4), "RIFF");
    const stored = readFileSync(join(userDir, "fritz-calls", "messages-n.json"), "utf8");
    assert.doesNotMatch(stored, /23125/);
    await helper.unload();
    const second = await flow("fritz-answering-machine", properties);
    box.tr064.state.tam.leave(0, { number: "", date: new Date() });
    node("n").receive({}); // look now
    await until("the second message", () => second.got.length > 0);
    assert.equal(second.got.length, 1, "the first one is not sent again");
    assert.equal((second.got[0]?.payload as { caller: { number: string } }).caller.number, "");
    const lists = box.tr064.requests.filter(({ action }) => action === "GetMessageList").length;
    assert.ok(lists < 20, `${lists} lists`);
  });

  it("fritz-answering-machine lists, fetches, marks, deletes one or several, and switches a machine", async () => {
    const { tam } = box.tr064.state;
    for (const minute of [1, 2, 3]) tam.leave(0, { number: "030", date: new Date(2026, 0, 5, 12, minute) });
    const { ask, refused } = await flow("fritz-answering-machine", {
      operation: "messages",
      machine: "",
      audio: false,
    });
    const messages = (await ask({})).payload as { index: number }[];
    assert.deepEqual(
      messages.map(({ index }) => index),
      [2, 1, 0],
    );
    const sound = await ask({ operation: "audio", payload: messages[0] });
    assert.ok(Buffer.isBuffer(sound.payload));
    assert.equal((sound["message"] as { index: number }).index, 2);
    await ask({ operation: "read", payload: messages[0] });
    assert.deepEqual(
      tam.messages.map(({ isNew }) => isNew),
      [false, true, true],
    );
    assert.equal(((await ask({ operation: "machines" })).payload as { new: number }[])[0]?.new, 2);
    const deleted = await ask({ operation: "delete", payload: messages.slice(1) });
    assert.equal((deleted.payload as object[]).length, 2);
    assert.equal(tam.messages.length, 1);
    assert.equal(await refused({ operation: "delete", payload: messages[1] }), "message-unknown");
    assert.equal(await refused({ operation: "delete", payload: Date.now() }), "message-missing");
    await ask({ operation: "set", machine: "0", payload: false });
    assert.equal(tam.slots[0]?.enable, false);
    assert.equal(lastStatus("n").fill, "grey");
  });

  it("fritz-answering-machine shows how far a long recording is, and stops between two messages of a list", async () => {
    const { tam } = box.tr064.state;
    for (const minute of [1, 2, 3]) {
      tam.leave(0, { number: "030", date: new Date(2026, 0, 5, 12, minute), seconds: 30 });
    }
    const { ask } = await flow("fritz-answering-machine", { operation: "messages", machine: "", audio: false });
    const messages = (await ask({})).payload as object[];
    box.tr064.failNext({ kind: "slow", match: /download/, ms: 3_000 });
    await ask({ operation: "audio", payload: messages[0] });
    const shown = statuses("n").map(({ text }) => text);
    assert.ok(shown.includes("fritz-answering-machine.status.percent"), shown.join());
    box.tr064.wire.latencyMs = 100;
    node("n").receive({ operation: "delete", payload: messages });
    await until("the first deletion", () => tam.messages.length === 2);
    await helper.unload();
    await until("silence", () => box.tr064.openRequests === 0);
    const deletions = box.tr064.requests.filter(({ action, authorized }) => action === "DeleteMessage" && authorized);
    assert.equal(deletions.length, 3 - tam.messages.length, "nothing twice");
    assert.ok(tam.messages.length > 0, "stopped by the deploy");
  });

  it("fritz-action answers with real types, and writes only with its tick, whatever a message says", async () => {
    const { ask, refused } = await flow("fritz-action", {
      ...{ service: "X_AVM-DE_TAM:1", action: "GetInfo", arguments: { Index: 0 }, write: false, parse: true },
    });
    const info = await ask({ payload: { unrelated: true } });
    assert.equal((info.payload as { Enable: boolean }).Enable, true);
    assert.equal((info["raw"] as { NewEnable: string }).NewEnable, "1");
    const values = { action: "SetEnable", payload: { NewIndex: "0", NewEnable: "0" }, write: true };
    assert.equal(await refused(values), "action-write");
    assert.equal(box.tr064.state.tam.slots[0]?.enable, true);
    assert.equal(lastStatus("n").fill, "red");
    await helper.unload();
    const writer = await flow("fritz-action", {
      ...{ service: "X_AVM-DE_TAM:1", action: "SetEnable", arguments: { Index: 0 }, write: true, parse: true },
    });
    await writer.ask({ arguments: { Enable: false } });
    assert.equal(box.tr064.state.tam.slots[0]?.enable, false);
  });

  it("all say in one sentence that there is no box", async () => {
    await load([
      ...["deflection", "dial", "answering-machine", "action"].map((name) => ({
        ...{ id: name, type: `fritz-${name}`, name: "", box: "", operation: name === "dial" ? "hangup" : undefined },
        wires: [],
      })),
      { id: "catch", type: "catch", scope: null, wires: [["failed"]] },
      { id: "failed", type: "helper" },
    ]);
    const failed = collect("failed");
    for (const name of ["deflection", "dial", "answering-machine", "action"]) node(name).receive({});
    await until("all", () => failed.length === 4);
    assert.ok(failed.every(({ error }) => (error as { code: string }).code === "no-box"));
    assert.ok(!existsSync(join(userDir, "fritz-calls", "dial-deflection.json")));
  });
});
