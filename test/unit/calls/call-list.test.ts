import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import type { ContactFinder } from "../../../src/lib/phonebook/types";
import { CallList, readCallQuery } from "../../../src/lib/calls/call-list";
import { FakeClock } from "../../support/fake-clock";
import { FakeTr064 } from "../../support/fake-tr064";

const NOW = Date.UTC(2026, 9, 26, 12);
const GET = "X_AVM-DE_OnTel:1#GetCallList";
const call = (id: number, date: string, caller: string, name = "", type = 2) =>
  `<Call><Id>${id}</Id><Type>${type}</Type><Caller>${caller}</Caller><Called>SIP: 732123</Called><Name>${name}</Name><Date>${date}</Date></Call>`;
const namesOf = (names: Record<string, string>): ContactFinder & { asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    find: (number) => {
      asked.push(number);
      const name = names[number];
      if (name === "away") return Promise.reject(new FritzError("box-timeout", {}, true));
      const contacts = name === undefined ? [] : [{ name, numbers: [], book: "Telefonbuch", bookId: 0 }];
      return Promise.resolve({ contacts });
    },
  };
};

describe("CallList", () => {
  let box: FakeTr064;
  beforeEach(() => {
    box = new FakeTr064({ [GET]: { NewCallListURL: "https://box/calllist.lua?sid=1" } });
  });
  const list = (names: ContactFinder = namesOf({})) =>
    new CallList(box, names, new FakeClock(NOW), "Europe/Berlin", () =>
      Promise.resolve({ countryCode: "49", areaCode: "30" }),
    );
  const document = (...calls: string[]) => (box.document = `<root>${calls.join("")}</root>`);

  it("gives times with the box's offset, summer and winter, the newest first", async () => {
    document(
      call(1, "24.10.26 10:00", "1"),
      call(3, "26.10.26 08:00", "3"),
      call(2, "26.10.26 07:59", "2"),
      call(4, "26.10.26 08:00", "4"),
    );
    assert.deepEqual(
      (await list().read()).map(({ id, at }) => `${id} ${at}`),
      [
        "3 2026-10-26T08:00:00+01:00",
        "4 2026-10-26T08:00:00+01:00",
        "2 2026-10-26T07:59:00+01:00",
        "1 2026-10-24T10:00:00+02:00",
      ],
    );
  });

  it("keeps the order of the hour that comes twice in autumn", async () => {
    // The box lists the newest first and writes no offset: 2:10 comes after 2:50 that day.
    document(
      call(4, "25.10.26 03:05", "4"),
      call(3, "25.10.26 02:10", "3"),
      call(2, "25.10.26 02:50", "2"),
      call(1, "25.10.26 01:55", "1"),
    );
    assert.deepEqual(
      (await list().read()).map(({ id, at }) => `${id} ${at}`),
      [
        "4 2026-10-25T03:05:00+01:00",
        "3 2026-10-25T02:10:00+01:00",
        "2 2026-10-25T02:50:00+02:00",
        "1 2026-10-25T01:55:00+02:00",
      ],
    );
  });

  it("adds names from the phonebooks where the box has none, each number asked once", async () => {
    const names = namesOf({ "1": "Anna", "2": "away" });
    document(
      call(5, "26.10.26 08:00", "1"),
      call(4, "26.10.26 07:00", "1"),
      call(3, "26.10.26 06:00", "2"),
      call(2, "26.10.26 05:00", "3", "Box"),
      call(1, "26.10.26 04:00", ""),
      call(0, "26.10.26 03:00", "9"),
    );
    assert.deepEqual(
      (await list(names).read()).map(({ name }) => name),
      ["Anna", "Anna", undefined, "Box", undefined, undefined],
    );
    assert.deepEqual(names.asked, ["1", "2", "9"]);
  });

  it("looks up whom we called, not who called", async () => {
    const names = namesOf({});
    document(call(1, "26.10.26 04:00", "732123", "", 3).replace("SIP: 732123", "089 99998001"));
    await list(names).read();
    assert.deepEqual(names.asked, ["089 99998001"]);
  });

  for (const [query, parameters] of [
    [{}, ""],
    [{ days: 1 }, "&days=1"],
    [{ max: 5 }, "&max=5"],
    [{ days: 2, max: 5 }, "&days=2&max=5"],
    [{ sinceMs: NOW - 3_600_000 }, "&days=2"],
    [{ sinceMs: NOW - 10 * 86_400_000, max: 5 }, "&days=11"],
    [{ sinceMs: NOW - 10 * 86_400_000, days: 3 }, "&days=3"],
    [{ sinceMs: NOW + 86_400_000 }, "&days=1"],
  ] as const) {
    it(`asks the box for ${JSON.stringify(query)} with ${parameters || "nothing"}`, async () => {
      document();
      await list().read(query);
      assert.deepEqual(box.downloaded, [`https://box/calllist.lua?sid=1${parameters}`]);
    });
  }

  it("cuts what the box gave beyond the query", async () => {
    document(
      ...Array.from({ length: 5 }, (_, i) => call(9 - i, `26.10.26 0${9 - i}:00`, "1")),
      call(1, "01.01.26 00:00", "1"),
    );
    const ids = async (query: object) => (await list().read(query)).map(({ id }) => id);
    assert.deepEqual(await ids({ max: 2 }), ["9", "8"]);
    assert.deepEqual(await ids({ max: 0 }), []);
    assert.deepEqual(await ids({ sinceMs: Date.parse("2026-10-26T08:00:00+01:00") }), ["9", "8"]);
    assert.deepEqual(await ids({ sinceMs: Date.parse("2026-10-26T06:30:00+01:00"), max: 2 }), ["9", "8"]);
    assert.equal((await ids({})).length, 6);
  });

  it("says when the box keeps no list, or none that can be read", async () => {
    const failsWith = (code: string) =>
      assert.rejects(list().read(), (error) => error instanceof FritzError && error.code === code);
    box.answers[GET] = { NewCallListURL: " " };
    await failsWith("calls-off");
    box.answers[GET] = new FritzError("box-internal");
    await failsWith("box-internal");
    box.answers[GET] = { NewCallListURL: "/calllist.lua" };
    box.document = "<root><Call>";
    await failsWith("box-reply");
  });

  it("sends no class and no undefined in a message", async () => {
    document(call(1, "26.10.26 08:00", "1"));
    const calls = await list(namesOf({ "1": "Anna" })).read();
    assert.deepEqual(JSON.parse(JSON.stringify(calls)), calls);
  });
});

describe("readCallQuery", () => {
  for (const [given, expected] of [
    [{}, {}],
    [
      { days: 7, max: "20", since: "2026-10-26T08:00:00Z" },
      { days: 7, max: 20, sinceMs: Date.UTC(2026, 9, 26, 8) },
    ],
    [{ days: "", max: null, since: undefined }, {}],
    [{ since: 1_700_000_000_000 }, { sinceMs: 1_700_000_000_000 }],
    [{ since: "1700000000000" }, { sinceMs: 1_700_000_000_000 }],
    [{ days: 1.9 }, { days: 1 }],
  ] as const) {
    it(`reads ${JSON.stringify(given)}`, () => assert.deepEqual(readCallQuery(given), expected));
  }
  for (const given of [
    { days: "many" },
    { days: -1 },
    { max: {} },
    { max: true },
    { since: "yesterday" },
    { since: NaN },
  ]) {
    it(`refuses ${JSON.stringify(given)}`, () => assert.throws(() => readCallQuery(given), { code: "calls-input" }));
  }
});
