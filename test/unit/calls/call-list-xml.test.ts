import assert from "node:assert/strict";
import { type ListedCall, readCallList } from "../../../src/lib/calls/call-list-xml";
import { XmlError } from "../../../src/lib/core/xml";

const FIELDS = {
  Id: "122",
  Type: "1",
  Caller: "0171 3920001",
  Called: "SIP: 732123",
  CalledNumber: "732123",
  Name: "",
  Numbertype: "sip",
  Device: "",
  Port: "-1",
  Date: "22.09.26 14:19",
  Duration: "0:01",
  Count: "",
  Path: "",
};
const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const entry = (fields: Record<string, string | undefined>) =>
  `<Call>${Object.entries({ ...FIELDS, ...fields })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escape(value ?? "")}</${name}>`)
    .join("\n")}</Call>`;
const list = (...entries: string[]) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<root><timestamp>123456</timestamp>\n${entries.join("\n")}</root>`;
const read = (fields: Record<string, string | undefined>) => {
  const calls = parseCallList(list(entry(fields)));
  assert.ok(calls[0]);
  return calls[0];
};
const allowed = (number: string) => ({ number, presentation: "allowed" });

function parseCallList(text: string): ListedCall[] {
  const work = readCallList(text);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

describe("readCallList", () => {
  it("reads a call taken by an answering machine", () => {
    const fields = { Name: "Anna & Co", Device: "Anrufbeantworter 1", Port: "40", Path: "/download.lua?path=/rec/1" };
    assert.deepEqual(read(fields), {
      id: "122",
      kind: "answered",
      localTime: "2026-09-22T14:19:00",
      durationSeconds: 60,
      caller: allowed("0171 3920001"),
      called: allowed("732123"),
      name: "Anna & Co",
      line: "SIP",
      device: "Anrufbeantworter 1",
      port: 40,
      path: "/download.lua?path=/rec/1",
    });
  });

  for (const [type, kind] of [
    ["1", "answered"],
    ["2", "missed"],
    ["9", "active"],
    ["10", "rejected"],
  ] as const) {
    it(`type ${type} came in and is ${kind}`, () => {
      const { kind: found, caller, called } = read({ Type: type });
      assert.deepEqual([found, caller, called], [kind, allowed("0171 3920001"), allowed("732123")]);
    });
  }

  for (const [type, kind] of [
    ["3", "outgoing"],
    ["11", "active-outgoing"],
  ] as const) {
    it(`type ${type} went out and is ${kind}`, () => {
      const sides = { Caller: "SIP: 732123", CallerNumber: "732123", CalledNumber: undefined, Called: "089 99998001" };
      const { kind: found, caller, called, line } = read({ Type: type, ...sides });
      assert.deepEqual([found, caller, called], [kind, allowed("732123"), allowed("089 99998001")]);
      assert.equal(line, "SIP");
    });
  }

  for (const [what, fields, own, line] of [
    ["ISDN: ", { Called: "ISDN: 732123", Numbertype: "isdn" }, "732123", "ISDN"],
    ["POTS: ", { Called: "POTS: 732123", Numbertype: "pots" }, "732123", "POTS"],
    ["the box's German words", { Called: "Internet: 732123", Numbertype: "sip" }, "732123", "SIP"],
    ["words of other boxes", { Called: "Mobilfunk: 0171 3920009", Numbertype: "umts" }, "0171 3920009", "UMTS"],
    ["no blank", { Called: "SIP:732123" }, "732123", "SIP"],
    ["no prefix", { Called: "732123" }, "732123", "SIP"],
    ["no prefix and no kind", { Called: "732123", Numbertype: "" }, "732123", undefined],
    ["a prefix only", { Called: "SIP: 732123", Numbertype: undefined }, "732123", "SIP"],
  ] as const) {
    it(`finds the own number behind ${what}, also without CalledNumber`, () => {
      for (const CalledNumber of [undefined, ""]) {
        const call = read({ ...fields, CalledNumber });
        assert.deepEqual([call.called, call.line], [allowed(own), line]);
      }
    });
  }

  it("prefers the own number's own field to a name", () => {
    assert.deepEqual(read({ Called: "Wohnung", CalledNumber: "732123" }).called, allowed("732123"));
  });

  it("has no number for who withholds it, and none for a dialled or own number that is missing", () => {
    for (const Caller of ["", "Anonym", "0"]) {
      assert.deepEqual(read({ Caller }).caller, { number: "", presentation: "restricted" });
    }
    assert.deepEqual(read({ Caller: "unknown" }).caller, { number: "", presentation: "unavailable" });
    const missing = { number: "", presentation: "unavailable" };
    assert.deepEqual(read({ Called: "", CalledNumber: "" }).called, missing);
    assert.deepEqual(read({ Type: "3", Called: "", Caller: "", CalledNumber: undefined }).caller, missing);
    assert.deepEqual(read({ Type: "3", Called: "", Caller: "", CalledNumber: undefined }).called, missing);
  });

  it("leaves off the # that ends dialling", () => {
    assert.deepEqual(read({ Type: "3", Called: "0049987654321#", Caller: "" }).called, allowed("0049987654321"));
  });

  it("has a port only where there was one: 5 is fax, 40 to 49 are machines", () => {
    assert.equal(read({ Port: "-1" }).port, undefined);
    assert.equal(read({ Port: "" }).port, undefined);
    assert.equal(read({ Port: "x" }).port, undefined);
    assert.equal(read({ Port: undefined }).port, undefined);
    assert.deepEqual(
      ["0", "5", "6", "40"].map((Port) => read({ Port }).port),
      [0, 5, 6, 40],
    );
  });

  for (const [text, seconds] of [
    ["0:00", 0],
    ["0:01", 60],
    ["0:59", 3540],
    ["1:05", 3900],
    ["12:00", 43_200],
    ["", 0],
    ["5", 0],
    ["-1:00", 0],
    ["9".repeat(400) + ":00", 0],
  ] as const) {
    it(`a duration of ${text.slice(0, 10) || "nothing"} is ${seconds} s`, () =>
      assert.equal(read({ Duration: text }).durationSeconds, seconds));
  }

  for (const [text, time] of [
    ["01.02.26 03:04", "2026-02-01T03:04:00"],
    ["31.12.99 23:59", "2099-12-31T23:59:00"],
    ["01.02.2026 03:04", "2026-02-01T03:04:00"],
    ["01.02.26 03:04:05", "2026-02-01T03:04:05"],
    ["29.02.28 00:00", "2028-02-29T00:00:00"],
  ] as const) {
    it(`a date of ${text} is ${time}`, () => assert.equal(read({ Date: text }).localTime, time));
  }

  it("counts what it cannot read, and reads the rest", () => {
    const bad = [
      ...["", "x", "32.01.26 10:00", "31.02.26 10:00", "01.13.26 10:00", "01.01.26 24:01", "01.01.26"].map((Date) =>
        entry({ Date }),
      ),
      ...["", "0", "4", "x", "constructor", "toString", "__proto__", "1.0"].map((Type) => entry({ Type })),
      "<Call/>",
    ];
    const calls = parseCallList(list(entry({}), ...bad, entry({ Id: "121" })));
    assert.deepEqual(
      calls.map(({ id }) => id),
      ["122", "121"],
    );
    assert.equal(calls.length, 2, "the bad ones are left out");
  });

  it("is empty for an empty list and a foreign document, and refuses what is cut", () => {
    assert.deepEqual(parseCallList(list()), []);
    assert.deepEqual(parseCallList("<root/>"), []);
    assert.throws(() => parseCallList(list(entry({})).slice(0, -20)), XmlError);
  });

  it("is plain JSON", () => {
    const calls = parseCallList(list(entry({}), entry({ Type: "2", Caller: "" }), entry({ Type: "11" })));
    assert.deepEqual(JSON.parse(JSON.stringify(calls)), calls);
  });

  it("needs no longer for a long hostile text", function () {
    this.timeout(20_000);
    const long = `1${" ".repeat(200_000)}\n1`;
    assert.equal(read({ Called: long, CalledNumber: "", Caller: long, Duration: long, Port: long }).kind, "answered");
  });
});
