import assert from "node:assert/strict";
import { boxTimeReader } from "../../../src/lib/calls/box-time";
import { NO_CALLS, trackLine, type TrackerState } from "../../../src/lib/calls/call-tracker";
import type { CallEvent } from "../../../src/lib/calls/types";
import type { MonitorLine } from "../../../src/lib/calls/monitor-line";
import { parseLine } from "../../../src/lib/calls/parse-line";
import { SEED_DAY, SEED_LINES } from "../../fixtures/recorded-lines";
import { counter } from "../../support/events";

function parsed(text: string): MonitorLine {
  const line = parseLine(text);
  if (!line.ok) assert.fail(`${line.reason}: ${text}`);
  return line;
}

/** Feeds lines, each with its time of arrival if one is given; ids are c1, c2, ... */
function track(lines: (string | [string, number])[], state: TrackerState = NO_CALLS) {
  const newId = counter();
  const readTime = boxTimeReader("Europe/Berlin");
  const events: CallEvent[] = [];
  for (const entry of lines) {
    const [text, arrivedMs] = typeof entry === "string" ? [entry, undefined] : entry;
    const context = { box: "home", readTime, newId, ...(arrivedMs !== undefined && { arrivedMs }) };
    const next = trackLine(state, parsed(text), context);
    state = next.state;
    const event: Partial<CallEvent> = { ...next.event };
    delete event.open; // tested as properties
    delete event.lineState;
    events.push(event as CallEvent);
  }
  return { events, state };
}

const eventsOf = (...lines: (string | [string, number])[]) => track(lines).events;

/** The one event that a test is about. */
function nth(events: CallEvent[], i: number): CallEvent {
  const event = events.at(i);
  if (!event) assert.fail(`no event ${i}`);
  return event;
}

const ids = (events: CallEvent[]) => events.map(({ callId }) => callId);
const allowed = (number: string) => ({ number, presentation: "allowed" as const });

describe("trackLine: the recorded day", () => {
  const MOBILE = allowed("01755290xxx");
  const HOME = allowed("732xxx");
  const OTHER = allowed("69xxx");
  const D = allowed("07191952xxx");
  const D_SHORT = allowed("952xxx");
  const NEIGHBOUR = allowed("07191732xxx");
  const day = (time: string) => (time < "11" ? `2020-06-17T${time}+02:00` : `2020-06-16T${time}+02:00`);
  const dect = (extension: number) => ({ extension, device: "DECT" });

  const incoming = { event: "ring", direction: "incoming" } as const;
  const outgoing = { event: "call", direction: "outgoing" } as const;
  const tries = [
    ["10:30:57", "10:31:00", 3, "c8"],
    ["10:31:08", "10:31:13", 5, "c9"],
    ["10:31:24", "10:31:27", 3, "c10"],
    ["10:31:54", "10:31:58", 4, "c11"],
  ] as const;
  const callBack = {
    connectionId: 1,
    direction: "outgoing",
    caller: OTHER,
    called: D_SHORT,
    line: "SIP0",
    ...dect(11),
  };

  const expected: Record<string, unknown>[] = [
    { ...incoming, callId: "c1", connectionId: 0, at: day("12:25:42"), caller: MOBILE, called: HOME, line: "SIP1" },
    {
      ...{ event: "disconnect", callId: "c1", connectionId: 0, at: day("12:25:46"), direction: "incoming" },
      ...{ caller: MOBILE, called: HOME, line: "SIP1", ringSeconds: 4, durationSeconds: 0, outcome: "missed" },
    },
    {
      ...{ ...outgoing, callId: "c2", connectionId: 1, at: day("15:04:02"), caller: HOME, called: MOBILE },
      ...{ line: "SIP1", ...dect(13) },
    },
    {
      // its RING was not heard
      ...{
        event: "connect",
        callId: "c3",
        connectionId: 0,
        at: day("15:04:02"),
        direction: "incoming",
        caller: MOBILE,
      },
      ...{ called: { number: "", presentation: "unavailable" }, extension: 0, device: "FON 1", partial: true },
    },
    { ...incoming, callId: "c4", connectionId: 2, at: day("17:55:06"), caller: NEIGHBOUR, called: OTHER, line: "SIP0" },
    {
      ...{ event: "connect", callId: "c4", connectionId: 2, at: day("17:55:09"), direction: "incoming" },
      ...{ caller: NEIGHBOUR, called: OTHER, line: "SIP0", ...dect(10), ringSeconds: 3 },
    },
    {
      // the caller's leg inside the house; the call that had this id before has never ended
      ...{ event: "connect", callId: "c5", connectionId: 1, at: day("17:55:09"), direction: "outgoing" },
      ...{ caller: NEIGHBOUR, called: OTHER, ...dect(13), partial: true },
    },
    {
      ...{ event: "disconnect", callId: "c4", connectionId: 2, at: day("17:55:15"), direction: "incoming" },
      ...{ caller: NEIGHBOUR, called: OTHER, line: "SIP0", ...dect(10) },
      ...{ ringSeconds: 3, durationSeconds: 6, outcome: "answered" },
    },
    {
      ...{ event: "disconnect", callId: "c5", connectionId: 1, at: day("17:55:16"), direction: "outgoing" },
      ...{ caller: NEIGHBOUR, called: OTHER, ...dect(13), partial: true, durationSeconds: 6, outcome: "answered" },
    },
    {
      ...{ ...outgoing, callId: "c6", connectionId: 1, at: day("18:11:57"), caller: HOME, called: MOBILE },
      ...{ line: "SIP1", ...dect(13) },
    },
    { ...incoming, callId: "c7", connectionId: 0, at: day("10:28:29"), caller: D, called: OTHER, line: "SIP0" },
    {
      ...{ event: "connect", callId: "c7", connectionId: 0, at: day("10:28:43"), direction: "incoming" },
      ...{ caller: D, called: OTHER, line: "SIP0", ...dect(11), ringSeconds: 14 },
    },
    {
      ...{ event: "disconnect", callId: "c7", connectionId: 0, at: day("10:30:31"), direction: "incoming" },
      ...{ caller: D, called: OTHER, line: "SIP0", ...dect(11) },
      ...{ ringSeconds: 14, durationSeconds: 109, outcome: "answered" },
    },
    ...tries.flatMap(([dialled, ended, ringSeconds, callId]) => [
      { ...callBack, event: "call", callId, at: day(dialled) },
      {
        ...{ ...callBack, event: "disconnect", callId, at: day(ended) },
        ...{ ringSeconds, durationSeconds: 0, outcome: "unreached" },
      },
    ]),
    { ...callBack, event: "call", callId: "c12", at: day("10:32:16") },
    { ...callBack, event: "connect", callId: "c12", at: day("10:32:23"), ringSeconds: 7 },
    {
      ...{ ...callBack, event: "disconnect", callId: "c12", at: day("10:37:34") },
      ...{ ringSeconds: 7, durationSeconds: 312, outcome: "answered" },
    },
  ];

  const events = eventsOf(...SEED_DAY.filter((line) => line !== ""));
  it("one event a line", () => assert.equal(events.length, expected.length));
  for (const [i, { raw }] of SEED_LINES.entries()) {
    it(raw, () => {
      assert.deepEqual(events[i], { ...expected[i], box: "home", raw: raw.replace(/\s*#.*/, "") });
    });
  }
});

describe("trackLine: a call inside the house, 2008", () => {
  const events = eventsOf(
    "17.02.08 11:01:46;CALL;1;4;879136;916137;SIP2;",
    "17.02.08 11:01:47;RING;2;06158879136;916137;ISDN;",
    "17.02.08 11:01:48;CONNECT;1;4;916137;",
    "17.02.08 11:01:48;CONNECT;2;4;06158879136;",
    "17.02.08 11:02:00;DISCONNECT;1;13;",
    "17.02.08 11:02:01;DISCONNECT;2;13;",
  );

  it("two calls, three events each", () => {
    assert.deepEqual(ids(events), ["c1", "c2", "c1", "c2", "c1", "c2"]);
    assert.equal(
      events.some(({ partial }) => partial),
      false,
    );
  });

  it("one goes out, one comes in, both are answered", () => {
    const ends = events.slice(4).map(({ direction, caller, called, ringSeconds, durationSeconds, outcome }) => {
      return { direction, caller: caller.number, called: called.number, ringSeconds, durationSeconds, outcome };
    });
    const talk = { called: "916137", durationSeconds: 13, outcome: "answered" };
    assert.deepEqual(ends, [
      { ...talk, direction: "outgoing", caller: "879136", ringSeconds: 2 },
      { ...talk, direction: "incoming", caller: "06158879136", ringSeconds: 1 },
    ]);
  });
});

describe("trackLine: calls in parallel and one after the other", () => {
  it("events belong to the call with their id", () => {
    const events = eventsOf(
      "01.03.26 10:00:00;RING;0;0711111111;732123;SIP0;",
      "01.03.26 10:00:01;RING;1;0711222222;732123;SIP0;",
      "01.03.26 10:00:02;CALL;2;11;69123;0711333333;SIP1;",
      "01.03.26 10:00:05;CONNECT;1;10;0711222222;",
      "01.03.26 10:00:06;CONNECT;2;11;0711333333;",
      "01.03.26 10:00:09;DISCONNECT;0;0;",
      "01.03.26 10:00:15;DISCONNECT;2;9;",
      "01.03.26 10:00:25;DISCONNECT;1;20;",
    );
    assert.deepEqual(ids(events), ["c1", "c2", "c3", "c2", "c3", "c1", "c3", "c2"]);
    const ends = events.slice(5).map(({ outcome, caller, called }) => [outcome, caller.number, called.number]);
    assert.deepEqual(ends, [
      ["missed", "0711111111", "732123"],
      ["answered", "69123", "0711333333"],
      ["answered", "0711222222", "732123"],
    ]);
  });

  it("an id that is given away at once is a new call", () => {
    const events = eventsOf(
      "01.03.26 10:00:00;RING;0;0711111111;732123;SIP0;",
      "01.03.26 10:00:04;DISCONNECT;0;0;",
      "01.03.26 10:00:04;RING;0;0711111111;732123;SIP0;",
      "01.03.26 10:00:08;CONNECT;0;10;0711111111;",
    );
    assert.deepEqual(ids(events), ["c1", "c1", "c2", "c2"]);
    assert.equal(nth(events, 3).ringSeconds, 4);
  });

  it("a ring that comes again is the same call", () => {
    const ring = (time: string) => `01.03.26 ${time};RING;0;0711111111;732123;SIP0;`;
    const events = eventsOf(ring("10:00:00"), ring("10:00:05"), ring("10:00:05"), "01.03.26 10:00:09;DISCONNECT;0;0;");
    assert.deepEqual(ids(events), ["c1", "c1", "c1", "c1"]);
    assert.equal(nth(events, 3).ringSeconds, 9);
  });

  for (const [what, second] of [
    ["from another caller", "01.03.26 10:00:05;RING;0;0711222222;732123;SIP0;"],
    ["for another own number", "01.03.26 10:00:05;RING;0;0711111111;69123;SIP0;"],
    ["the other way round", "01.03.26 10:00:05;CALL;0;10;0711111111;732123;SIP0;"],
    ["an hour later", "01.03.26 11:00:00;RING;0;0711111111;732123;SIP0;"],
    ["from before", "01.03.26 09:00:00;RING;0;0711111111;732123;SIP0;"],
  ] as const) {
    it(`a new beginning ${what} is a new call: the end of the first was lost`, () => {
      const events = eventsOf("01.03.26 10:00:00;RING;0;0711111111;732123;SIP0;", second);
      assert.deepEqual(ids(events), ["c1", "c2"]);
    });
  }

  it("a ring on the id of an answered call is a new call", () => {
    const events = eventsOf(
      "01.03.26 10:00:00;RING;0;0711111111;732123;SIP0;",
      "01.03.26 10:00:01;CONNECT;0;10;0711111111;",
      "01.03.26 10:00:05;RING;0;0711111111;732123;SIP0;",
      "01.03.26 10:00:09;DISCONNECT;0;0;",
    );
    assert.deepEqual(ids(events), ["c1", "c1", "c2", "c2"]);
    assert.equal(nth(events, 3).outcome, "missed");
  });

  it("a CONNECT with another number than the id's call is not that call's", () => {
    const events = eventsOf(
      "01.03.26 10:00:00;CALL;1;10;732123;0711111111;SIP0;",
      "01.03.26 12:00:00;CONNECT;1;11;0711222222;",
      "01.03.26 12:01:00;DISCONNECT;1;60;",
    );
    assert.deepEqual(ids(events), ["c1", "c2", "c2"]);
    assert.deepEqual(nth(events, 1).caller, allowed("0711222222"));
    assert.equal(nth(events, 1).partial, true);
  });

  it("a withheld number fits any", () => {
    const events = eventsOf("28.08.10 10:24:30;RING;0;;123456;ISDN;", "28.08.10 10:24:37;CONNECT;0;4;;");
    assert.deepEqual(ids(events), ["c1", "c1"]);
    assert.deepEqual(nth(events, 1).caller, { number: "", presentation: "restricted" });
    assert.equal(nth(events, 1).ringSeconds, 7);
  });

  it("a CONNECT that names the number in another length is the same call", () => {
    const events = eventsOf(
      "28.08.10 10:24:30;CALL;0;4;123456;952123;ISDN;",
      "28.08.10 10:24:37;CONNECT;0;4;07191952123;",
    );
    assert.deepEqual(ids(events), ["c1", "c1"]);
    assert.equal(nth(events, 1).called.number, "952123");
  });
});

describe("trackLine: how a call ends", () => {
  const RING = "01.03.26 10:00:00;RING;0;0711111111;732123;SIP0;";
  const CALL = "01.03.26 10:00:00;CALL;0;10;732123;0711111111;SIP0;";
  const connect = (extension: number) => `01.03.26 10:00:08;CONNECT;0;${extension};0711111111;`;
  const end = (time: string, seconds = 0) => `01.03.26 ${time};DISCONNECT;0;${seconds};`;

  for (const [what, outcome, lines] of [
    ["not answered", "missed", [RING, end("10:00:20")]],
    ["not answered within two seconds", "missed", [RING, end("10:00:02")]],
    ["dialled and not answered", "unreached", [CALL, end("10:00:20")]],
    ["dialled and given up in the same second", "unreached", [CALL, end("10:00:00")]],
    ["answered", "answered", [RING, connect(10), end("10:01:00", 52)]],
    ["answered for less than a second", "answered", [RING, connect(10), end("10:00:08", 0)]],
    ["dialled and answered", "answered", [CALL, connect(10), end("10:01:00", 52)]],
    ["answered, but the CONNECT was lost", "answered", [RING, end("10:01:00", 52)]],
    ["taken by the answering machine", "machine", [RING, connect(40), end("10:01:00", 52)]],
    ["taken by the last answering machine", "machine", [RING, connect(49), end("10:01:00", 52)]],
    ["taken by the machine of old firmware", "machine", [RING, connect(6), end("10:01:00", 52)]],
    ["taken over from the machine", "answered", [RING, connect(40), connect(11), end("10:01:00", 52)]],
    ["rejected in the same second", "rejected", [RING, end("10:00:00")]],
    [
      "rejected while the second turned",
      "rejected",
      [
        [RING, 1000],
        [end("10:00:01"), 1003],
      ],
    ],
    [
      "one second of ringing",
      "missed",
      [
        [RING, 1000],
        [end("10:00:01"), 2003],
      ],
    ],
    [
      "half a second of ringing",
      "missed",
      [
        [RING, 1000],
        [end("10:00:01"), 1500],
      ],
    ],
    ["one second of ringing in a replay", "missed", [RING, end("10:00:01")]],
    [
      "the second before midnight",
      "rejected",
      [
        ["28.02.26 23:59:59;RING;0;0711111111;732123;SIP0;", 1000],
        ["01.03.26 00:00:00;DISCONNECT;0;0;", 1003],
      ],
    ],
  ] as [string, string, (string | [string, number])[]][]) {
    it(`${what}: ${outcome}`, () => {
      const events = eventsOf(...lines);
      assert.equal(nth(events, -1).outcome, outcome);
      assert.deepEqual(
        ids(events),
        lines.map(() => "c1"),
      );
      assert.equal(
        events.slice(0, -1).some((event) => event.outcome !== undefined),
        false,
      );
    });
  }

  it("machine: the event names it", () => {
    const events = eventsOf(RING, connect(40));
    assert.deepEqual([nth(events, 1).extension, nth(events, 1).device], [40, "Answering machine"]);
  });

  it("seconds over the end of summer time", () => {
    const events = eventsOf(
      ["25.10.26 02:59:50;RING;0;0711111111;732123;SIP0;", Date.parse("2026-10-25T02:59:50+02:00")],
      ["25.10.26 02:00:05;CONNECT;0;10;0711111111;", Date.parse("2026-10-25T02:00:05+01:00")],
    );
    assert.deepEqual(
      events.map(({ at }) => at),
      ["2026-10-25T02:59:50+02:00", "2026-10-25T02:00:05+01:00"],
    );
    assert.equal(nth(events, 1).ringSeconds, 15);
  });
});

describe("trackLine: joining in the middle", () => {
  it("a CONNECT whose beginning was not heard", () => {
    const event = nth(eventsOf("16.06.20 15:04:02;CONNECT;0;11;01755290123;"), 0);
    assert.deepEqual(event, {
      ...{ event: "connect", callId: "c1", connectionId: 0, at: "2020-06-16T15:04:02+02:00", direction: "incoming" },
      ...{ caller: allowed("01755290123"), called: { number: "", presentation: "unavailable" } },
      ...{ extension: 11, device: "DECT", partial: true, box: "home" },
      raw: "16.06.20 15:04:02;CONNECT;0;11;01755290123;",
    });
  });

  it("its end keeps what was heard and counts as answered", () => {
    const events = eventsOf("16.06.20 15:04:02;CONNECT;0;11;01755290123;", "16.06.20 15:05:02;DISCONNECT;0;0;");
    assert.deepEqual(ids(events), ["c1", "c1"]);
    const { caller, outcome, partial, ringSeconds } = nth(events, 1);
    assert.deepEqual(
      { caller, outcome, partial },
      { caller: allowed("01755290123"), outcome: "answered", partial: true },
    );
    assert.equal(ringSeconds, undefined, "how long it rang is not known");
  });

  it("a DISCONNECT of an unknown call: with talk it was answered, without it is unknown", () => {
    const [talk, none] = [
      eventsOf("16.06.20 15:05:02;DISCONNECT;0;60;"),
      eventsOf("16.06.20 15:05:02;DISCONNECT;0;0;"),
    ];
    const unknownParty = { number: "", presentation: "unavailable" };
    for (const event of [nth(talk, 0), nth(none, 0)]) {
      assert.deepEqual([event.caller, event.called, event.partial], [unknownParty, unknownParty, true]);
      assert.equal(event.ringSeconds, undefined);
    }
    assert.equal(nth(talk, 0).outcome, "answered");
    assert.equal("outcome" in nth(none, 0), false);
  });

  it("the machine is known even so", () => {
    const events = eventsOf("16.06.20 15:04:02;CONNECT;0;40;01755290123;", "16.06.20 15:05:02;DISCONNECT;0;60;");
    assert.equal(nth(events, 1).outcome, "machine");
  });

  it("what follows a missed beginning is a call of its own", () => {
    const events = eventsOf(
      "16.06.20 15:04:02;CONNECT;0;11;01755290123;",
      "16.06.20 15:05:02;DISCONNECT;0;60;",
      "16.06.20 15:06:02;RING;0;01755290123;732123;SIP0;",
    );
    assert.deepEqual(ids(events), ["c1", "c1", "c2"]);
    assert.equal(nth(events, 2).partial, undefined);
  });
});

describe("trackLine: numbers that are none", () => {
  for (const [written, presentation] of [
    ["", "restricted"],
    ["0", "restricted"],
    ["anonymous", "restricted"],
    ["Anonym", "restricted"],
    ["anonymous@anonymous.invalid", "restricted"],
    ["unknown", "unavailable"],
    ["unbekannt", "unavailable"],
    ["Unavailable", "unavailable"],
  ] as const) {
    it(`a caller written as ${written || "nothing"} is ${presentation}`, () => {
      const event = nth(eventsOf(`16.06.20 12:25:42;RING;0;${written};732123;SIP1;`), 0);
      assert.deepEqual(event.caller, { number: "", presentation });
    });
  }

  it("a name or a SIP address is a number like any", () => {
    for (const caller of ["anna", "anna@example.net", "unknownsoldier@example.net", "<caller>"]) {
      const event = nth(eventsOf(`16.06.20 12:25:42;RING;0;${caller};732123;SIP1;`), 0);
      assert.deepEqual(event.caller, allowed(caller));
    }
  });

  it("an own number that is missing is unavailable", () => {
    const event = nth(eventsOf("16.06.20 12:25:42;RING;0;0711123456;;SIP1;"), 0);
    assert.deepEqual(event.called, { number: "", presentation: "unavailable" });
  });
});

describe("trackLine: state and events", () => {
  const day = SEED_LINES.map(({ raw }) => raw);

  it("leaves the state it was given as it was", () => {
    const newId = counter();
    const context = { box: "home", readTime: boxTimeReader("UTC"), newId, arrivedMs: 1 };
    let state: TrackerState = NO_CALLS;
    for (const line of day) {
      const before = structuredClone(state);
      const next = trackLine(state, parsed(line), context);
      assert.deepEqual(state, before, line);
      state = next.state;
    }
    assert.equal(NO_CALLS.size, 0);
  });

  it("events share no object with each other or with the state", () => {
    const { events, state } = track(["01.03.26 10:00:00;RING;0;0711111111;732123;SIP0;"]);
    const ring = nth(events, 0);
    ring.caller.number = "changed";
    ring.called.number = "changed";
    const after = nth(track(["01.03.26 10:00:05;DISCONNECT;0;0;"], state).events, 0);
    assert.deepEqual([after.caller, after.called], [allowed("0711111111"), allowed("732123")]);
  });

  it("an event is plain JSON", () => {
    for (const event of eventsOf(...day)) assert.deepEqual(JSON.parse(JSON.stringify(event)), event);
  });

  it("marks what is replayed", () => {
    const context = { box: "home", readTime: boxTimeReader("UTC"), newId: counter(), replayed: true } as const;
    assert.equal(trackLine(NO_CALLS, parsed(day[0] ?? ""), context).event.replayed, true);
    assert.equal("replayed" in nth(eventsOf(day[0] ?? ""), 0), false);
  });

  it("a call that has ended is forgotten", () => {
    assert.equal(
      track(["01.03.26 10:00:00;RING;0;0711111111;732123;SIP0;", "01.03.26 10:00:09;DISCONNECT;0;0;"]).state.size,
      0,
    );
  });

  for (const [verb, rest] of [
    ["RING", "0711111111;732123;SIP0;"],
    ["CALL", "10;732123;0711111111;SIP0;"],
    ["CONNECT", "10;0711111111;"],
  ] as const) {
    it(`calls that never end do not fill the memory: ${verb}`, () => {
      const lines = Array.from({ length: 1000 }, (_, id) => `01.03.26 10:00:00;${verb};${id};${rest}`);
      const { state, events } = track(lines);
      assert.equal(new Set(ids(events)).size, 1000);
      assert.ok(state.size <= 256, `${state.size} calls are remembered`);
      assert.ok(state.has(999), "the youngest is remembered");
    });
  }
});

describe("trackLine: the end of a call was not heard, and its id is busy with another one", () => {
  const RING = "16.06.20 12:00:00;RING;0;0711000001;732123;SIP0;";

  for (const [what, ...later] of [
    ["an anonymous caller is answered later", RING, "16.06.20 12:15:00;CONNECT;0;10;;"],
    [
      "another caller is answered",
      "16.06.20 12:00:00;RING;0;;732123;SIP0;",
      "16.06.20 12:00:09;CONNECT;0;10;0711000001;",
    ],
    ["the same caller is answered hours later", RING, "16.06.20 15:00:00;CONNECT;0;10;0711000001;"],
    ["a call ends two days later", RING, "18.06.20 12:00:00;DISCONNECT;0;45;"],
    [
      "a short call ends a day later",
      RING,
      "16.06.20 12:00:09;CONNECT;0;10;0711000001;",
      "17.06.20 12:00:00;DISCONNECT;0;7;",
    ],
  ] as const) {
    it(`${what}: a new call, nothing of the old one`, () => {
      const events = eventsOf(...later);
      const last = nth(events, -1);
      assert.notEqual(last.callId, nth(events, 0).callId);
      assert.equal(last.partial, true);
      assert.equal(last.ringSeconds, undefined);
      assert.equal(last.called.number, "");
    });
  }

  it("but a CONNECT without a number belongs to the call that is just ringing", () => {
    assert.equal(new Set(ids(eventsOf(RING, "16.06.20 12:00:09;CONNECT;0;10;;"))).size, 1);
  });

  it("but a long talk ends as the call that it is, also when the clocks change meanwhile", () => {
    for (const lines of [
      [RING, "16.06.20 12:00:09;CONNECT;0;10;0711000001;", "16.06.20 18:00:09;DISCONNECT;0;21600;"],
      [
        "25.10.26 01:59:00;RING;0;0711000001;732123;SIP0;",
        "25.10.26 01:59:10;CONNECT;0;10;0711000001;",
        "25.10.26 03:09:10;DISCONNECT;0;7800;",
      ],
    ]) {
      const events = eventsOf(...lines);
      assert.equal(new Set(ids(events)).size, 1);
      assert.equal(nth(events, -1).outcome, "answered");
    }
  });
});

describe("trackLine: a call that is taken over by another telephone", () => {
  it("keeps the time that it rang, also on its end", () => {
    const events = eventsOf(
      "01.03.26 10:00:00;RING;0;0711222222;732123;SIP0;",
      "01.03.26 10:00:05;CONNECT;0;10;0711222222;",
      "01.03.26 10:00:20;CONNECT;0;11;0711222222;",
      "01.03.26 10:00:30;DISCONNECT;0;25;",
    );
    assert.deepEqual(
      events.map(({ ringSeconds }) => ringSeconds),
      [undefined, 5, 5, 5],
    );
    assert.equal(nth(events, 3).extension, 11);
  });
});
