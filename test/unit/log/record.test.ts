import assert from "node:assert/strict";
import type { CallerInfo } from "../../../src/lib/callers/types";
import type { Decision } from "../../../src/lib/blocking/types";
import { FritzError } from "../../../src/lib/core/errors";
import { parseLine } from "../../../src/lib/calls/parse-line";
import { recordedLines } from "../../../src/lib/calls/replay";
import { formatLogRecord, type LogRecord, toLogRecord } from "../../../src/lib/log/record";
import { callEvent, party } from "../../support/events";

const event = callEvent();
const NOW = new Date(2026, 10, 3, 4, 5, 6).getTime();

const info = (over: Partial<CallerInfo> = {}): CallerInfo => ({
  ...{ number: "01755290123", e164: "+491755290123", display: "Anna Beispiel", type: "mobile", flags: ["too-long"] },
  ...{ name: "Anna Beispiel", place: { country: "Germany", countryCode: "DE" }, complete: true },
  contact: { book: "Family", bookId: 0, name: "Anna Beispiel", vip: true, imageUrl: "http://fritz.box/anna.jpg" },
  spam: { score: 7, reports: 5, source: "tellows", link: "https://example.net/01755290123" },
  sources: [{ id: "phonebook", status: "hit", ms: 3, because: "found 01755290123" }],
  ...over,
});

const decision = (over: Partial<Decision> = {}): Decision => ({
  ...{
    verdict: "block",
    because: "spam-score",
    explanation: "Anna Beispiel, 01755290123, has score 7.",
    action: "added",
  },
  ...{ rule: "score 7 >= 7 for 01755290123", book: "Spam" },
  ...over,
});

const line = (record: LogRecord, anonymize = false) => formatLogRecord(record, "line", anonymize, NOW);
const json = (record: LogRecord, anonymize = false) =>
  JSON.parse(formatLogRecord(record, "json", anonymize, NOW)) as Record<string, unknown>;

describe("toLogRecord", () => {
  it("takes event, caller's data and decision, and nothing else", () => {
    const msg = { topic: "ring", payload: event, callerInfo: info(), decision: decision(), _msgid: "1" };
    assert.deepEqual(toLogRecord(msg), { event, callerInfo: info(), decision: decision() });
  });

  it("leaves the caller's picture out", () => {
    const { contact } = info();
    assert.ok(contact);
    const callerInfo = info({ contact: { ...contact, image: "data:image/jpeg;base64,/9j/" } });
    assert.deepEqual(toLogRecord({ payload: event, callerInfo }), { event, callerInfo: info() });
  });

  it("an event alone, a decision alone", () => {
    assert.deepEqual(toLogRecord({ payload: event }), { event });
    assert.deepEqual(toLogRecord({ payload: "text", decision: decision() }), { decision: decision() });
  });

  for (const msg of [
    {},
    { payload: "16.06.20 12:25:42;DISCONNECT;0;0;" },
    { payload: null },
    { payload: { raw: "x" } },
    { payload: { ...event, caller: undefined } },
    { payload: { ...event, raw: 5 } },
    { payload: [event] },
    { callerInfo: info() },
    { decision: {} },
    { decision: "block" },
  ]) {
    it(`nothing to log: ${JSON.stringify(msg).slice(0, 60)}`, () => {
      assert.throws(
        () => toLogRecord(msg),
        (error) => error instanceof FritzError && error.code === "log-nothing",
      );
    });
  }
});

describe("formatLogRecord: line", () => {
  it("the box's line", () => assert.equal(line({ event }), event.raw));

  it("anonymised: the line with masked numbers, still to be replayed", () => {
    const masked = line({ event }, true);
    assert.equal(masked, "16.06.20 12:25:42;RING;0;01755290xxx;732xxx;SIP1;");
    assert.equal(parseLine(masked).ok, true);
  });

  it("never more than one line", () => {
    assert.equal(line({ event: callEvent({ raw: "a\r\nb\nc" }) }), "a b c");
  });

  for (const [what, record, expected] of [
    [
      "blocked by what others report",
      { event, callerInfo: info(), decision: decision() },
      '16.06.20 12:25:42;BLOCK;1;01755290123;"Anna Beispiel";7;5;0;',
    ],
    [
      "let pass with a score",
      {
        event,
        callerInfo: info({ spam: { score: 5, reports: 0, source: "x" } }),
        decision: decision({ verdict: "allow" }),
      },
      '16.06.20 12:25:42;PASS;1;01755290123;"Anna Beispiel";5;0;0;',
    ],
    [
      "on a list to allow: the score does not count",
      { event, callerInfo: info(), decision: decision({ verdict: "allow", because: "allow-book" }) },
      '16.06.20 12:25:42;WHITELIST;0;01755290123;"Anna Beispiel";',
    ],
    [
      "a contact of any other book: a list, too",
      { event, callerInfo: info(), decision: decision({ verdict: "allow", because: "contact" }) },
      '16.06.20 12:25:42;WHITELIST;0;01755290123;"Anna Beispiel";',
    ],
    [
      "on a list to block: the score does not count",
      { event, callerInfo: info(), decision: decision({ because: "block-book" }) },
      '16.06.20 12:25:42;BLACKLIST;0;01755290123;"Anna Beispiel";',
    ],
    [
      "in a pattern to block: a list, too",
      { event, callerInfo: info(), decision: decision({ because: "pattern" }) },
      '16.06.20 12:25:42;BLACKLIST;0;01755290123;"Anna Beispiel";',
    ],
    [
      "withheld number",
      { event: callEvent({ caller: party("") }), decision: decision({ because: "anonymous" }) },
      "16.06.20 12:25:42;BLOCK;0;;ANON;",
    ],
    [
      "nothing known of the caller",
      { event, decision: decision({ verdict: "allow", because: "unknown" }) },
      '16.06.20 12:25:42;PASS;0;01755290123;"";',
    ],
    [
      "dialled: the number called",
      {
        event: callEvent({ direction: "outgoing", caller: party("732123"), called: party("0711123456") }),
        decision: decision({ verdict: "allow", because: "unknown" }),
      },
      '16.06.20 12:25:42;PASS;0;0711123456;"";',
    ],
    [
      "without an event: this computer's time",
      { callerInfo: info(), decision: decision() },
      '03.11.26 04:05:06;BLOCK;1;01755290123;"Anna Beispiel";7;5;0;',
    ],
  ] as [string, LogRecord, string][]) {
    it(`decision, ${what}`, () => {
      assert.equal(line(record), expected);
      assert.deepEqual(recordedLines(expected), [], "a replay passes it over");
    });
  }

  it("a call of the box's list: its own time and number, masked if wanted", () => {
    const parties = { caller: { number: "03023125042" }, called: { number: "732123" } };
    const payload = { kind: "missed", at: "2026-11-24T12:25:00+01:00", ...parties };
    const record = toLogRecord({ payload, decision: decision() });
    assert.match(line(record), /^24\.11\.26 12:25:00;BLOCK;0;03023125042;/);
    assert.ok(!JSON.stringify([line(record, true), json(record, true)]).includes("03023125042"));
    assert.throws(() => toLogRecord({ payload }), /log-nothing/);
  });

  it("a decided call is one line of the block log; its other events are the box's lines", () => {
    const end = callEvent({ event: "disconnect", raw: "16.06.20 12:25:46;DISCONNECT;0;0;" });
    assert.equal(line({ event: end, callerInfo: info(), decision: decision() }), end.raw);
  });

  it("decision, anonymised: neither name nor number", () => {
    assert.equal(
      line({ event, callerInfo: info(), decision: decision() }, true),
      '16.06.20 12:25:42;BLOCK;1;01755290xxx;"Anonymized";7;5;0;',
    );
  });

  it("what comes from outside opens no field and no line", () => {
    const callerInfo = info({ number: "0711;1\n2", display: 'Anna; "BLOCK"\r\n17.06.20;x\u0000' });
    const text = line({ event, callerInfo, decision: decision() });
    assert.equal(text.split(";").length, 9);
    assert.doesNotMatch(text, /\p{Cc}/u);
  });
});

describe("formatLogRecord: json", () => {
  it("the event's properties, with caller's data and decision beside them", () => {
    const record = { event, callerInfo: info(), decision: decision() };
    assert.deepEqual(json(record), { ...event, callerInfo: info(), decision: decision() });
    assert.deepEqual(json({ event }), event);
    assert.deepEqual(json({ decision: decision() }), { decision: decision() });
  });

  it("is one line, and the box's line can be replayed", () => {
    const text = formatLogRecord({ event, callerInfo: info({ display: "a\nb" }) }, "json", false, NOW);
    assert.doesNotMatch(text, /[\r\n]/);
    assert.deepEqual(recordedLines(text), [{ number: 1, text: event.raw }]);
  });

  it("anonymised: no name, no link, no number of four digits or more", () => {
    const full = callEvent({ caller: { ...party("01755290123"), e164: "+491755290123" } });
    const text = formatLogRecord({ event: full, callerInfo: info(), decision: decision() }, "json", true, NOW);
    assert.doesNotMatch(text, /Anna|Beispiel|example\.net|fritz\.box|290123|732123/);
  });

  it("anonymised: what makes no one known is kept", () => {
    const {
      event: name,
      callerInfo,
      decision: decided,
    } = json({ event, callerInfo: info(), decision: decision() }, true);
    assert.equal(name, "ring");
    assert.deepEqual(callerInfo, {
      ...{ number: "01755290xxx", e164: "+491755290xxx", display: "Anonymized", type: "mobile", flags: ["too-long"] },
      ...{ place: { country: "Germany", countryCode: "DE" }, complete: true },
      contact: { book: "Family", bookId: 0, name: "Anonymized", vip: true },
      spam: { score: 7, reports: 5, source: "tellows" },
      sources: [{ id: "phonebook", status: "hit", ms: 3 }],
    });
    assert.deepEqual(decided, {
      ...{ verdict: "block", because: "spam-score", explanation: "", rule: "score 7 >= 7 for 01755290xxx" },
      ...{ action: "added", book: "Spam" },
    });
  });

  it("leaves the message as it was", () => {
    const record = { event, callerInfo: info(), decision: decision() };
    const before = structuredClone(record);
    formatLogRecord(record, "json", true, NOW);
    formatLogRecord(record, "line", true, NOW);
    assert.deepEqual(record, before);
  });

  it("properties that the event does not know are not written in clear", () => {
    const payload = { ...event, note: "call back 0711 9876543" };
    const text = formatLogRecord(toLogRecord({ payload }), "json", true, NOW);
    assert.doesNotMatch(text, /9876543/);
  });

  for (const [what, msg] of [
    ["a caller without number", { payload: { ...event, caller: {} } }],
    ["caller's data without number", { payload: event, callerInfo: {} }],
    ["caller's data that is a list", { payload: event, callerInfo: [] }],
    ["a number that is no text", { payload: { ...event, caller: { number: 1755290123 } } }],
    ["sources that are no list", { payload: event, callerInfo: { ...info(), sources: "none" } }],
    ["a rule that is no text", { payload: event, decision: { ...decision(), rule: 7 } }],
  ] as const) {
    it(`a message of unknown origin is logged or refused in plain words: ${what}`, () => {
      for (const format of ["line", "json"] as const) {
        try {
          assert.equal(typeof formatLogRecord(toLogRecord(msg), format, true, NOW), "string");
        } catch (error) {
          assert.ok(error instanceof FritzError, `${format}: ${String(error)}`);
        }
      }
    });
  }
});
