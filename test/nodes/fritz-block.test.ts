import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallEvent } from "../../src/lib/calls/types";
import type { Decision } from "../../src/lib/blocking/types";
import { SimulatedBox } from "../../simulator";
import { numbersOf } from "../../simulator/tr064/phonebooks";
import { caller, contact, spam } from "../support/callers";
import { callEvent, party } from "../support/events";
import { collect, loggedErrors, helper, lastStatus, load, node, statuses, until } from "../support/flow";
import { removeFolder } from "../support/wait";

const PREMIUM = "09001234567";
const BERLIN = "03023125001";
const CREDENTIALS = { box: { username: "fritz1234", password: "secret" } };

type Sent = Record<string, unknown> & { decision?: Decision; payload?: unknown };

describe("fritz-block", () => {
  let simulator: SimulatedBox;
  let userDir: string;
  const userDirs: string[] = [];
  let calls = 0;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    // Not after each test: connections linger, and what they keep would have no place.
    userDirs.forEach(removeFolder);
    helper.stopServer(done);
  });
  beforeEach(async () => {
    userDir = mkdtempSync(join(tmpdir(), "fritz-block-"));
    userDirs.push(userDir);
    helper.settings({ userDir });
    simulator = new SimulatedBox();
    await simulator.tr064.listen({ port: 0 });
    await simulator.monitor.listen();
  });
  afterEach(async () => {
    await helper.unload();
    await simulator.tr064.stop();
    await simulator.monitor.stop();
  });

  const start = async (extra = {}) => {
    const config = {
      ...{ id: "box", type: "fritz-config", host: "127.0.0.1", tls: false },
      ...{ port: simulator.tr064.port, monitorPort: simulator.monitor.port },
    };
    await load(
      [
        config,
        { id: "monitor", type: "fritz-callmonitor", box: "box", wires: [["block"]] },
        {
          ...{ id: "block", type: "fritz-block", box: "box", blockPatterns: ["0900*"] },
          ...{ wires: [["allowed"], ["blocked"]], ...extra },
        },
        { id: "allowed", type: "helper" },
        { id: "blocked", type: "helper" },
        { id: "c", type: "catch", scope: ["block"], wires: [["caught"]] },
        { id: "caught", type: "helper" },
      ],
      CREDENTIALS,
    );
    return {
      allowed: collect("allowed") as Sent[],
      blocked: collect("blocked") as Sent[],
      caught: collect("caught") as unknown as { error: { message: string } }[],
    };
  };
  const send = (msg: object) => node("block").receive(msg as never);
  const ring = (number: string, over: Partial<CallEvent> = {}): CallEvent =>
    callEvent({ callId: `n${++calls}`, caller: party(number), ...over });
  const armed = { action: "phonebook", dryRun: false };
  const spamBook = () => simulator.tr064.state.books.all.find(({ name }) => name === "Spam")?.contacts ?? [];

  it("decides without a box, by what caller info says, and passes on what it does not know", async () => {
    const { allowed, blocked } = await start({ box: "", dryRun: false });
    const given = { topic: "ring", payload: ring(BERLIN), callerInfo: caller(spam(9, 9)), other: { x: 1 } };
    send({ ...given });
    await until("the call", () => blocked.length === 1);
    const { decision, ...rest } = blocked[0] ?? {};
    delete rest["_msgid"];
    assert.deepEqual(rest, given);
    assert.deepEqual([decision?.verdict, decision?.because, decision?.action], ["block", "spam-score", "none"]);
    assert.equal(decision?.rule, "minScore 7, minReports 3: score 9, reports 9 (phoneblock)");
    send({ payload: ring(BERLIN), callerInfo: caller({ ...spam(9, 9), ...contact("Family") }) });
    await until("the other call", () => allowed.length === 1);
    assert.equal(allowed[0]?.decision?.because, "contact");
  });

  it("is a dry run from the start, and says what would have been blocked", async () => {
    const { blocked } = await start({ minScore: 0 });
    assert.deepEqual(lastStatus("block"), { fill: "grey", shape: "ring", text: "fritz-block.status.dry-run" });
    send({ payload: ring(PREMIUM) });
    await until("the call", () => blocked.length === 1);
    assert.equal(blocked[0]?.decision?.action, "dry-run");
    assert.equal(lastStatus("block").text, "fritz-block.status.would-block.pattern");
    assert.deepEqual(spamBook(), []);
  });

  it("live: the box's call monitor, its phonebooks, and an entry in its book", async () => {
    simulator.tr064.state.books.named("Telefonbuch").add("Oma", "030 23125001");
    const { allowed, blocked, caught } = await start(armed);
    await until("the connection", () => simulator.monitor.connections === 1);
    simulator.hangUp(simulator.ring(PREMIUM));
    simulator.hangUp(simulator.ring(BERLIN));
    await until("both calls", () => blocked.length === 2 && allowed.length === 2);
    assert.deepEqual(
      blocked.map(({ topic, decision }) => [topic, decision?.because, decision?.action, decision?.book]),
      [
        ["ring", "pattern", "added", "Spam"],
        ["disconnect", "pattern", "added", "Spam"],
      ],
    );
    assert.deepEqual(
      allowed.map(({ topic, decision }) => [topic, decision?.because]),
      [
        ["ring", "contact"],
        ["disconnect", "contact"],
      ],
    );
    assert.notEqual(blocked[0]?.decision, blocked[1]?.decision, "no object is sent twice");
    assert.deepEqual(spamBook().flatMap(numbersOf), [PREMIUM]);
    assert.match(spamBook()[0]?.xml ?? "", /<realName>\[Spam\] 09001234567<\/realName>/);
    assert.deepEqual(caught, []);
  });

  it("judges calls of the box's call list one by one, and writes nothing", async () => {
    simulator.tr064.state.books.named("Telefonbuch").add("Oma", "0900 5555555");
    const { allowed, blocked } = await start(armed);
    const call = (number: string, kind = "missed") => ({
      ...{ id: number, kind, at: "2026-11-24T12:25:00+01:00", durationSeconds: 0 },
      ...{ caller: party(number), called: party("732123") },
    });
    send({ payload: [call(PREMIUM), call("09005555555"), call(PREMIUM, "outgoing"), 5] });
    send({ payload: call(PREMIUM) });
    await until("all", () => allowed.length === 2 && blocked.length === 2);
    assert.deepEqual(
      [...allowed, ...blocked].map(({ decision }) => `${decision?.because} ${decision?.action}`),
      [...["contact none", "outgoing none", "pattern dry-run", "pattern dry-run"]],
    );
    assert.deepEqual(spamBook(), []);
  });

  it("block: the last caller comes into the book", async () => {
    const { allowed } = await start(armed);
    send({ payload: ring(BERLIN) });
    await until("the call", () => allowed.length === 1);
    send({ operation: "block", payload: 1700000000000 });
    await until("the answer", () => allowed.length === 2);
    const report = { number: BERLIN, removed: false, allowed: false, action: "added", book: "Spam" };
    assert.deepEqual(allowed[1]?.payload, report);
    assert.deepEqual(spamBook().flatMap(numbersOf), [BERLIN]);
  });

  it("100 repeated rings give one entry", async () => {
    const { blocked } = await start(armed);
    for (let i = 0; i < 50; i++) {
      const event = ring(i % 2 === 0 ? PREMIUM : "0049 900 1234567");
      send({ payload: event });
      send({ payload: event });
    }
    await until("all of them", () => blocked.length === 100);
    assert.equal(spamBook().length, 1);
    assert.ok(blocked.every(({ decision }) => /added|already-there/.test(decision?.action ?? "")));
  });

  it("into the call blocks of the box", async () => {
    const { blocked } = await start({ action: "barring", dryRun: false });
    send({ payload: ring(PREMIUM) });
    await until("the call", () => blocked.length === 1);
    assert.equal(blocked[0]?.decision?.action, "added");
    assert.deepEqual(simulator.tr064.state.books.barring.contacts.flatMap(numbersOf), [PREMIUM]);
  });

  it("outgoing calls are never blocked, and strangers' ends go on unchanged", async () => {
    const { allowed } = await start();
    const dialled = ring(PREMIUM, { event: "call", direction: "outgoing", called: party(PREMIUM) });
    const end = ring(PREMIUM, { event: "disconnect" });
    send({ payload: dialled, other: 1 });
    send({ payload: end });
    await until("both", () => allowed.length === 2);
    assert.deepEqual(
      allowed.map(({ payload, decision }) => [payload, decision?.because]),
      [
        [dialled, "outgoing"],
        [end, undefined],
      ],
    );
  });

  it("a box that is away: the call goes on, the user hears of it, the entry is written later, once", async () => {
    const { blocked, caught } = await start({ ...armed, box: "box", minScore: 0 });
    send({ payload: ring("08999998001") }); // the phonebooks come into memory
    await until("the first call", () => lastStatus("block").text?.startsWith("fritz-block.status.allowed.") === true);
    await simulator.tr064.refuse();
    const info = caller({ number: PREMIUM, e164: "+499001234567", display: PREMIUM });
    send({ payload: ring(PREMIUM), callerInfo: info });
    await until("the call", () => blocked.length === 1);
    assert.equal(blocked[0]?.decision?.action, "failed");
    assert.match(blocked[0]?.decision?.error ?? "", /^node-red-contrib-fritz-calls\/fritz-config:.*error\./);
    await until("the error", () => caught.length === 1);
    await simulator.tr064.accept();
    await until("the entry", () => spamBook().length === 1);
    await until("the status", () => !/waiting/.test(lastStatus("block").text ?? ""));
    assert.deepEqual(spamBook().flatMap(numbersOf), [PREMIUM]);
  });

  it("undo, false alarm and journal", async () => {
    const { allowed, blocked, caught } = await start(armed);
    send({ payload: ring(PREMIUM) });
    await until("the call", () => blocked.length === 1);
    send({ undo: true, payload: 1_700_000_000_000 });
    await until("the answer", () => allowed.length === 1);
    assert.deepEqual(allowed[0]?.payload, { number: PREMIUM, removed: true, allowed: false });
    assert.deepEqual(spamBook(), []);
    send({ operation: "undo", payload: PREMIUM });
    await until("nothing to undo", () => caught.length === 1);
    send({ operation: "false-alarm", payload: ring(PREMIUM) });
    await until("the answer", () => allowed.length === 2);
    assert.deepEqual(allowed[1]?.payload, { number: PREMIUM, removed: false, allowed: true });
    send({ payload: ring(PREMIUM) });
    await until("the call", () => allowed.length === 3);
    assert.equal(allowed[2]?.decision?.because, "pattern");
    send({ operation: "journal", topic: "mine" });
    await until("the journal", () => allowed.length === 4);
    const { payload, topic, allowed: good, barred, pending } = allowed[3] ?? {};
    assert.deepEqual(
      (payload as { what: string }[]).map(({ what }) => what),
      ["allowed", "false-alarm", "removed", "blocked", "added"],
    );
    assert.deepEqual([topic, barred, pending], ["mine", [], 0]);
    assert.deepEqual((good as { key: string }[])[0]?.key, "+499001234567");
  });

  it("keeps its memory in a file of its own, over a restart", async () => {
    const first = await start(armed);
    send({ payload: ring(PREMIUM) });
    await until("the call", () => first.blocked.length === 1);
    await helper.unload();
    const file = join(userDir, "fritz-calls", "block-block.json");
    const kept = JSON.parse(readFileSync(file, "utf8")) as { entries: unknown[]; journal: unknown[] };
    assert.deepEqual([kept.entries.length, kept.journal.length], [1, 2]);
    const { allowed } = await start(armed);
    send({ operation: "journal" });
    await until("the journal", () => allowed.length === 1);
    assert.equal((allowed[0]?.payload as unknown[]).length, 2);
  });

  it("or in the node's context, if a store is named", async () => {
    const { blocked } = await start({ ...armed, store: "default" });
    send({ payload: ring(PREMIUM) });
    await until("the call", () => blocked.length === 1);
    const context = (node("block") as unknown as { context(): { get(key: string): unknown } }).context();
    assert.equal((context.get("fritz-block") as { entries: unknown[] }).entries.length, 1);
    assert.equal(existsSync(join(userDir, "fritz-calls", "block-block.json")), false);
  });

  it("says once that its memory cannot be kept, and goes on", async () => {
    writeFileSync(join(userDir, "fritz-calls"), "in the way");
    const { allowed, caught } = await start(armed);
    send({ payload: ring(PREMIUM) });
    send({ payload: ring(PREMIUM) });
    await until("the calls", () => allowed.length === 2);
    assert.ok(allowed.every(({ decision }) => decision?.because === "friends-unknown"));
    assert.deepEqual(spamBook(), []);
    const reported = () => caught.map(({ error }) => error.message);
    await until("the error", () => reported().some((text) => /error\.block-store$/.test(text)));
    assert.equal(reported().filter((text) => /error\.block-store$/.test(text)).length, 1);
  });

  it("rehearses with the box's own call list", async () => {
    const { allowed } = await start(armed);
    const list = [PREMIUM, BERLIN, ""].map((number, i) => ({
      ...{ id: String(i), kind: "missed", at: "2026-11-24T12:25:00+01:00", durationSeconds: 0 },
      ...{ caller: party(number), called: party("732123") },
    }));
    send({ operation: "rehearse", payload: list });
    await until("the report", () => allowed.length === 1);
    const report = allowed[0]?.payload as { wouldBlock: number; blocked: { number: string }[]; because: object };
    assert.equal(report.wouldBlock, 1);
    assert.equal(report.blocked[0]?.number, PREMIUM);
    assert.deepEqual(report.because, { pattern: 1, unknown: 2 });
    assert.deepEqual(spamBook(), []);
  });

  it("learns good callers, and does not keep the message waiting", async () => {
    const { allowed } = await start({ dryRun: false, learnBook: "Gelernt" });
    const event = ring("", {
      ...{ event: "disconnect", direction: "outgoing", caller: party("732123"), called: party(BERLIN) },
      ...{ outcome: "answered", durationSeconds: 60 },
    });
    send({ payload: event, callerInfo: caller({ name: "Praxis" }) });
    await until("the message", () => allowed.length === 1);
    await until("the entry", () => simulator.tr064.state.books.all.some(({ name }) => name === "Gelernt"));
    const book = simulator.tr064.state.books.named("Gelernt");
    await until("the contact", () => book.contacts.length === 1);
    assert.match(book.contacts[0]?.xml ?? "", /Praxis/);
  });

  it("refuses what is no call, in plain words, and goes on", async () => {
    const { caught, blocked } = await start();
    for (const msg of [{}, { payload: "x" }, { payload: [] }, { operation: "nonsense" }, { callerInfo: 5 }]) send(msg);
    send({ operation: "rehearse", payload: "x" });
    send({ operation: "undo", payload: "Oma" });
    await until("the errors", () => caught.length === 7);
    assert.match(caught[0]?.error.message ?? "", /^(?!Error).*error\.block-input$/);
    assert.match(caught[5]?.error.message ?? "", /error\.block-calls$/);
    send({ payload: ring(PREMIUM) });
    await until("the call", () => blocked.length === 1);
  });

  it("a ring with the operation of another node is still a call", async () => {
    const { blocked } = await start();
    send({ operation: "lookup", payload: ring(PREMIUM) });
    await until("the call", () => blocked.length === 1);
  });

  it("says which pattern is none, but not what it is", async () => {
    const { caught } = await start({ allowPatterns: ["030*", "Oma 123"], blockPatterns: ["*"] });
    await until("the errors", () => caught.length === 2);
    assert.ok(caught.every(({ error }) => /error\.block-pattern$/.test(error.message)));
    assert.ok(!loggedErrors().join().includes("Oma"));
  });

  it("shows the last verdict and what it is for", async () => {
    const { allowed, blocked } = await start({ dryRun: false, minScore: 0 });
    assert.deepEqual(statuses("block"), [{}]);
    send({ payload: ring(PREMIUM) });
    await until("the call", () => blocked.length === 1);
    assert.deepEqual(lastStatus("block"), {
      ...{ fill: "blue", shape: "dot" },
      text: "fritz-block.status.blocked.pattern",
    });
    send({ payload: ring(BERLIN) });
    await until("the call", () => allowed.length === 1);
    assert.equal(lastStatus("block").fill, "green");
  });

  it("ends in the middle of a write without losing it", async () => {
    await start(armed);
    simulator.tr064.wire.latencyMs = 20;
    send({ payload: ring(PREMIUM) });
    await until("the beginning of the write", () =>
      simulator.tr064.requests.some(({ action }) => action === "AddPhonebook"),
    );
    assert.equal(spamBook().length, 0);
    await helper.unload();
    assert.equal(spamBook().length, 1);
  });

  it("and fritz-log give the lines of the original tools' block log: one a call", async () => {
    const file = join(userDir, "block.log");
    await load([
      {
        id: "block",
        type: "fritz-block",
        box: "",
        blockPatterns: ["0900*"],
        allowPatterns: ["08999998001"],
        wires: [["log"], ["log"]],
      },
      { id: "log", type: "fritz-log", file, anonymize: false, wires: [["out"]] },
      { id: "out", type: "helper" },
    ]);
    const out = collect("out");
    const call = async (number: string, info = {}) => {
      const event = ring(number, { raw: `16.06.20 12:25:42;RING;0;${number};732123;SIP1;` });
      const end = { ...event, event: "disconnect", raw: "16.06.20 12:25:46;DISCONNECT;0;0;" };
      const callerInfo = caller({ number, e164: `+49${number.slice(1)}`, ...info });
      const before = out.length;
      send({ payload: event, callerInfo });
      send({ payload: end, callerInfo });
      await until("both events", () => out.length === before + 2);
    };
    await call("08999998001", spam(9, 9));
    await call(PREMIUM, { display: "Gewinnspiel" });
    await call(BERLIN, spam(8, 21));
    await call("03023125002", spam(5, 1));
    const end = "16.06.20 12:25:46;DISCONNECT;0;0;";
    assert.deepEqual(readFileSync(file, "utf8").trimEnd().split("\n"), [
      ...['16.06.20 12:25:42;WHITELIST;0;08999998001;"Berlin";', end],
      ...['16.06.20 12:25:42;BLACKLIST;0;09001234567;"Gewinnspiel";', end],
      ...['16.06.20 12:25:42;BLOCK;1;03023125001;"Berlin";8;21;0;', end],
      ...['16.06.20 12:25:42;PASS;1;03023125002;"Berlin";5;1;0;', end],
    ]);
  });
});
