/** The block list: files as people write them, a file on a server, PhoneBlock's list with its changes. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toScore } from "../../src/lib/callers/merge";
import { FritzError } from "../../src/lib/core/errors";
import type { CallerSource, SourceAnswer } from "../../src/lib/callers/source";
import { normalizeNumber } from "../../src/lib/numbers/index";
import { FORMERLY_LISTED, WebServices } from "../../simulator/index";
import { FakeStore } from "../support/fake-store";
import { sourceOf, sourceTools } from "../support/source-tools";
import { until } from "../support/wait";

const plan = { countryCode: "49", areaCode: "30" };
const never = new AbortController().signal;
const lookup = (source: CallerSource, e164: string) =>
  source.lookup({ written: e164, number: normalizeNumber(e164, plan), plan }, never);
/** Score and reports of an answer; undefined for a number that is not listed. */
const summary = (answer: SourceAnswer) => answer?.opinion && [toScore(answer.opinion.risk), answer.opinion.reports];
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => assert.fail("answered"),
    (error: unknown) =>
      error instanceof FritzError ? `${error.code} ${error.values["detail"] ?? ""}`.trim() : String(error),
  );

describe("block list", () => {
  let folder: string;
  const web = new WebServices();
  before(() => web.listen());
  after(() => web.stop());
  beforeEach(() => {
    web.reset();
    folder = mkdtempSync(join(tmpdir(), "fritz-list-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const fromFile = (text: string | Buffer, name = "list.txt") => {
    writeFileSync(join(folder, name), text);
    return sourceOf({ id: "blocklist", file: name }, sourceTools({ resolve: (path) => join(folder, path) }));
  };

  it("is on from the start, and says that none is set", () => {
    assert.equal(sourceOf({ id: "blocklist" }).unready, "no-list");
    assert.equal(sourceOf({ id: "blocklist", phoneblock: true }, sourceTools({ secrets: {} })).unready, "no-key");
    assert.equal(sourceOf({ id: "blocklist", file: "x" }).unready, undefined);
  });

  const files: [string, string | Buffer, unknown][] = [
    ["one number a line", "# pests\n030 23125042\n\n0044 20 0000000\n", [9, 10]],
    ["with words behind", "030/23125042 # Energie\n", [9, 10]],
    ["with codes, and a comment that looks like one", "#31 pests\n#Energie\n*31#03023125042#Energie\n", [9, 10]],
    ["with votes", "+493023125042;12\n+4944;3\n", [8, 12]],
    ["with Windows' ends and byte order mark", "\ufeff030 23125042\r\n030 23125043\r\n", [9, 10]],
    ["CSV with names of columns", 'Name;Rufnummer;Stimmen\n"Energie; Vertrieb";"(030) 23 12 50-42";57\n', [9, 57]],
    ["CSV with commas and a score", "phone,score,comments\n03023125042,8,5\n", [8, 5]],
    ["CSV with tabs", "nummer\tx\n03023125042\ty\n", [9, 10]],
    ["Windows' own alphabet", Buffer.from("Name;Nummer\nMüller;030 23125042\n", "latin1"), [9, 10]],
    ["JSON as PhoneBlock has it", '{"numbers":[{"phone":"+493023125042","votes":10}],"version":1}', [8, 10]],
    ["JSON as tellows has it", '[{"number":"03023125042","score":"7","complains":"4"}]', [7, 4]],
    ["JSON with bare numbers", '["+493023125042"]', [9, 10]],
    ["a wildcard", "030 2312*\n", [9, 10]],
    ["a local number", "23125042\n", [9, 10]],
  ];
  for (const [what, text, wanted] of files) {
    it(`reads ${what}`, async () => {
      const source = fromFile(text);
      assert.deepEqual(summary(await lookup(source, "+493023125042")), wanted);
      assert.equal(await lookup(source, "+498999998001"), null);
    });
  }

  it("takes the narrowest entry", async () => {
    const source = fromFile("+4930*;50\n+493023*;2\n");
    assert.deepEqual(summary(await lookup(source, "+493023125042")), [toScore(50 + 100 / (2 + 1.96 ** 2)), 2]);
    assert.equal(summary(await lookup(source, "+4930991"))?.[1], 50);
  });

  it("is read anew when the file has changed", async () => {
    const source = fromFile("030 23125042\n");
    assert.ok(await lookup(source, "+493023125042"));
    writeFileSync(join(folder, "list.txt"), "030 23125043\n030 23125044\n");
    utimesSync(join(folder, "list.txt"), new Date(), new Date(Date.now() + 5_000));
    assert.equal(await lookup(source, "+493023125042"), null);
    assert.ok(await lookup(source, "+493023125043"));
  });

  it("says what is wrong with the file, without its path", async () => {
    const tools = sourceTools({ resolve: (path) => join(folder, path) });
    assert.equal(
      await codeOf(lookup(sourceOf({ id: "blocklist", file: "none" }, tools), "+4930")),
      "blocklist-file ENOENT",
    );
    assert.equal(
      await codeOf(lookup(sourceOf({ id: "blocklist", file: "." }, tools), "+4930")),
      "blocklist-file EISDIR",
    );
    if (existsSync("/dev/zero")) {
      const device = sourceOf({ id: "blocklist", file: "/dev/zero" }, sourceTools({ resolve: (path) => path }));
      assert.equal(await codeOf(lookup(device, "+4930")), "blocklist-file EISDIR");
    }
    assert.equal(await codeOf(lookup(fromFile("only words\n"), "+4930")), "blocklist-content");
    assert.equal(await codeOf(lookup(fromFile("{"), "+4930")), "blocklist-content");
    assert.equal(await codeOf(lookup(fromFile('"unclosed\n'), "+4930")), "blocklist-content");
  });

  const fromWeb = (over = {}, keep = new FakeStore()) =>
    sourceOf({ id: "blocklist", ...over, allowPrivate: true }, sourceTools({ keep: () => keep }));
  const loaded = async (source: CallerSource) => {
    let done = false;
    await until("the list", () => {
      void lookup(source, "+491").then(
        () => (done = true),
        () => undefined,
      );
      return done;
    });
  };

  it("from a server is loaded once, kept, and there at once after a restart", async () => {
    const url = `${web.base("phoneblock")}/num/0?format=json`; // not a list: reported, and nothing waits for it
    assert.match(await codeOf(lookup(fromWeb({ url }), "+4930")), /^blocklist-loading$/);
    const store = new FakeStore();
    const options = { phoneblock: true, baseUrl: web.base("phoneblock") };
    const source = fromWeb(options, store);
    await loaded(source);
    assert.deepEqual(summary(await lookup(source, "+493023125077")), [9, 57]);
    assert.ok(await lookup(source, FORMERLY_LISTED));
    assert.equal(await lookup(source, "+493023125011"), null);
    await until("it is kept", () => store.saves === 1);
    web.requests.length = 0;
    web.fail("phoneblock", { kind: "hang" });
    assert.deepEqual(summary(await lookup(fromWeb(options, store), "+493023125077")), [9, 57]);
    assert.deepEqual(web.requests, [], "it is fresh enough");
  });

  it("takes only the changes after a day, and all of it after a month", async () => {
    const store = new FakeStore();
    const options = { phoneblock: true, baseUrl: web.base("phoneblock") };
    await loaded(fromWeb(options, store));
    await until("it is kept", () => store.saves === 1);
    const kept = store.value as { at: number; wholeAt: number; version: number };
    const days = (n: number) => Date.now() - n * 86_400_000;

    store.value = { ...kept, at: days(2) };
    web.requests.length = 0;
    const source = fromWeb(options, store);
    await until("the changes", () => store.saves === 2);
    assert.deepEqual(
      web.requests.map(({ path }) => path),
      ["/blocklist?format=json&since=42"],
    );
    assert.equal(await lookup(source, FORMERLY_LISTED), null);
    assert.ok(await lookup(source, "+493023125077"));

    store.value = { ...kept, at: days(40), wholeAt: days(40) };
    web.requests.length = 0;
    fromWeb(options, store);
    await until("the whole list", () => store.saves === 3);
    assert.deepEqual(
      web.requests.map(({ path }) => path),
      ["/blocklist?format=json"],
    );
  });

  it("that is old is used when the service is away", async () => {
    const entries = [{ number: "+493023125077", votes: 57 }];
    const store = new FakeStore({ entries, at: 0, wholeAt: 0, version: 1 });
    web.fail("phoneblock", { kind: "status", status: 500 });
    const source = fromWeb({ phoneblock: true, baseUrl: web.base("phoneblock") }, store);
    await until("the question", () => web.requests.length === 1);
    assert.ok(await lookup(source, "+493023125077"));
  });

  it("says why there is none", async () => {
    web.fail("phoneblock", { kind: "status", status: 429 });
    const source = fromWeb({ phoneblock: true, baseUrl: web.base("phoneblock") });
    await until("the question", () => web.requests.length === 1);
    let code = "";
    await until("the reason", () => {
      void codeOf(lookup(source, "+4930")).then((said) => (code = said));
      return code === "source-blocked";
    });
  });

  it("speaks as PhoneBlock where nothing else is in it, so that two lists of PhoneBlock are one witness", () => {
    assert.equal(
      sourceOf({ id: "blocklist", phoneblock: true }, sourceTools({ fetch: () => new Promise(() => undefined) })).group,
      "community",
    );
    assert.equal(sourceOf({ id: "blocklist", file: "x" }).group, "blocklist");
  });
});
