import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect, helper, lastStatus, load, node, until } from "../support/flow";

const ring = (extra = {}) => ({
  event: "ring",
  callId: "c1",
  connectionId: 0,
  at: "2020-06-16T12:25:42+02:00",
  direction: "incoming",
  caller: { number: "01755290123", presentation: "allowed" },
  called: { number: "732123", presentation: "allowed" },
  line: "SIP1",
  box: "Home",
  raw: "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;",
  ...extra,
});

describe("fritz-log", () => {
  let folder: string;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fritz-log-"));
  });
  afterEach(async () => {
    await helper.unload();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (extra = {}) => {
    await load([
      {
        id: "log",
        type: "fritz-log",
        file: join(folder, "a", "calls.log"),
        anonymize: false,
        wires: [["out"]],
        ...extra,
      },
      { id: "out", type: "helper" },
      { id: "c", type: "catch", scope: null, wires: [["caught"]] },
      { id: "caught", type: "helper" },
    ]);
    return {
      got: collect("out"),
      caught: collect("caught") as unknown as { error: { code: string; message: string } }[],
    };
  };
  const read = (...parts: string[]) => readFileSync(join(folder, ...parts), "utf8");
  const send = (msg: object) => node("log").receive(msg as never);

  it("writes the box's line, makes folders, keeps the file private and passes the message on when it is written", async () => {
    const { got } = await start();
    let seen = "";
    node("out").on("input", () => (seen = read("a", "calls.log")));
    send({ topic: "ring", payload: ring(), other: 1 });
    await until("the message", () => got.length === 1);
    assert.equal(seen, "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;\n");
    assert.deepEqual(got[0]?.payload, ring());
    assert.equal(got[0]?.["other"], 1);
    assert.equal(statSync(join(folder, "a", "calls.log")).mode & 0o777, 0o600);
    assert.deepEqual(lastStatus("log"), { fill: "green", shape: "dot", text: "calls.log" });
  });

  it("anonymises unless told otherwise", async () => {
    const { got } = await start({ anonymize: undefined });
    send({ payload: ring() });
    await until("the message", () => got.length === 1);
    assert.equal(read("a", "calls.log"), "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;\n");
    assert.equal((got[0]?.payload as { raw: string }).raw, ring().raw);
  });

  it("writes JSON that can be replayed", async () => {
    const { got } = await start({ format: "json", anonymize: true });
    send({ payload: ring() });
    await until("the message", () => got.length === 1);
    const entry = JSON.parse(read("a", "calls.log")) as ReturnType<typeof ring>;
    assert.deepEqual(entry, {
      ...ring(),
      caller: { number: "01755290xxx", presentation: "allowed" },
      called: { number: "732xxx", presentation: "allowed" },
      raw: "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;",
    });
  });

  it("writes decisions as the block log of the original tools", async () => {
    const { got } = await start();
    const info = (extra = {}) => ({
      number: "01755290123",
      display: "Energie; Betrug\n",
      type: "mobile",
      flags: [],
      sources: [],
      complete: true,
      ...extra,
    });
    const decision = (verdict: string, because: string) => ({ verdict, because, explanation: "", action: "none" });
    const spam = { score: 8, reports: 21, source: "tellows" };
    send({ payload: ring(), callerInfo: info(), decision: decision("allow", "allow-book") });
    send({ payload: ring(), callerInfo: info(), decision: decision("block", "block-book") });
    send({ payload: ring(), callerInfo: info({ spam }), decision: decision("block", "spam-score") });
    send({
      payload: ring(),
      callerInfo: info({ spam: { ...spam, score: 5 } }),
      decision: decision("allow", "unknown"),
    });
    await until("all", () => got.length === 4);
    assert.deepEqual(read("a", "calls.log").split("\n"), [
      '16.06.20 12:25:42;WHITELIST;0;01755290123;"Energie, Betrug,";',
      '16.06.20 12:25:42;BLACKLIST;0;01755290123;"Energie, Betrug,";',
      '16.06.20 12:25:42;BLOCK;1;01755290123;"Energie, Betrug,";8;21;0;',
      '16.06.20 12:25:42;PASS;1;01755290123;"Energie, Betrug,";5;21;0;',
      "",
    ]);
  });

  it("writes one file a day, by the box's midnight, also when summer time begins and ends", async () => {
    const { got } = await start({ daily: true });
    const stamps = [
      "2026-03-28T23:59:59+01:00",
      "2026-03-29T00:00:00+01:00",
      "2026-03-29T23:59:59+02:00",
      "2026-03-30T00:00:00+02:00",
      "2026-10-25T23:59:59+01:00",
      "2026-10-26T00:00:00+01:00",
    ];
    for (const at of stamps) send({ payload: ring({ at }) });
    await until("all", () => got.length === stamps.length);
    assert.deepEqual(readdirSync(join(folder, "a")).sort(), [
      "calls-2026-03-28.log",
      "calls-2026-03-29.log",
      "calls-2026-03-30.log",
      "calls-2026-10-25.log",
      "calls-2026-10-26.log",
    ]);
    assert.equal(read("a", "calls-2026-03-29.log").split("\n").length, 3);
  });

  it("takes another file from the message, but none outside the folder", async () => {
    const { got, caught } = await start();
    send({ payload: ring(), file: "other.log" });
    send({ payload: ring(), file: "below/other.log" });
    const bad = ["../evil.log", "below/../../evil.log", "/tmp/evil.log", "..", ".", "a\u0000b", 5, {}];
    for (const file of bad) send({ payload: ring(), file });
    await until("all", () => got.length === 2 + bad.length && caught.length === bad.length);
    assert.ok(existsSync(join(folder, "a", "other.log")));
    assert.ok(existsSync(join(folder, "a", "below", "other.log")));
    assert.deepEqual(readdirSync(folder), ["a"]);
    assert.deepEqual([...new Set(caught.map(({ error }) => error.code))].sort(), ["log-bad-file", "log-outside"]);
  });

  for (const configured of ["calls.log", "calls.json"]) {
    it(`never writes to a file that it did not make, beside ${configured}`, async () => {
      const files = {
        ...{ "package.json": '{ "name": "x" }', "settings.js": "module.exports = {}", "flows.json": "[]" },
        ...{ "notes.txt": "milk", "other.json": '{"a":1}', README: "Hello" },
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const { got, caught } = await start({ file: join(folder, configured) });
      const names = [...Object.keys(files), "Package.json", "evil.js", "nodes/evil.js", "a/../settings.js"];
      for (const file of names) send({ payload: ring(), file });
      await until("all", () => got.length === names.length && caught.length === names.length);
      for (const [name, text] of Object.entries(files)) assert.equal(readFileSync(join(folder, name), "utf8"), text);
      assert.deepEqual(readdirSync(folder).sort(), Object.keys(files).sort());
      assert.deepEqual([...new Set(caught.map(({ error }) => error.code))], ["log-foreign"]);
    });
  }

  for (const format of ["line", "json"]) {
    it(`appends to a log that it made before, named by the message, as ${format}`, async () => {
      const { got, caught } = await start({ format });
      for (let i = 0; i < 3; i++) {
        send({ payload: ring(), file: "again.log" });
        await until("the line", () => got.length === i + 1);
      }
      assert.equal(read("a", "again.log").trim().split("\n").length, 3);
      assert.deepEqual(caught, []);
    });
  }

  it("does not follow a link out of the folder", async () => {
    const { got, caught } = await start();
    const outside = join(folder, "outside");
    mkdirSync(outside);
    mkdirSync(join(folder, "a"));
    symlinkSync(outside, join(folder, "a", "link"));
    symlinkSync(join(outside, "file.log"), join(folder, "a", "file.log"));
    for (const file of ["link/evil.log", "link/deep/evil.log"]) send({ payload: ring(), file });
    await until("both", () => got.length === 2 && caught.length === 2);
    assert.deepEqual(readdirSync(outside), []);
    assert.deepEqual([...new Set(caught.map(({ error }) => error.code))], ["log-outside"]);
  });

  it("does not wait for the reader of a pipe", async function () {
    if (spawnSync("mkfifo", [join(folder, "pipe")]).status !== 0) this.skip();
    const { got, caught } = await start({ file: join(folder, "pipe") });
    send({ payload: ring() });
    await until("both", () => got.length === 1 && caught.length === 1);
    assert.equal(caught[0]?.error.code, "log-failed");
  });

  it("with a full disk tells the Catch node and lets the message go on", async function () {
    if (!existsSync("/dev/full")) this.skip();
    const { got, caught } = await start({ file: "/dev/full" });
    send({ payload: ring() });
    await until("both", () => got.length === 1 && caught.length === 1);
    assert.equal(caught[0]?.error.code, "log-full");
    assert.equal(lastStatus("log").fill, "red");
    assert.match(lastStatus("log").text ?? "", /brief\.log$/);
  });

  it("with a file that cannot be written tells why", async function () {
    const { caught } = await start({ file: folder });
    send({ payload: ring() });
    await until("the folder's error", () => caught.length === 1);
    assert.equal(caught[0]?.error.code, "log-folder");
    if (process.getuid?.() === 0) return; // root may write everything
    chmodSync(folder, 0o500);
    send({ payload: ring(), file: "new.log" });
    await until("the permission's error", () => caught.length === 2);
    assert.equal(caught[1]?.error.code, "log-denied");
  });

  it("recovers: the same line of status is not repeated, a good line turns it green", async () => {
    const { got, caught } = await start();
    send({ payload: "no event" });
    await until("the error", () => caught.length === 1);
    assert.equal(caught[0]?.error.code, "log-nothing");
    assert.equal(got.length, 1);
    send({ payload: ring() });
    await until("green", () => lastStatus("log").fill === "green");
  });

  it("says so when no file is configured", async () => {
    const { caught } = await start({ file: "  " });
    send({ payload: ring() });
    await until("the error", () => caught.length === 1);
    assert.equal(caught[0]?.error.code, "log-no-file");
  });

  it("keeps thousands of messages from two nodes whole", async () => {
    const file = join(folder, "calls.log");
    await load([
      { id: "log", type: "fritz-log", file, anonymize: false, wires: [["out"]] },
      { id: "log2", type: "fritz-log", file, anonymize: false, wires: [["out"]] },
      { id: "out", type: "helper" },
    ]);
    const got = collect("out");
    for (let i = 0; i < 2000; i++) {
      for (const id of ["log", "log2"]) {
        node(id).receive({ payload: ring({ raw: `${id};${i};${"x".repeat(i % 300)}` }) });
      }
    }
    await until("all", () => got.length === 4000);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    for (const id of ["log", "log2"]) {
      const mine = lines.filter((line) => line.startsWith(`${id};`));
      assert.deepEqual(
        mine,
        Array.from({ length: 2000 }, (_, i) => `${id};${i};${"x".repeat(i % 300)}`),
      );
    }
    assert.equal(lines.length, 4000);
  });

  it("takes its file from the environment as from the form, from a message only within the log folder", async () => {
    helper.settings({ userDir: folder });
    process.env["FRITZ_TEST_LOG"] = join(folder, "own.log");
    try {
      await start({ file: "FRITZ_TEST_LOG", fileType: "env" });
      const got = collect("out");
      node("log").receive({ payload: ring() });
      await until("the line", () => got.length === 1);
      assert.ok(existsSync(join(folder, "own.log")));
      await helper.unload();

      const { got: passed, caught } = await start({ file: "name", fileType: "msg" });
      for (const name of ["anna.log", "../outside.log", undefined]) send({ payload: ring(), name });
      await until("three", () => passed.length === 3);
      await until("the errors", () => caught.length === 2);
      assert.ok(existsSync(join(folder, "fritz-calls", "anna.log")));
      assert.ok(!existsSync(join(folder, "outside.log")));
      const codes = caught.map(({ error }) => error.message);
      assert.match(codes.sort().join(" "), /error\.log-outside .*error\.property-empty/);
    } finally {
      delete process.env["FRITZ_TEST_LOG"];
      helper.settings({});
    }
  });
});
