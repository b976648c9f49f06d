/** fritz-block tells PhoneBlock what the user has said of a number, with a real server and over a restart. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FritzError } from "../../src/lib/core/errors";
import { FakePhonebooks } from "../support/fake-phonebooks";
import { collect, fakeTelephony, helper, load, loggedErrors, node, pause, until } from "../support/flow";
import { removeFolder } from "../support/wait";

const SPAMMER = "03023125001";
const KEY = "pbt_secret";

describe("fritz-block rates numbers at PhoneBlock", () => {
  let server: Server;
  let userDir = "";
  let status = 200;
  let rated: { path: string; key: string; body: unknown }[] = [];
  let books: FakePhonebooks;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  before(async () => {
    server = createServer((request, response) => {
      void bodyOf(request).then((text) => {
        const { authorization = "" } = request.headers;
        rated.push({ path: request.url ?? "", key: authorization, body: text && JSON.parse(text) });
        response.writeHead(status, { "Content-Type": "text/plain" }).end("Rating recorded.");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => server.close());
  beforeEach(() => {
    userDir = mkdtempSync(join(tmpdir(), "fritz-rate-"));
    helper.settings({ userDir });
    [status, rated] = [200, []];
    books = new FakePhonebooks();
    books.put("Telefonbuch", "Oma", "030 23125002");
    fakeTelephony.current = books;
  });
  afterEach(async () => {
    await helper.unload();
    helper.settings({});
    removeFolder(userDir);
    server.closeAllConnections();
  });

  const start = async (over: Record<string, unknown> = {}) => {
    const rateUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
    const armed = { action: "barring", dryRun: false, rate: true, rateUrl };
    await load(
      [
        { id: "box", type: "fake-box" },
        { id: "block", type: "fritz-block", box: "box", wires: [["out"], ["out"]], ...armed, ...over },
        { id: "out", type: "helper" },
        { id: "c", type: "catch", scope: null, wires: [["caught"]] },
        { id: "caught", type: "helper" },
      ],
      { block: { phoneblockToken: KEY } },
    );
    return { got: collect("out"), caught: collect("caught") as unknown as { error: { message: string } }[] };
  };
  const send = (msg: object) => node("block").receive(msg as never);
  const said = () => rated.map(({ path, key, body }) => `${path} ${key} ${JSON.stringify(body)}`);
  const line = (rating: string) => `/api/rate Bearer ${KEY} {"phone":"+493023125001","rating":"${rating}"}`;

  const notedRatings = (got: Record<string, unknown>[], count: number) =>
    until("the journal", () => {
      send({ operation: "journal" });
      const journal = (got.at(-1)?.["payload"] ?? []) as { what: string }[];
      return Array.isArray(journal) && journal.filter(({ what }) => what === "rated").length === count;
    });

  it("block and false-alarm, each once; the journal says so", async () => {
    const { got } = await start();
    send({ operation: "block", payload: SPAMMER });
    send({ operation: "block", payload: SPAMMER });
    await until("the answers", () => got.length === 2 && rated.length === 1);
    assert.equal((got[0]?.payload as { rating: string }).rating, "spam");
    send({ operation: "false-alarm", payload: SPAMMER });
    await until("the correction", () => rated.length === 2);
    assert.deepEqual(said(), [line("B_MISSED"), line("A_LEGITIMATE")]);
    await notedRatings(got, 2);
  });

  it("undo takes a sent rating back, and says so", async () => {
    const { got } = await start();
    send({ operation: "block", payload: SPAMMER });
    await until("the rating", () => got.length === 1 && rated.length === 1);
    await notedRatings(got, 1);
    send({ operation: "undo", payload: SPAMMER });
    const isWithdrawn = (msg: Record<string, unknown>) => (msg["payload"] as { rating?: string }).rating === "none";
    await until("the answer and the withdrawal", () => got.some(isWithdrawn) && rated.length === 2);
    assert.equal(said()[1], `/api/blacklist/00493023125001 Bearer ${KEY} ""`);
  });

  it("what could not be sent is sent after a restart, and no error tells number or key", async () => {
    status = 503;
    const { got, caught } = await start();
    send({ operation: "block", payload: SPAMMER });
    await until("the answer and the failure", () => got.length === 1 && rated.length === 1 && caught.length === 1);
    const reported = JSON.stringify([caught.map(({ error }) => error.message), loggedErrors()]);
    assert.ok(/source-blocked/.test(reported) && !/3023125|pbt_/.test(reported), reported);
    await helper.unload();
    status = 200;
    const { got: answers } = await start();
    await notedRatings(answers, 1);
    await helper.unload();
    await start();
    send({ operation: "journal" });
    await pause(50);
    assert.equal(rated.length, 2);
  });

  it("never a contact, never while contacts are unknown, never in a dry run or without the tick", async () => {
    const { got, caught } = await start();
    send({ operation: "block", payload: "030 23125002" });
    await until("the refusal", () => caught.length === 1);
    send({ operation: "false-alarm", payload: "030 23125002" });
    await until("the answer", () => got.length === 1);
    books.away = new FritzError("box-timeout", {}, true);
    send({ operation: "false-alarm", payload: SPAMMER });
    await until("the other answer", () => got.length === 2);
    books.away = undefined;
    for (const off of [{ dryRun: true }, { rate: false }]) {
      await helper.unload();
      removeFolder(join(userDir, "fritz-calls"));
      const { got: answers } = await start(off);
      send({ operation: "block", payload: SPAMMER });
      send({ operation: "false-alarm", payload: SPAMMER });
      await until("the answers", () => answers.length === 2);
      assert.ok(answers.every(({ payload }) => !("rating" in (payload as object))));
    }
    assert.deepEqual(said(), []);
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}
