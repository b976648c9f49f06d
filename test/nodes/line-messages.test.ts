import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, statSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { LineCounter } from "../../src/lib/calls/line-state";
import type { CallEvent } from "../../src/lib/calls/types";
import { isForNode } from "../../src/nodes/fritz-callmonitor/missed";
import { collect, loggedErrors, helper, load, node, until } from "../support/flow";
import { removeFolder } from "../support/wait";
import { callEvent, party } from "../support/events";

const LINE = {
  box: "Home",
  lineState: "idle",
  open: { ringing: 0, dialling: 0, talking: 0 },
  at: "2026-11-24T10:00:00+01:00",
};
const MESSAGES = [
  { topic: "state", payload: LINE },
  {
    topic: "gap",
    payload: { box: "Home", from: "2026-11-24T10:00:00+01:00", to: "2026-11-24T10:05:00+01:00", reason: "outage" },
  },
];

describe("messages of the line, and calls missed in a gap", () => {
  let userDir = "";
  before((done) => {
    userDir = mkdtempSync(join(tmpdir(), "fritz-line-"));
    helper.settings({ userDir });
    helper.startServer(done);
  });
  after((done) => {
    helper.settings({});
    removeFolder(userDir);
    helper.stopServer(done);
  });
  afterEach(() => helper.unload());

  for (const type of ["fritz-caller-info", "fritz-block", "fritz-log"]) {
    it(`pass ${type} unchanged`, async () => {
      await load([
        { id: "n", type, ...(type === "fritz-log" && { file: "x.log" }), wires: [["out"], ["out"]] },
        { id: "out", type: "helper" },
      ]);
      const got = collect("out");
      for (const message of MESSAGES) node("n").receive(structuredClone(message));
      await until("both", () => got.length === 2);
      assert.deepEqual(
        got.map(({ topic, payload, callerInfo, decision }) => ({ topic, payload, callerInfo, decision })),
        MESSAGES.map((message) => ({ ...message, callerInfo: undefined, decision: undefined })),
      );
      assert.deepEqual(
        loggedErrors("n").filter((text) => text !== "fritz-block.gap.no-box"), // true: it has none
        [],
      );
    });
  }

  it("and answers to orders are none of fritz-hangup's business, and no error", async () => {
    await load(
      [
        { id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: 9, port: 9, tls: false },
        { id: "n", type: "fritz-hangup", box: "box", registrarPort: 9, wires: [["out"], ["out"]] },
        { id: "out", type: "helper" },
        { id: "catch", type: "catch", scope: ["n"], wires: [["caught"]] },
        { id: "caught", type: "helper" },
      ],
      { n: { sipUsername: "waechter", sipPassword: "secret" } },
    );
    const caught = collect("caught");
    for (const message of [...MESSAGES, { operation: "journal", payload: [] }]) node("n").receive(message);
    node("n").receive({ payload: "neither" }); // the one that is an error comes last
    const wrong = () => caught.filter(({ error }) => (error as { code?: string }).code === "hangup-input");
    await until("the error", () => wrong().length > 0);
    assert.deepEqual(
      wrong().map(({ payload }) => payload),
      ["neither"],
    );
  });

  const missed = (callId: string): CallEvent =>
    callEvent({
      event: "disconnect",
      callId,
      caller: party("0900123456"),
      outcome: "missed",
      recovered: true,
      raw: "",
    });

  it("a missed call gets its caller's info, no decision, and a line in the log", async () => {
    const rules = { action: "decide", dryRun: false, blockPatterns: ["0900*"], repeatCalls: 1, repeatMinutes: 60 };
    await load([
      { id: "i", type: "fritz-caller-info", wires: [["b"]] },
      { id: "b", type: "fritz-block", ...rules, wires: [["l"], ["blocked"]] },
      { id: "l", type: "fritz-log", file: "m.log", anonymize: true, wires: [["out"]] },
      { id: "out", type: "helper" },
      { id: "blocked", type: "helper" },
    ]);
    const [got, blocked] = [collect("out"), collect("blocked")];
    node("i").receive({ topic: "disconnect", payload: missed("m1") });
    await until("it", () => got.length === 1);
    assert.equal((got[0]?.["callerInfo"] as { number: string }).number, "0900123456");
    assert.equal(got[0]?.["decision"], undefined);
    assert.deepEqual(blocked, []);
    const line = readFileSync(join(userDir, "m.log"), "utf8");
    assert.match(line, /^# .* missed incoming 0900123xxx\n$/);
  });

  it("come from a real box with a login, once, and the memory is its owner's only", async () => {
    const box = new SimulatedBox();
    await box.monitor.listen();
    await box.tr064.listen();
    try {
      const config = {
        ...{ id: "box1", type: "fritz-config", name: "Home", host: "127.0.0.1", tls: false, timeZone: "" },
        ...{ monitorPort: box.monitor.port, port: box.tr064.port },
      };
      await load(
        [config, { id: "m", type: "fritz-callmonitor", box: "box1", wires: [["out"]] }, { id: "out", type: "helper" }],
        { box1: { username: "fritz1234", password: "secret" } },
      );
      const got = collect("out");
      await until("the first reading", () => wasRead(userDir));
      const call = box.ring("0711111");
      box.hangUp(call);
      await until("both events", () => got.length === 2);
      await box.monitor.refuse();
      box.monitor.resetAll();
      box.hangUp(box.ring("0711222"));
      await box.monitor.accept();
      await until("the missed one", () => got.length === 3);
      const event = got[2]?.payload as CallEvent;
      assert.equal(event.caller.number, "0711222");
      assert.equal(event.recovered, true);
      assert.equal(event.box, "Home");
      const files = readdirSync(join(userDir, "fritz-calls")).filter((name) =>
        /^calls-.*(json|copy|changes)$/.test(name),
      );
      assert.ok(files.length >= 3);
      for (const file of files) assert.equal(statSync(join(userDir, "fritz-calls", file)).mode & 0o777, 0o600, file);
    } finally {
      await helper.unload();
      await box.monitor.stop();
      await box.tr064.stop();
    }
  });

  it("and ends that are sent again after a kill do not reach a node that does not want them", () => {
    const heard = new LineCounter();
    for (const late of [{ recovered: true as const }, { repeated: true as const }]) {
      const end = callEvent({ ...late, event: "disconnect", callId: "c1" });
      assert.deepEqual(
        [true, undefined, false].map((recover) => isForNode(end, recover, heard)),
        [true, true, false],
      );
    }
    assert.ok(isForNode(callEvent({ event: "disconnect", callId: "c1" }), false, heard));
    heard.count(callEvent({ event: "ring", callId: "c1" }));
    assert.ok(
      isForNode(callEvent({ event: "disconnect", callId: "c1", recovered: true }), false, heard),
      "it waits for it",
    );
  });

  it("without a login a gap is one message; a flow of 0.2.0 and a node that does not want it get none", async () => {
    const box = new SimulatedBox();
    await box.monitor.listen();
    try {
      const config = {
        id: "box1",
        type: "fritz-config",
        name: "Home",
        host: "127.0.0.1",
        monitorPort: box.monitor.port,
      };
      const monitor = (id: string, more: object) => ({
        id,
        type: "fritz-callmonitor",
        box: "box1",
        wires: [[`${id}o`]],
        ...more,
      });
      await load([
        config,
        ...[monitor("a", { recover: true }), monitor("b", {}), monitor("c", { recover: false })],
        ...["ao", "bo", "co"].map((id) => ({ id, type: "helper" })),
      ]);
      const [got, old, off] = [collect("ao"), collect("bo"), collect("co")];
      await until("the connection", () => box.monitor.connections === 1);
      await box.monitor.refuse();
      box.monitor.resetAll();
      const since = Date.now();
      await until("a gap that counts", () => Date.now() - since > 2_500);
      await box.monitor.accept();
      await until("the gap", () => got.length === 1);
      const { topic, payload } = got[0] ?? {};
      const gap = payload as { box: string; from: string; to: string; reason: string };
      assert.deepEqual([topic, gap.box, gap.reason], ["gap", "Home", "outage"]);
      assert.ok(Date.parse(gap.to) - Date.parse(gap.from) >= 2_000);
      box.hangUp(box.ring("0711222"));
      await until("the next call", () => old.length === 2 && off.length === 2);
      assert.deepEqual(
        [...old, ...off].map((msg) => msg.topic),
        ["ring", "disconnect", "ring", "disconnect"],
      );
    } finally {
      await helper.unload();
      await box.monitor.stop();
    }
  });
});

/** The call list was read once. */
function wasRead(userDir: string): boolean {
  const folder = join(userDir, "fritz-calls");
  if (!existsSync(folder)) return false;
  const file = readdirSync(folder).find((name) => /^calls-.*\.json$/.test(name));
  return file !== undefined && readFileSync(join(folder, file), "utf8").includes('"through"');
}
