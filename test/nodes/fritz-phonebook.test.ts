import assert from "node:assert/strict";
import type { Call } from "../../src/lib/calls/types";
import type { BookInfo, Contact, FoundContact, WriteReport } from "../../src/lib/phonebook/types";
import { SimulatedBox } from "../../simulator";
import { collect, loggedErrors, helper, lastStatus, load, node, statuses, until } from "../support/flow";
import { stopsOf } from "../support/stops";

const USER = { username: "fritz1234", password: "gehe!m-ß" };
/** In this harness a sentence is its key. */
const SENTENCES = "node-red-contrib-fritz-calls/fritz-config:fritz-config";
const number = (i: number) => `030 23125${String(i).padStart(3, "0")}`;
const short = (i: number) => ({ name: `N${i}`, number: number(i) });

interface Caught {
  error: { code: string; message: string };
  payload?: unknown;
}

function logged(): string[] {
  const spy = helper.log() as unknown as { getCalls(): { args: [{ msg: unknown }] }[] };
  return spy.getCalls().map((call) => JSON.stringify(call.args[0]));
}

describe("fritz-phonebook", () => {
  let box: SimulatedBox;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.users = [{ name: USER.username, password: USER.password, rights: { phone: "readwrite" } }];
    box.tr064.state.books.named("Telefonbuch").add("Anna", number(1), { number: "0171 3920001", type: "mobile" });
    box.tr064.state.books.addLocal("Spam");
    box.tr064.state.books.addOnline("Google").add("Online", number(900));
    await box.tr064.listen();
  });
  afterEach(async () => {
    await helper.unload();
    await box.tr064.stop();
  });

  const config = (extra = {}) => {
    const { port, tlsPort } = box.tr064;
    return { id: "box1", type: "fritz-config", name: "Home", host: "127.0.0.1", port, tlsPort, tls: true, ...extra };
  };
  const phonebook = (extra = {}) => ({ id: "p1", type: "fritz-phonebook", box: "box1", wires: [["out"]], ...extra });
  const start = async (extra = {}, credentials = USER, configExtra = {}) => {
    const flow = [
      config(configExtra),
      phonebook(extra),
      { id: "out", type: "helper" },
      { id: "c", type: "catch", scope: null, wires: [["caught"]] },
      { id: "caught", type: "helper" },
    ];
    await load(flow, { box1: credentials });
    return { got: collect("out"), caught: collect("caught") as unknown as Caught[] };
  };
  const send = (msg: object) => node("p1").receive(msg as never);
  /** The answers, one for each message; fails if there is an error. */
  const answers = async (extra: object, ...messages: object[]) => {
    const { got, caught } = await start(extra);
    for (const msg of messages) send(msg);
    await until("the answers", () => got.length + caught.length >= messages.length);
    assert.deepEqual(
      caught.map(({ error }) => error.message),
      [],
    );
    for (const msg of got) assert.deepEqual(JSON.parse(JSON.stringify(msg)), msg, "plain JSON only");
    return got.map(({ payload }) => payload);
  };
  /** The code of the error that a message meets. */
  const errorOf = async (msg: object, extra = {}, credentials = USER, configExtra = {}) => {
    const { got, caught } = await start(extra, credentials, configExtra);
    send(msg);
    await until("the error", () => caught.length > 0);
    const [first] = caught;
    assert.ok(first);
    assert.equal(caught.length, 1);
    assert.equal(got.length, 0, "no answer beside the error");
    assert.equal(lastStatus("p1").fill, "red");
    assert.doesNotMatch(JSON.stringify([first.error, lastStatus("p1"), loggedErrors()]), /gehe!m|23125|3920/);
    return first.error.code;
  };
  const inBox = (name: string) =>
    box.tr064.state.books.named(name).contacts.map(({ xml }) => /<realName>(.*?)<\/realName>/.exec(xml)?.[1]);

  describe("reads", () => {
    it("looks up a number in any form, and the other side of a call", async () => {
      const party = (of: string) => ({ number: of, presentation: of === "" ? "restricted" : "allowed" });
      const [first, ...others] = (await answers(
        {},
        { payload: "+49 30 23125-001" },
        { payload: 493023125001 },
        { payload: { event: "ring", direction: "incoming", caller: party(number(1)), called: party("732123") } },
        { payload: { event: "call", direction: "outgoing", caller: party("732123"), called: party("01713920001") } },
        { payload: { event: "ring", direction: "incoming", caller: party(""), called: party("732123") } },
        { payload: "089 99998001" },
        { payload: number(1), book: "Spam" },
        { payload: number(900), book: "2" },
      )) as FoundContact[][];
      const anna = first?.[0];
      assert.ok(anna?.uniqueId !== undefined && anna.modified !== undefined);
      const { uniqueId, modified, ...rest } = anna;
      assert.ok(uniqueId && Date.parse(modified));
      assert.deepEqual(rest, {
        name: "Anna",
        numbers: [
          { number: number(1), type: "home", prio: true },
          { number: "0171 3920001", type: "mobile" },
        ],
        book: "Telefonbuch",
        bookId: 0,
      });
      assert.deepEqual(
        others.map((found) => found.map(({ name }) => name).join()),
        ["Anna", "Anna", "Anna", "", "", "", "Online"],
      );
      assert.deepEqual(lastStatus("p1"), { fill: "green", shape: "dot", text: "fritz-phonebook.status.done.lookup" });
    });

    it("lists books, contacts of one or of all, barred numbers and calls", async () => {
      box.ring(number(1));
      box.openCalls.forEach((call) => box.hangUp(call));
      box.tr064.state.books.barring.add("SPAM", "089 99998001");
      const [books, one, all, barred, calls] = (await answers(
        { operation: "books" },
        {},
        { operation: "contacts", book: "Telefonbuch" },
        { operation: "contacts" },
        { operation: "barring" },
        { operation: "calls", max: 5, days: 1, since: "2020-01-01T00:00:00Z" },
      )) as [BookInfo[], Contact[], FoundContact[], Contact[], Call[]];
      assert.deepEqual(books[2], { id: 2, name: "Google", writable: false, owner: "240", count: 1 });
      assert.deepEqual(
        one.map(({ name }) => name),
        ["Anna"],
      );
      assert.deepEqual(
        all.map(({ name, book, bookId }) => [name, book, bookId]),
        [
          ["Anna", "Telefonbuch", 0],
          ["Online", "Google", 2],
        ],
      );
      assert.equal(barred[0]?.name, "SPAM");
      assert.deepEqual(
        calls.map(({ kind, name, caller }) => [kind, name, caller]),
        [["missed", "Anna", { number: number(1), e164: "+493023125001", presentation: "allowed" }]],
      );
      assert.match(calls[0]?.at ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:00[+-]\d\d:\d\d$/);
    });

    it("calls of one kind, or of several; contacts without those inside the house", async () => {
      const { calls, books } = box.tr064.state;
      for (const [type, caller] of [
        [1, "1"],
        [2, "2"],
        [2, "3"],
        [10, "4"],
      ] as const)
        calls.add({ type, remote: number(Number(caller)), own: "732123", date: new Date() });
      books.named("Telefonbuch").add("Küche", "**610");
      books.named("Telefonbuch").add("Werkstatt", "**611", number(7));
      const given = (await answers(
        { operation: "calls", kind: "missed" },
        {},
        { max: 1 },
        { kind: ["answered", "rejected"] },
        { operation: "contacts", book: "Telefonbuch" },
        { operation: "contacts", book: "Telefonbuch", internal: false },
      )) as { kind: string; name: string; numbers: { number: string }[] }[][];
      const kinds = given.slice(0, 3).map((list) => list.map(({ kind }) => kind).sort());
      assert.deepEqual(kinds, [["missed", "missed"], ["missed"], ["answered", "rejected"]]);
      const listed = given.slice(3).map((list) => list.map(({ name, numbers }) => `${name} ${numbers.length}`));
      assert.deepEqual(listed, [
        ["Anna 2", "Küche 1", "Werkstatt 2"],
        ["Anna 2", "Werkstatt 1"],
      ]);
    });

    it("passes on what it does not know, in the order in which it came", async () => {
      const { got } = await start();
      const given = { topic: "x", other: { deep: [1] }, payload: number(1) };
      for (let i = 0; i < 20; i++) send({ ...given, i, operation: i % 3 === 0 ? "books" : "lookup" });
      await until("all", () => got.length === 20);
      assert.deepEqual(
        got.map((msg) => msg["i"]),
        got.map((_, i) => i),
      );
      assert.deepEqual([got[0]?.topic, got[0]?.["other"]], ["x", { deep: [1] }]);
      assert.equal(given.payload, number(1));
    });

    it("answers from memory while the box is away, and says so", async () => {
      const { got, caught } = await start();
      send({ payload: number(1) });
      await until("the first", () => got.length === 1);
      assert.equal("staleSince" in (got[0] ?? {}), false);
      await box.tr064.refuse();
      send({ payload: number(1), refresh: true });
      await until("the error of a wanted refresh", () => caught.length === 1);
      assert.equal(caught[0]?.error.code, "box-refused");
      send({ payload: number(1) });
      await until("the second", () => got.length === 2);
      assert.equal((got[1]?.payload as Contact[])[0]?.name, "Anna");
      assert.match(String(got[1]?.["staleSince"]), /^\d{4}-.*Z$/);
      assert.deepEqual(lastStatus("p1"), { fill: "yellow", shape: "dot", text: "fritz-phonebook.status.stale" });
    });

    it("reads the books anew when told to", async () => {
      const { got } = await start();
      send({ payload: number(1) });
      await until("the first", () => got.length === 1);
      box.tr064.state.books.named("Spam").add("Neu", number(2));
      send({ payload: number(2), refresh: true });
      await until("the second", () => got.length === 2);
      assert.equal((got[1]?.payload as Contact[])[0]?.name, "Neu");
    });
  });

  describe("writes", () => {
    it("adds, updates and removes, with contacts in long and short form, one or a list", async () => {
      const reports = (await answers(
        { book: "Spam" },
        { operation: "add", payload: short(1) },
        {
          operation: "add",
          payload: [short(1), short(2), { name: "N3", numbers: [{ number: number(3), type: "work" }] }],
        },
        { operation: "update", payload: { name: "N2", vip: true } },
        { operation: "remove", payload: [{ number: number(3) }, { name: "N1" }] },
      )) as WriteReport<string>[];
      const none = { added: 0, updated: 0, removed: 0, alreadyThere: 0, failed: [] };
      assert.deepEqual(reports, [
        { ...none, added: 1 },
        { ...none, added: 2, alreadyThere: 1 },
        { ...none, updated: 1 },
        { ...none, removed: 2 },
      ]);
      assert.deepEqual(inBox("Spam"), ["N2"]);
    });

    it("lets the message choose the book", async () => {
      await answers(
        { book: "Spam", operation: "add" },
        { payload: short(5), book: "Telefonbuch" },
        { payload: short(6), book: 1 },
      );
      assert.deepEqual([inBox("Telefonbuch"), inBox("Spam")], [["Anna", "N5"], ["N6"]]);
    });

    it("makes and deletes books", async () => {
      const [made, again, gone] = (await answers(
        { operation: "createBook" },
        { book: "Neu" },
        { payload: "Neu" },
        { operation: "deleteBook", book: "Neu" },
      )) as BookInfo[];
      assert.deepEqual(made, { id: 2, name: "Neu", writable: true });
      assert.deepEqual(again, made);
      assert.deepEqual(gone, { deleted: "Neu" });
    });

    it("bars a number and frees it", async () => {
      const [, list, freed] = await answers(
        { operation: "barring" },
        { action: "add", payload: { name: "SPAM", number: "089 99998001" } },
        { action: "list" },
        { action: "remove", payload: { number: "+498999998001" } },
      );
      assert.equal((list as Contact[]).length, 1);
      assert.equal((freed as WriteReport).removed, 1);
      assert.equal(box.tr064.state.bars("08999998001"), false);
    });

    it("imports what it exports, in each format, which it recognises", async () => {
      for (const format of ["json", "csv", "vcard", "vcard4", "xml"]) {
        const [text, read] = await answers(
          { operation: "export", book: "Telefonbuch", format },
          {},
          { operation: "import", book: "Spam", payload: `\ufeff${await exported(format)}` },
        );
        assert.equal(typeof text, "string");
        assert.equal((read as WriteReport).added, 1, format);
        box.tr064.state.books.named("Spam").clear();
        await helper.unload();
      }
    });

    const exported = async (format: string) => {
      const [text] = await answers({ operation: "export", book: "Telefonbuch" }, { format });
      await helper.unload();
      return String(text);
    };

    it("an import node recognises the format, whatever its hidden field says", async () => {
      const [report] = await answers(
        { operation: "import", book: "Spam", format: "json" },
        { payload: `name;number\nN1;${number(1)}\n` },
      );
      assert.equal((report as WriteReport).added, 1);
    });

    it("imports what can be imported, and tells the rest", async () => {
      const { got, caught } = await start({ operation: "import", book: "Spam" });
      send({ payload: `name,number\nN1,${number(1)}\nNumberless,\nN2,${number(2)}\n` });
      await until("both", () => got.length === 1 && caught.length === 1);
      const { added, failed } = got[0]?.payload as WriteReport<string>;
      assert.equal(added, 2);
      assert.deepEqual(failed, [
        { contact: { name: "Numberless", numbers: [] }, error: `${SENTENCES}.error.contact-no-number` },
      ]);
      assert.equal(caught[0]?.error.code, "contacts-failed");
      assert.deepEqual(lastStatus("p1"), { fill: "yellow", shape: "dot", text: "fritz-phonebook.status.done.import" });
    });

    it("a family that shares a number, with VIPs, quick-dials and odd names, is the same after a restore in each format", async () => {
      const family = [
        {
          name: " Papa ",
          numbers: [
            { number: "030 7777", type: "home", prio: true },
            { number: "0171 1", type: "mobile" },
          ],
        },
        {
          name: "=Mama",
          numbers: [{ number: "030 7777", type: "sip", prio: true, quickdial: "7", vanity: "MAMA" }],
          vip: true,
        },
        { name: "Oma", numbers: [{ number: "030 7777", type: "fax_work", prio: true }] },
      ];
      const plain = (list: unknown) =>
        (list as Contact[]).map(({ name, numbers, vip }) => ({ name, numbers, ...(vip && { vip }) }));
      for (const format of ["json", "csv", "vcard", "vcard4", "xml"]) {
        const [report, text] = await answers(
          { book: "Spam" },
          { operation: "import", payload: family },
          { operation: "export", format },
        );
        assert.equal((report as WriteReport).added, 3, format);
        await helper.unload();
        box.tr064.state.books.named("Spam").clear();
        const [restored, contacts] = await answers(
          { book: "Spam" },
          { operation: "import", payload: text },
          { operation: "contacts" },
        );
        const { added, alreadyThere, failed } = restored as WriteReport;
        assert.deepEqual([added, alreadyThere, failed], [3, 0, []], format);
        assert.deepEqual(plain(contacts), family, format);
        box.tr064.state.books.named("Spam").clear();
        await helper.unload();
      }
    });

    it("ten thousand contacts, half of them without a number, do not hold up the event loop in a dry run", async () => {
      const { got } = await start({ operation: "import", book: "Spam", dryRun: true });
      const rows = Array.from({ length: 10_000 }, (_, i) => `N${i},${i % 2 ? `030 ${2_000_000 + i}` : ""}\n`);
      const { longestMs } = await stopsOf(async () => {
        send({ payload: `name,number\n${rows.join("")}` });
        await until("the report", () => got.length === 1, 60_000);
      });
      const { added, failed } = got[0]?.payload as WriteReport<string>;
      assert.deepEqual([added, failed.length], [5_000, 5_000]);
      assert.ok(longestMs < 400, `${longestMs} ms`);
    });

    it("writes nothing in a dry run, set in the node or in the message, however a message says it", async () => {
      const messages = [true, "true", 1, "on"].map((dryRun) => ({ dryRun, payload: short(1) }));
      const reports = (await answers(
        { operation: "add", book: "Spam" },
        ...messages,
        { dryRun: true, operation: "createBook", book: "Neu" },
        { dryRun: true, operation: "deleteBook" },
        { dryRun: true, operation: "barring", action: "add", payload: short(1) },
      )) as WriteReport[];
      assert.deepEqual(
        reports.slice(0, 4).map(({ added }) => added),
        [1, 1, 1, 1],
      );
      assert.deepEqual(inBox("Spam"), []);
      assert.equal(box.tr064.state.books.local.length, 2);
      assert.equal(box.tr064.state.books.barring.contacts.length, 0);
      await helper.unload();
      const { got } = await start({ operation: "add", book: "Spam", dryRun: true });
      send({ payload: short(1) });
      await until("the answer", () => got.length === 1);
      assert.equal(got[0]?.["dryRun"], true, "the answer says that nothing was written");
      const isDry = { fill: "blue", shape: "ring", text: "fritz-phonebook.status.done.dry-run" };
      await until("the status", () => lastStatus("p1").text === isDry.text);
      assert.deepEqual(lastStatus("p1"), isDry);
      assert.deepEqual(inBox("Spam"), []);
      await helper.unload();
      await answers({ operation: "add", book: "Spam", dryRun: true }, { payload: short(1), dryRun: false });
      assert.deepEqual(inBox("Spam"), ["N1"]);
    });

    it("shows how far a long list is, and warns of a full book", async () => {
      const { got } = await start({ operation: "add", book: "Spam", limit: "300" });
      send({ payload: Array.from({ length: 300 }, (_, i) => short(i)) });
      await until("the report", () => got.length === 1);
      const texts = statuses("p1").map(({ text }) => text);
      assert.ok(texts.includes("fritz-phonebook.status.progress"), texts.join());
      assert.equal(texts.at(-1), "fritz-phonebook.status.done.add");
      assert.ok(texts.length < 100, `${texts.length} statuses`);
      assert.ok(loggedErrors().includes(`${SENTENCES}.near-limit`));
    });
  });

  describe("errors at the Catch node", () => {
    const add = (payload: unknown, book = "Spam") => ({ operation: "add", book, payload });
    for (const [what, msg, code] of [
      ["an unknown book", add(short(1), "Nothing"), "book-unknown"],
      ["no book", add(short(1), ""), "book-missing"],
      ["a read-only book", add(short(1), "Google"), "book-read-only"],
      ["a contact without a name", add({ number: number(1) }), "contact-no-name"],
      ["one bad contact in a list", add([short(1), { name: "x", number: "no" }]), "contact-bad-number"],
      ["no contact at all", add(undefined), "contact-no-object"],
      ["a contact that is not there", { operation: "remove", book: "Spam", payload: short(1) }, "contact-unknown"],
      [
        "an update of a missing contact",
        { operation: "update", book: "Spam", payload: { uniqueId: "7" } },
        "contact-unknown",
      ],
      ["an unknown book to look into", { payload: number(1), book: "Nothing" }, "book-unknown"],
      ["an unknown book to read", { operation: "contacts", book: "Nothing" }, "book-unknown"],
      ["an unknown operation", { operation: "addd" }, "operation-unknown"],
      ["an operation of the wrong kind", { operation: { toString: "x" } }, "operation-unknown"],
      ["an unknown action", { operation: "barring", action: "clear" }, "operation-unknown"],
      ["an unknown format", { operation: "export", format: "txt" }, "format-unknown"],
      ["nothing to look up", { payload: { a: 1 } }, "lookup-input"],
      ["nothing to import", { operation: "import", book: "Spam", payload: "" }, "import-input"],
      ["a broken import", { operation: "import", book: "Spam", payload: "[" }, "import-input"],
      ["a strange limit of calls", { operation: "calls", max: "many" }, "calls-input"],
      ["a strange kind of calls", { operation: "calls", kind: "angry" }, "calls-input"],
      ["the first book to delete", { operation: "deleteBook", book: "Telefonbuch" }, "book-first"],
      ["a book without a name", { operation: "createBook", payload: "" }, "book-missing"],
    ] as const) {
      it(`${what} is ${code}`, async () => {
        assert.equal(await errorOf(msg), code);
        assert.deepEqual(inBox("Spam"), []);
      });
    }

    it("no box, a disabled one, no login, a wrong one, no right, no telephony, no answer", async () => {
      assert.equal(await errorOf({ payload: "1" }, { box: "" }), "no-box");
      await helper.unload();
      assert.equal(await errorOf({ payload: "1" }, { box: "gone" }), "no-box");
      await helper.unload();
      assert.equal(await errorOf({ payload: "1" }, {}, { username: "", password: "" }), "box-login-needed");
      await helper.unload();
      assert.equal(await errorOf({ payload: "1" }, {}, { ...USER, password: "wrong" }), "box-login");
      await helper.unload();
      box.tr064.state.users = [{ name: USER.username, password: USER.password, rights: { nas: "readwrite" } }];
      assert.equal(await errorOf({ operation: "books" }), "box-right");
      await helper.unload();
      box.tr064.state.telephony = false;
      assert.equal(await errorOf({ operation: "books" }), "box-no-service");
      await helper.unload();
      await box.tr064.refuse();
      assert.equal(await errorOf({ operation: "books" }), "box-refused");
      await helper.unload();
      assert.equal(await errorOf({ operation: "books" }, {}, USER, { fingerprint: "AB" }), "box-refused");
    });

    it("a foreign certificate, with the new fingerprint in the sentence's values", async () => {
      assert.equal(await errorOf({ operation: "books" }, {}, USER, { fingerprint: "0".repeat(64) }), "box-certificate");
      assert.deepEqual(
        box.tr064.requests.filter(({ tls }) => tls),
        [],
        "nothing was said to a stranger",
      );
      const advice = logged().filter((line) => line.includes("fritz-config.certificate"));
      assert.deepEqual(advice, [], "the certificate of another device is not recommended");
    });

    it("an error does not keep the next message from its answer", async () => {
      const { got, caught } = await start();
      send({ operation: "nonsense" });
      send({ payload: number(1) });
      send({ operation: "add", book: "Google", payload: short(1) });
      send({ payload: number(1) });
      await until("all", () => got.length === 2 && caught.length === 2);
      assert.equal(lastStatus("p1").fill, "green");
    });
  });

  describe("a deploy", () => {
    it("keeps what was read: the new node answers from memory", async () => {
      const first = await start();
      send({ payload: number(1) });
      await until("the first", () => first.got.length === 1);
      // The names of telephones are asked for in the background.
      const reads = () => box.tr064.requests.filter(({ path }) => path.startsWith("/phonebook.lua")).length;
      const before = reads();
      assert.ok(before > 0);
      await helper.unload();
      const second = await start();
      send({ payload: number(1) });
      await until("the second", () => second.got.length === 1);
      assert.equal((second.got[0]?.payload as Contact[])[0]?.name, "Anna");
      assert.equal(reads(), before);
    });

    it("with another password reads anew", async () => {
      const first = await start();
      send({ payload: number(1) });
      await until("the first", () => first.got.length === 1);
      await helper.unload();
      assert.equal(await errorOf({ payload: number(1) }, {}, { ...USER, password: "other" }), "box-login");
    });

    it("in the middle of a list stops between two contacts; sending it again writes the rest", async () => {
      const { got } = await start({ operation: "add", book: "Spam" });
      const payload = Array.from({ length: 400 }, (_, i) => short(i));
      send({ payload });
      await until("some contacts", () => inBox("Spam").length > 20);
      await helper.unload();
      const { length } = inBox("Spam");
      assert.ok(length < 400, `${length} contacts`);
      assert.equal(got.length, 0, "a stopped node sends nothing");
      const second = await start({ operation: "add", book: "Spam" });
      send({ payload });
      await until("the report", () => second.got.length === 1);
      const { added, alreadyThere } = second.got[0]?.payload as WriteReport;
      assert.deepEqual([added + alreadyThere, inBox("Spam").length], [400, 400]);
      assert.equal(new Set(inBox("Spam")).size, 400);
    });

    it("does not wait for messages that have not had their turn", async () => {
      await start({ operation: "books" });
      box.tr064.wire.latencyMs = 50;
      for (let i = 0; i < 100; i++) send({});
      const before = box.tr064.requests.length;
      await helper.unload();
      box.tr064.wire.latencyMs = 0;
      assert.ok(box.tr064.requests.length - before < 30, `${box.tr064.requests.length - before} requests`);
    });

    it("does not wait for a box that does not answer", async function () {
      await start({ operation: "books" });
      box.tr064.wire.latencyMs = 60_000;
      send({});
      await until("the request", () => box.tr064.openRequests > 0);
      await helper.unload();
      assert.equal(box.tr064.openRequests, 1, "still open");
    });
  });

  it("lets a second node use the same connection, and works over plain HTTP", async () => {
    await load(
      [
        config({ tls: false }),
        phonebook(),
        phonebook({ id: "p2", wires: [["out2"]] }),
        { id: "out", type: "helper" },
        { id: "out2", type: "helper" },
      ],
      { box1: USER },
    );
    const [first, second] = [collect("out"), collect("out2")];
    send({ payload: number(1) });
    node("p2").receive({ payload: number(1) });
    await until("both", () => first.length === 1 && second.length === 1);
    assert.equal(box.tr064.peakRequests, 1);
    assert.equal(box.tr064.requests.filter(({ action }) => action === "GetPhonebookList").length <= 2, true);
    assert.ok(box.tr064.requests.every(({ tls }) => !tls));
  });

  it("tells the certificate's fingerprint in the log, and never number, name or password", async () => {
    const { got } = await start();
    send({ payload: number(1) });
    send({ operation: "add", book: "Spam", payload: short(7) });
    await until("both", () => got.length === 2);
    const log = logged();
    assert.ok(log.some((line) => line.includes("fritz-config.certificate")));
    assert.doesNotMatch(log.join("\n"), /gehe!m|23125|3920|Anna|N7/);
  });

  describe("a book and a limit that come from elsewhere", () => {
    const names = (payload: unknown) => (payload as Contact[]).map(({ name }) => name);

    it("from the message, the flow, the environment; msg.book wins", async () => {
      process.env["FRITZ_TEST_BOOK"] = "Google";
      try {
        const contacts = { operation: "contacts" };
        const [fromMessage, named] = await answers(
          { ...contacts, book: "want.book", bookType: "msg" },
          ...[{ want: { book: "Telefonbuch" } }, { want: { book: "Telefonbuch" }, book: "Google" }],
        );
        assert.deepEqual([names(fromMessage), names(named)], [["Anna"], ["Online"]]);
        await helper.unload();
        const { got } = await start({ ...contacts, book: "which", bookType: "flow" });
        (node("p1").context() as unknown as { flow: { set(key: string, value: string): void } }).flow.set(
          "which",
          "Google",
        );
        send({});
        await until("the answer", () => got.length === 1);
        assert.deepEqual(names(got[0]?.payload), ["Online"]);
        await helper.unload();
        const [fromEnvironment] = await answers({ ...contacts, book: "FRITZ_TEST_BOOK", bookType: "env" }, {});
        assert.deepEqual(names(fromEnvironment), ["Online"]);
      } finally {
        delete process.env["FRITZ_TEST_BOOK"];
      }
    });

    it("has one sentence where there is none, and asks the box nothing", async () => {
      for (const bookType of ["msg", "flow", "global", "env"]) {
        assert.equal(await errorOf({}, { operation: "contacts", book: "nothing.there", bookType }), "property-empty");
        await helper.unload();
      }
    });

    it("takes the warning's limit from the message", async () => {
      await start({ operation: "add", book: "Telefonbuch", limit: "most", limitType: "msg" });
      send({ payload: short(7), most: 1 });
      await until("the warning", () => loggedErrors().some((line) => line.includes("near-limit")));
    });
  });
});
