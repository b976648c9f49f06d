/** What single sources do beyond the contract of all. */
import assert from "node:assert/strict";
import { toScore } from "../../src/lib/callers/merge";
import { FritzError } from "../../src/lib/core/errors";
import type { CallerSource, SourceAnswer } from "../../src/lib/callers/source";
import { normalizeNumber } from "../../src/lib/numbers/index";
import { OWN_LISTS, WebServices } from "../../simulator/index";
import { FakeWeb } from "../support/fake-source";
import { FakePhonebooks } from "../support/fake-phonebooks";
import { sourceOf, sourceTools } from "../support/source-tools";
import { until } from "../support/wait";

const plan = { countryCode: "49", areaCode: "30" };
const never = new AbortController().signal;
const lookup = (source: CallerSource, written: string) =>
  source.lookup({ written, number: normalizeNumber(written, plan), plan }, never);
const summary = (answer: SourceAnswer) => answer?.opinion && [toScore(answer.opinion.risk), answer.opinion.reports];
const CALLER = "+493023125042";

describe("phoneblock", () => {
  const web = new WebServices();
  before(() => web.listen());
  after(() => web.stop());
  beforeEach(() => web.reset());
  const make = (over = {}) => sourceOf({ id: "phoneblock", ...over }, sourceTools(), web);

  it("believes the account's own lists above all votes, and its wildcards", async () => {
    web.callers = [{ number: OWN_LISTS.white, score: 9, reports: 100 }];
    const source = make();
    assert.deepEqual((await lookup(source, OWN_LISTS.white))?.opinion?.risk, 0);
    const black = await lookup(source, OWN_LISTS.black);
    assert.deepEqual([black?.opinion?.own, summary(black)?.[0]], [true, 9]);
    assert.ok((summary(black)?.[1] ?? 0) >= 3, "enough for the usual rule");
    const wild = await lookup(source, "+44900000000");
    assert.deepEqual([wild?.opinion?.own, summary(wild)?.[0]], [true, 9]);
    assert.equal(web.requests.filter(({ path }) => path === "/blacklist").length, 1, "asked for once a day");
  });

  it("warns of a number between spammers, but not enough to block it", async () => {
    web.callers = [1, 2, 3, 4, 5].map((i) => ({ number: `+49302312504${i}`, score: 9, reports: 50 }));
    const answer = await lookup(make(), "+493023125049");
    assert.equal(summary(answer)?.[0], 6);
    assert.equal(await lookup(make(), "+493023125990"), null);
  });

  it("knows by its votes: four are 7, ten are 8, fifty are 9", async () => {
    for (const [votes, score] of [
      [1, 6],
      [4, 7],
      [10, 8],
      [50, 9],
    ] as const) {
      web.callers = [{ number: CALLER, score: 9, reports: votes }];
      assert.deepEqual(summary(await lookup(make(), CALLER)), [score, votes]);
    }
  });

  it("reports a hit only if that is ticked, and only a hit", async () => {
    const reported = () => web.requests.filter(({ method }) => method === "POST").map(({ path }) => path);
    await lookup(make(), CALLER);
    await lookup(make({ reportCalls: true }), "+493023125011");
    assert.deepEqual(reported(), []);
    await lookup(make({ reportCalls: true }), CALLER);
    await until("the report", () => reported().length === 1);
    assert.deepEqual(reported(), ["/report-call/00493023125042"]);
  });

  it("does not fail because the wildcards cannot be had", async () => {
    web.fail("phoneblock", { kind: "status", status: 500 }, 1); // whichever of the two is first
    await lookup(make(), CALLER).catch(() => undefined);
    assert.deepEqual(summary(await lookup(make(), CALLER)), [8, 12]);
  });

  it("takes strangers in the bucket for strangers", async () => {
    const stranger = {
      numbers: [{ phone: "+498999998001", votes: 99 }, null, 7, { phone: CALLER, votes: "x" }],
      range10: [],
      range100: [],
    };
    const { fetch } = new FakeWeb({ "check-prefix": { text: JSON.stringify(stranger) }, blacklist: { text: "{}" } });
    assert.equal(await lookup(sourceOf({ id: "phoneblock" }, sourceTools({ fetch })), CALLER), null);
  });
});

describe("tellows", () => {
  const answerOf = (tellows: unknown, over = {}) => {
    const { fetch } = new FakeWeb({ "/basic/num/": { type: "text/html", text: JSON.stringify({ tellows }), ...over } });
    return lookup(sourceOf({ id: "tellows" }, sourceTools({ fetch })), CALLER);
  };
  const base = { score: "8", comments: "5", location: "Berlin" };

  it("speaks XML as well", async () => {
    const web = new WebServices();
    await web.listen();
    const [json, xml] = await Promise.all(
      ["json", "xml"].map((format) => lookup(sourceOf({ id: "tellows", format }, sourceTools(), web), CALLER)),
    );
    await web.stop();
    assert.deepEqual(xml, json);
    assert.deepEqual(summary(xml ?? null), [8, 12]);
  });

  it("says score 5 without comments to an unlisted number: that is unknown", async () => {
    assert.equal(await answerOf({ score: "5", comments: "0", location: "Berlin" }), null);
  });

  it("names the owner before what people say, one name or many", async () => {
    const nameOf = async (over: object) => (await answerOf({ ...base, ...over }))?.name;
    const called = { caller: ["Werbung", "Betrug"] };
    assert.deepEqual(await nameOf({ numberDetails: { name: "Muster GmbH" }, callerNames: called }), {
      text: "Muster GmbH",
      rank: "details",
    });
    assert.deepEqual(await nameOf({ numberDetails: { name: "" }, callerNames: called }), {
      text: "Werbung",
      rank: "label",
    });
    assert.deepEqual(await nameOf({ callerNames: { caller: "Werbung" } }), { text: "Werbung", rank: "label" });
    assert.deepEqual(await nameOf({ callerNames: { caller: { name: "Werbung", count: "2" } } }), {
      text: "Werbung",
      rank: "label",
    });
    assert.equal(await nameOf({ callerNames: "" }), undefined);
  });

  it("does not know where a mobile is", async () => {
    const { fetch } = new FakeWeb({ "/basic/num/": { text: JSON.stringify({ tellows: base }) } });
    const answer = await lookup(sourceOf({ id: "tellows" }, sourceTools({ fetch })), "+491713920001");
    assert.deepEqual([answer?.place, summary(answer ?? null)], [undefined, [8, 5]]);
  });

  it("calls a German number as it is dialled there, a foreign one with 00", async () => {
    const web = new FakeWeb({ "/basic/num/": { text: JSON.stringify({ tellows: base }) } });
    const source = sourceOf({ id: "tellows" }, sourceTools({ fetch: web.fetch }));
    await lookup(source, CALLER);
    await lookup(source, "+41440000000");
    assert.deepEqual(
      web.requests.map(({ url }) => new URL(url).pathname),
      ["/basic/num/03023125042", "/basic/num/0041440000000"],
    );
  });

  it("never takes an odd answer for an unknown number", async () => {
    const odd = [
      null,
      7,
      [],
      {},
      { score: "x", comments: "1" },
      { score: "12", comments: "1" },
      { score: "7", comments: "" },
    ];
    for (const value of odd) {
      await assert.rejects(
        answerOf(value),
        (error) => error instanceof FritzError && error.code === "source-reply",
        JSON.stringify(value),
      );
    }
    await assert.rejects(
      answerOf({}, { text: "ERROR: apikey invalid" }),
      (error) => error instanceof FritzError && error.code === "source-key",
    );
  });
});

describe("searchch", () => {
  const feed = (...entries: string[]) =>
    `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:tel="x">${entries.join("")}</feed>`;
  const ask = async (text: string, e164 = "+41440000000") => {
    const { fetch } = new FakeWeb({ "/tel/api/": { type: "application/atom+xml", text } });
    return lookup(sourceOf({ id: "searchch" }, sourceTools({ fetch })), e164);
  };
  const anna =
    "<entry><title>Muster, Anna</title><tel:name>Muster</tel:name><tel:firstname>Anna</tel:firstname></entry>";

  it("takes the name from its parts, else from the title, and the listed number into account", async () => {
    assert.deepEqual((await ask(feed(anna)))?.name, { text: "Anna Muster", rank: "details" });
    assert.deepEqual((await ask(feed("<entry><title>Muster, Anna</title></entry>")))?.name?.text, "Anna Muster");
    const listed = (phone: string) => feed(anna.replace("</entry>", `<tel:phone>${phone}</tel:phone></entry>`));
    assert.equal((await ask(listed("044 000 00 00")))?.name?.rank, "directory");
    assert.equal(await ask(listed("044 000 00 99")), null);
    assert.equal(await ask(feed()), null);
    assert.equal(await ask(feed(anna, anna.replaceAll("Anna", "Otto"))), null, "several people: none");
  });

  it("is polite: a thousand questions a month", () => assert.equal(sourceOf({ id: "searchch" }).policy.perMonth, 1000));
});

describe("the sources in the house", () => {
  const books = new FakePhonebooks().put(
    "Telefonbuch",
    { name: "Erika Muster", vip: true, imageUrl: "/x.jpg" },
    "030 23125042",
  );

  it("phonebook: gives the contact with its book, and the kind of the number", async () => {
    const source = sourceOf({ id: "phonebook" }, sourceTools({ finder: books }));
    assert.deepEqual(await lookup(source, "03023125042"), {
      contact: {
        book: "Telefonbuch",
        bookId: 0,
        name: "Erika Muster",
        vip: true,
        numberType: "home",
        imageUrl: "/x.jpg",
      },
      name: { text: "Erika Muster", rank: "phonebook" },
    });
    assert.equal(await lookup(source, "03023125043"), null);
    assert.equal(await lookup(source, ""), null);
    assert.equal(sourceOf({ id: "phonebook" }).unready, "no-box");
  });

  it("phonebook: names all books with the number, and says when not all could be read", async () => {
    const [contact] = (await books.find("03023125042")).contacts;
    assert.ok(contact);
    const contacts = [contact, { ...contact, book: "Familie" }, contact];
    const finder = { find: () => Promise.resolve({ contacts, unknown: "unreadable-book" as const }) };
    const found = await lookup(sourceOf({ id: "phonebook" }, sourceTools({ finder })), "03023125042");
    assert.deepEqual(
      [found?.contact?.book, found?.contact?.books, found?.contact?.unknown],
      ["Telefonbuch", ["Telefonbuch", "Familie"], "unreadable-book"],
    );
  });

  it("numbers: gives country, town and area code in the house's language", async () => {
    const place = async (written: string, language = "de") =>
      (await lookup(sourceOf({ id: "numbers" }, sourceTools({ language })), written))?.place;
    assert.deepEqual(await place("03023125042"), {
      country: "Deutschland",
      countryCode: "DE",
      areaCode: "30",
      town: "Berlin",
    });
    assert.equal((await place("+33100000000"))?.country, "Frankreich");
    assert.equal((await place("+33100000000", "en-US"))?.country, "France");
    assert.equal((await place("+88100000000"))?.country, "Satellitentelefon");
    assert.equal((await place("+33100000000", "no language"))?.country, "France");
    assert.equal(await place(""), undefined);
  });

  it("send nothing", async () => {
    const web = new FakeWeb();
    const tools = sourceTools({ finder: books, fetch: web.fetch });
    for (const id of ["phonebook", "numbers", "blocklist"]) {
      const source = sourceOf({ id }, tools);
      assert.deepEqual([source.sends, source.local], ["nothing", true]);
      await lookup(source, "03023125042");
    }
    assert.deepEqual(web.requests, []);
  });
});
