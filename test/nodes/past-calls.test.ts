/** The way of past calls through fritz-caller-info and fritz-block, with a site that refuses requests that come too fast. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call } from "../../src/lib/calls/types";
import type { CallerInfo } from "../../src/lib/callers/types";
import { party } from "../support/events";
import { FakePhonebooks } from "../support/fake-phonebooks";
import { collect, deploy, fakeTelephony, helper, load, node, until } from "../support/flow";
import { BERLIN } from "../support/numbers";
import { removeFolder } from "../support/wait";

/** The pace of the source, ms. */
const PACE_MS = 40;
/** So many requests may be late and come in together with the next: a busy computer delays them. */
const LATE = 6;

const call = (i: number, kind: Call["kind"] = "missed"): Call => {
  const [remote, own] = [party(`0302312${5000 + i}`), party("732123")];
  const outgoing = kind === "outgoing";
  return {
    ...{ id: String(i), kind, at: "2026-11-24T12:25:00+01:00", durationSeconds: 0 },
    ...{ caller: outgoing ? own : remote, called: outgoing ? remote : own },
  };
};

describe("past calls through the nodes", function () {
  let server: Server;
  let userDir = "";
  let asked: string[] = [];
  let refused = 0;
  let firstMs = 0;
  let books: FakePhonebooks;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  before(async () => {
    userDir = mkdtempSync(join(tmpdir(), "fritz-past-"));
    helper.settings({ userDir });
    server = createServer((request, response) => {
      if (asked.length === 0) firstMs = performance.now();
      const isTooSoon = asked.length > (performance.now() - firstMs) / PACE_MS + LATE;
      if (isTooSoon) refused++;
      const status = isTooSoon ? 429 : 200;
      const number = /\d+$/.exec(request.url ?? "")?.[0] ?? "";
      asked.push(number);
      const isBad = Number(number.at(-1)) % 2 === 0;
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(isBad ? { s: 1, n: 9 } : { nothing: true }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    server.close();
    helper.settings({});
    removeFolder(userDir);
  });
  beforeEach(() => {
    asked = [];
    refused = 0;
    books = new FakePhonebooks();
    books.plan = BERLIN;
    fakeTelephony.current = books;
  });
  afterEach(async () => {
    await helper.unload();
    removeFolder(join(userDir, "fritz-calls"));
    server.closeAllConnections();
  });

  const flow = (over: Record<string, unknown> = {}) => {
    const { port } = server.address() as AddressInfo;
    const descriptor = {
      ...{ id: "strict", v: 1, label: "Strict", kind: ["score"], countries: [] },
      request: { url: `http://127.0.0.1:${port}/{digits}`, minIntervalMs: PACE_MS },
      response: {
        type: "json",
        unknownIf: [{ json: "/nothing", equals: "true" }],
        fields: { value: { json: "/s" }, votes: { json: "/n" } },
      },
      scale: { type: "linear", good: 5, bad: 1 },
    };
    const providers = [
      { id: "phonebook", enabled: true },
      { id: "strict", enabled: true, descriptor, allowPrivate: true },
    ];
    return [
      { id: "box", type: "fake-box" },
      {
        id: "who",
        type: "fritz-caller-info",
        box: "box",
        wires: [["out", "block"], []],
        providers,
        deadlineMs: 60_000,
        ...over,
      },
      { id: "out", type: "helper" },
      { id: "block", type: "fritz-block", box: "box", wires: [["allowed"], ["blocked"]] },
      { id: "allowed", type: "helper" },
      { id: "blocked", type: "helper" },
    ];
  };
  const send = (msg: object) => node("who").receive(msg as never);
  const listOf = (msg: Record<string, unknown> | undefined) =>
    msg?.["payload"] as (Call & { callerInfo: CallerInfo })[];
  const isWhole = ({ callerInfo }: { callerInfo: CallerInfo }) =>
    callerInfo?.complete && callerInfo.sources.every(({ status }) => status !== "failed");
  /** What is known of the calls whose answers are not whole. */
  const broken = (calls: { callerInfo: CallerInfo }[]) =>
    calls
      .filter((one) => !isWhole(one))
      .map(({ callerInfo }) => JSON.stringify([callerInfo?.complete, callerInfo?.sources]));

  it("a list: each call with what is known of it, at the pace of the source, contacts unasked, decided behind", async () => {
    books.put("Telefonbuch", "Erika Muster", "030 23125004");
    await load(flow());
    const [got, allowed, blocked] = [collect("out"), collect("allowed"), collect("blocked")];
    send({ topic: "calls", payload: Array.from({ length: 30 }, (_, i) => call(i, i === 6 ? "outgoing" : "missed")) });
    await until("the answer", () => got.length === 1 && allowed.length + blocked.length === 30);
    assert.deepEqual(broken(listOf(got[0])), []);
    assert.deepEqual([got[0]?.topic, refused, asked.length], ["calls", 0, 29]);
    assert.ok(!asked.includes("493023125004"));
    assert.equal(blocked.length, 13, "scores count; the contact and the dialled number are not blocked");
    assert.ok(blocked.every(({ decision }) => (decision as { because: string }).because === "spam-score"));
    assert.ok(blocked.every(({ callerInfo }) => (callerInfo as CallerInfo).spam?.score === 9));
  });

  it("many single calls at once: each comes out, in order, and none was refused", async () => {
    await load(flow());
    const got = collect("out");
    for (let i = 0; i < 40; i++) send({ payload: call(i), parts: { index: i } });
    await until("all", () => got.length === 40);
    assert.deepEqual(
      got.map(({ payload }) => (payload as Call).id),
      Array.from({ length: 40 }, (_, i) => String(i)),
    );
    assert.deepEqual(broken(got as never), []);
    assert.deepEqual([refused, asked.length], [0, 40]);
  });

  it("goes on after a deploy and after a restart, and asks about none twice", async () => {
    await load(flow());
    let got = collect("out");
    send({ other: 1, payload: Array.from({ length: 60 }, (_, i) => call(i)) });
    await until("some", () => asked.length >= 8);
    await deploy(flow({ deadlineMs: 50_000 }));
    await until("some more", () => asked.length >= 20);
    await helper.unload();
    await load(flow());
    got = collect("out");
    await until("the answer", () => got.length === 1);
    assert.equal(got[0]?.["other"], 1);
    assert.equal(listOf(got[0]).length, 60);
    assert.deepEqual(broken(listOf(got[0])), []);
    assert.equal(refused, 0);
    assert.ok(asked.length <= 62, `${asked.length} requests: at most the one under way is repeated`);
  });

  it("cancel: what is known so far", async () => {
    await load(flow());
    const got = collect("out");
    send({ payload: Array.from({ length: 200 }, (_, i) => call(i)) });
    await until("some", () => asked.length >= 5);
    send({ operation: "cancel" });
    await until("the answer", () => got.length === 1);
    assert.equal(got[0]?.["cancelled"], true);
    const known = listOf(got[0]).filter(({ callerInfo }) => callerInfo);
    assert.ok(known.length >= 3 && known.length < 100);
    assert.deepEqual(broken(known), []);
  });

  it("the dialog's trial asks the same sources and says the reason", async () => {
    books.put("Telefonbuch", "Erika Muster", "030 23125004");
    await load(flow());
    const tried = async (payload: string) => {
      const question = { id: "block", operation: "try", payload };
      const answer = await helper.request().post("/fritz-calls/block-order").send(question).expect(200);
      const { verdict, because, explanation } = (answer.body as { payload: Record<string, string> }).payload;
      assert.match(explanation ?? "", /because/); // in this harness a sentence is its key
      return `${verdict} ${because}`;
    };
    assert.equal(await tried("030 23125000"), "block spam-score");
    assert.equal(await tried("030 23125001"), "allow unknown");
    assert.equal(await tried("030 23125004"), "allow contact");
    await helper
      .request()
      .post("/fritz-calls/block-order")
      .send({ id: "block", operation: "try", payload: " " })
      .expect(422);
  });

  it("rehearse counts the scores that the list brings", async () => {
    await load(flow());
    const got = collect("out");
    send({ payload: Array.from({ length: 10 }, (_, i) => call(i)) });
    await until("the answer", () => got.length === 1);
    const allowed = collect("allowed");
    node("block").receive({ operation: "rehearse", payload: listOf(got[0]) });
    await until("the report", () => allowed.some(({ operation }) => operation === "rehearse"));
    const report = allowed.find(({ operation }) => operation === "rehearse")?.payload as Record<string, unknown>;
    assert.deepEqual([report["incoming"], report["lookedUp"], report["wouldBlock"]], [10, 10, 5]);
  });
});
