import assert from "node:assert/strict";
import type { Call, CallKind } from "../../../src/lib/calls/types";
import { compareCallList } from "../../../src/lib/calls/compare-call-list";
import {
  type CallMemory,
  NO_MEMORY,
  readMemory,
  type ReportedCall,
  wallMinute,
} from "../../../src/lib/calls/reported-calls";
import { applyChanges } from "../../../src/lib/box/recovery-state";
import { propertiesOf } from "../../../src/lib/core/unknown";
import { party } from "../../support/events";

const at = (time: string) => `2026-11-24T${time}:00+01:00`;
const minute = (time: string) => wallMinute(at(time));
const LIMITS = { sinceMin: 0, most: 100 };

function listed(id: number, time: string, remote: string, kind: CallKind = "missed", minutes = 0): Call {
  const outgoing = kind === "outgoing" || kind === "active-outgoing";
  const [own, other] = [party("732123"), party(remote)];
  const parties = outgoing ? { caller: own, called: other } : { caller: other, called: own };
  return { id: String(id), kind, at: at(time), durationSeconds: minutes * 60, ...parties };
}

function reported(callId: string, time: string, remote: string, over: Partial<ReportedCall> = {}): ReportedCall {
  const beganMin = minute(time);
  const base = { callId, incoming: true, remote, own: "732123", beganMin };
  return { ...base, state: "ended", endedMin: beganMin, talked: 0, ...over };
}

function lengthUnknown({ talked, ...call }: ReportedCall): ReportedCall {
  assert.notEqual(talked, undefined);
  return call;
}

function open(callId: string, time: string, remote: string, order: number): ReportedCall {
  return { callId, state: "open", incoming: true, remote, own: "732123", beganMin: minute(time), order };
}

const memory = (calls: ReportedCall[], through = 10, awaited: number[] = []): CallMemory => ({
  bookmark: { through, minute: minute("09:00"), awaited },
  calls,
});

/** Ids of the entries to be reported, with the call that they end. */
function missedOf(known: CallMemory, list: Call[], limits = LIMITS): string[] {
  const { missed } = compareCallList(known, list, limits);
  return missed.map(({ call, reported: mine }) => (mine ? `${call.id}=${mine.callId}` : call.id));
}

interface Case {
  name: string;
  calls?: ReportedCall[];
  through?: number;
  awaited?: number[];
  list: Call[];
  missed: string[];
  over?: string[];
  beforeGap?: number;
}

const TABLE: Case[] = [
  { name: "nothing new", list: [listed(10, "09:00", "0711")], missed: [] },
  { name: "a call that was not heard", list: [listed(11, "10:00", "0711")], missed: ["11"] },
  {
    name: "a call that was heard",
    calls: [reported("a", "10:00", "0711")],
    list: [listed(11, "10:00", "0711")],
    missed: [],
  },
  {
    name: "the minute changed between the two notes",
    calls: [reported("a", "09:59", "0711222")],
    list: [listed(11, "10:00", "0711222")],
    missed: [],
  },
  {
    name: "two minutes apart are two calls",
    calls: [reported("a", "09:58", "0711222")],
    list: [listed(11, "10:00", "0711222")],
    missed: ["11"],
  },
  {
    name: "the same number twice within a minute, once heard",
    calls: [reported("a", "10:00", "0711222")],
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222")],
    missed: ["12"],
  },
  {
    name: "of two within a minute the one that fits was heard",
    calls: [reported("a", "10:00", "0711222", { talked: 25 })],
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222", "answered", 1)],
    missed: ["11"],
  },
  {
    name: "the exact minute goes before the neighbour",
    calls: [reported("a", "10:01", "0711222")],
    list: [listed(11, "10:00", "0711222"), listed(12, "10:01", "0711222")],
    missed: ["11"],
  },
  {
    name: "withheld numbers are told apart by time only",
    calls: [reported("a", "10:00", "")],
    list: [listed(11, "10:00", ""), listed(12, "10:05", "")],
    missed: ["12"],
  },
  {
    name: "the other direction is another call",
    calls: [reported("a", "10:00", "0711222", { incoming: false })],
    list: [listed(11, "10:00", "0711222")],
    missed: ["11"],
  },
  {
    name: "a box that notes the end of the call instead of its beginning",
    calls: [reported("a", "10:00", "0711222", { talked: 600, endedMin: minute("10:10") })],
    list: [listed(11, "10:10", "0711222", "answered", 10)],
    missed: [],
  },
  { name: "a call that goes on is not reported", list: [listed(11, "10:00", "0711222", "active")], missed: [] },
  {
    name: "a lower id that ended later",
    through: 12,
    awaited: [11],
    list: [listed(11, "10:00", "0711222", "answered", 3), listed(12, "10:01", "0711333")],
    missed: ["11"],
  },
  {
    name: "an estimated end gets the outcome of the list",
    calls: [reported("a", "10:00", "0711222", { state: "held" })],
    list: [listed(11, "10:00", "0711222", "answered", 2)],
    missed: ["11=a"],
  },
  {
    name: "a call in progress that the list says is over",
    calls: [reported("a", "10:00", "0711222", { state: "open" })],
    list: [listed(11, "10:00", "0711222", "answered", 2)],
    missed: [],
    over: ["11=a"],
  },
  {
    name: "of a heard call and one in progress the list ends the right one",
    calls: [reported("a", "10:00", "0711222"), reported("b", "10:00", "0711222", { state: "open" })],
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222", "active")],
    missed: [],
  },
  {
    name: "of a heard call that the list still shows as running and one in progress, the one that has ended is not as long as heard",
    calls: [open("a", "10:00", "0711222", 1), reported("b", "10:00", "0711222", { talked: 60, order: 2 })],
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222", "active")],
    missed: [],
    over: ["11=a"],
  },
  {
    name: "a call in progress gives way to a heard one with a late entry, though it was taken for this one",
    calls: [
      { ...open("a", "10:00", "0711222", 1), listId: 12 },
      reported("b", "10:00", "0711222", { talked: 60, order: 2 }),
    ],
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222", "active")],
    missed: [],
    over: ["11=a"],
  },
  {
    name: "an end whose beginning was not heard, by length",
    calls: [
      reported("p", "10:02", "", { state: "held", partial: true, own: "", talked: 100, endedMin: minute("10:04") }),
    ],
    list: [listed(11, "10:02", "0711222"), listed(12, "10:02", "0711333", "answered", 2)],
    missed: ["11", "12=p"],
  },
  {
    name: "an end whose beginning was not heard, by number and telephone",
    calls: [reported("p", "10:02", "0711333", { state: "held", partial: true, own: "", port: 11, talked: 10 })],
    list: [
      { ...listed(11, "10:02", "0711333", "answered", 1), port: 10 },
      { ...listed(12, "10:02", "0711333", "answered", 1), port: 11 },
    ],
    missed: ["11", "12=p"],
  },
  {
    name: "an end that was not heard, of a call with a known number that another telephone took over, before one without a number",
    calls: [
      reported("q", "10:02", "", { state: "held", partial: true, own: "" }),
      lengthUnknown(reported("p", "10:02", "0711333", { state: "held", partial: true, own: "", port: 10 })),
    ],
    list: [{ ...listed(11, "10:02", "0711333", "outgoing"), port: 11 }],
    missed: ["11=p"],
  },
  {
    name: "of two of one number in a minute the one that began before the gap is the first, also if the second goes on",
    calls: [open("a", "10:00", "0711222", 1)],
    beforeGap: 1,
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222", "active")],
    missed: [],
    over: ["11=a"],
  },
  {
    name: "of two of one number in a minute the one that began after the gap is the last",
    calls: [open("a", "10:00", "0711222", 1)],
    beforeGap: 0,
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222")],
    missed: ["11"],
    over: ["12=a"],
  },
  {
    name: "a call stays the entry that it was found to be",
    calls: [{ ...open("a", "10:00", "0711222", 1), listId: 12 }],
    beforeGap: 1,
    list: [listed(11, "10:00", "0711222"), listed(12, "10:00", "0711222", "active")],
    missed: ["11"],
  },
  {
    name: "the list was cleared and counts anew",
    calls: [reported("a", "10:00", "0711222")],
    list: [listed(1, "10:00", "0711222"), listed(2, "10:05", "0711333")],
    missed: ["2"],
  },
  {
    name: "the newest calls were deleted by hand",
    through: 12,
    list: [listed(8, "08:00", "0711222"), listed(9, "08:30", "0711333")],
    missed: [],
  },
  { name: "entries without an id", list: [{ ...listed(11, "10:00", "0711"), id: "" }], missed: [] },
];

describe("the call list against what was reported", () => {
  for (const { name, calls = [], through, awaited, list, missed, over = [], beforeGap } of TABLE) {
    it(name, () => {
      const known = { ...memory(calls, through, awaited), ...(beforeGap !== undefined && { beforeGap }) };
      const before = structuredClone(known);
      assert.deepEqual(missedOf(known, list), missed);
      assert.deepEqual(missedOf(known, list.toReversed()), missed, "in any order");
      const found = compareCallList(known, list, LIMITS);
      assert.deepEqual(
        found.over.map(({ call, reported: mine }) => `${call.id}=${mine?.callId}`),
        over,
      );
      assert.deepEqual(known, before, "what was given is as it was");
    });
  }

  it("tells nothing on the first reading, but the real end of a call that waits for it", () => {
    const list = [listed(5, "10:00", "0711222", "answered", 2), listed(6, "10:01", "0711333")];
    assert.deepEqual(missedOf(NO_MEMORY, list), []);
    const held = { calls: [reported("a", "10:00", "0711222", { state: "held" as const })] };
    assert.deepEqual(missedOf(held, list), ["5=a"]);
    const { memory: next } = compareCallList(NO_MEMORY, list, LIMITS);
    assert.deepEqual(missedOf(next, [...list, listed(7, "10:02", "0711444")]), ["7"]);
  });

  it("reports a call that went on at the first reading once it is over", () => {
    const { memory: next } = compareCallList(
      NO_MEMORY,
      [listed(5, "10:00", "0711222", "active"), listed(6, "10:01", "0711333")],
      LIMITS,
    );
    const later = [listed(5, "10:00", "0711222", "answered", 4), listed(6, "10:01", "0711333")];
    assert.deepEqual(missedOf(next, later), ["5"]);
  });

  it("reports the youngest within the limits, and how many are left out", () => {
    const list = Array.from({ length: 8 }, (_, i) => listed(11 + i, `10:0${i}`, `07112${i}`));
    const { missed, skipped } = compareCallList(memory([]), list, { sinceMin: minute("10:02"), most: 4 });
    assert.deepEqual(
      missed.map(({ call }) => call.id),
      ["15", "16", "17", "18"],
    );
    assert.equal(skipped, 4);
  });

  it("reads what an earlier version kept, which called the state of an ended call otherwise", () => {
    const present = {
      calls: [reported("a", "10:00", "0711222"), reported("b", "10:01", "0711333", { state: "open" })],
    };
    const former = { calls: present.calls.map((call) => (call.state === "ended" ? { ...call, state: "told" } : call)) };
    assert.deepEqual(readMemory(former), present);
    assert.deepEqual(readMemory({ calls: [{ ...present.calls[0], state: "another" }] }).calls, []);
    const change = { call: former.calls[0], open: [], held: [], aliveMs: 1 };
    assert.deepEqual(readMemory(propertiesOf(applyChanges(undefined, [change]))["memory"]).calls, [present.calls[0]]);
  });

  it("reports nothing twice, also with the same list again", () => {
    const list = [listed(11, "10:00", "0711222"), listed(13, "10:02", "0711333", "active")];
    const first = compareCallList(memory([]), list, LIMITS);
    assert.equal(first.missed.length, 1);
    assert.deepEqual(missedOf(first.memory, list), []);
    assert.deepEqual(
      missedOf(first.memory, [...list, listed(12, "10:01", "0711444")]),
      ["12"],
      "an entry that came late",
    );
  });
});
