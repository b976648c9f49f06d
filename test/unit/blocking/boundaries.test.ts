/** The edges of the rules, each where one sign more or less would decide otherwise. */
import assert from "node:assert/strict";
import { readFacts, unknownBy } from "../../../src/lib/blocking/facts";
import { fitsName, NumberSet } from "../../../src/lib/blocking/pattern-list";
import { inQuietHours } from "../../../src/lib/blocking/rules";
import { ShortCalls } from "../../../src/lib/blocking/short-calls";
import type { BlockRules } from "../../../src/lib/blocking/types";
import type { CallerInfo } from "../../../src/lib/callers/types";
import type { CallEvent } from "../../../src/lib/calls/types";

describe("quiet hours", () => {
  const isQuiet = (
    quietFrom: string,
    quietTo: string,
    times: string[],
    quietDays: BlockRules["quietDays"] = "",
    day?: number,
  ) =>
    times.map((time) => inQuietHours({ quietFrom, quietTo, quietDays }, { time, ...(day !== undefined && { day }) }));

  it("begin with their first minute and end before their last, also over midnight", () => {
    assert.deepEqual(isQuiet("12:00", "14:00", ["11:59", "12:00", "13:59", "14:00"]), [false, true, true, false]);
    assert.deepEqual(isQuiet("22:00", "07:00", ["21:59", "22:00", "00:00", "06:59", "07:00"]), [
      ...[false, true, true, true, false],
    ]);
  });

  it("from and to the same minute are none, at no time", () => {
    assert.deepEqual(isQuiet("12:00", "12:00", ["11:59", "12:00", "12:01"]), [false, false, false]);
  });

  it("count after midnight as those of the day on which they began, and not so at their end", () => {
    const [friday, saturday, monday] = [5, 6, 1];
    assert.deepEqual(isQuiet("22:00", "07:00", ["06:59", "22:00"], "workdays", saturday), [true, false]);
    assert.deepEqual(isQuiet("22:00", "07:00", ["06:59", "22:00"], "weekend", monday), [true, false]);
    assert.deepEqual(isQuiet("22:00", "07:00", ["06:59", "22:00"], "workdays", friday), [true, true]);
    assert.deepEqual(isQuiet("05:00", "07:00", ["06:59"], "workdays", saturday), [false]);
  });
});

describe("names with wildcards", () => {
  for (const [pattern, name, fits] of [
    ["call*", "My Call Center", false],
    ["*center", "Call Centers", false],
    ["call*center", " Call Center ", true],
    ["ab*bc", "abc", false],
    ["ab*bc", "abbc", true],
    ["a*b*b", "ab", false],
    ["a*b*b", "abb", true],
    ["a*b*c", "acb", false],
  ] as const) {
    it(`${pattern} ${fits ? "fits" : "does not fit"} ${name}`, () => assert.equal(fitsName(pattern, name), fits));
  }

  it("of digits: a beginning fits itself and all that is longer, and the first pattern wins", () => {
    const set = new NumberSet();
    set.add({ kind: "prefix", prefix: "+4930" }, 1);
    set.add({ kind: "prefix", prefix: "+49301" }, 0);
    assert.deepEqual(
      [["+4930"], ["+49301"], ["+493"], [""]].map((keys) => set.first(keys)),
      [1, 0, undefined, undefined],
    );
  });
});

describe("facts about a caller", () => {
  const facts = (info: object) => readFacts(info as CallerInfo, { plan: { countryCode: "49", areaCode: "30" } });

  it("have the network's number only where it is another one", () => {
    assert.deepEqual(facts({ number: "03023125001" })?.networkKeys, []);
    assert.deepEqual(facts({ number: "03023125001(03023125001)" })?.networkKeys, []);
    assert.deepEqual(facts({ number: "03023125001(03023125002)" })?.networkKeys, ["+493023125002"]);
  });

  it("know the contacts where one phonebook answered, whatever another one says", () => {
    const source = (status: string) => ({ id: "phonebook", status });
    assert.equal(unknownBy({ sources: [source("failed"), source("hit")] }), undefined);
    assert.equal(unknownBy({ sources: [source("failed")] }), "unreachable");
  });
});

describe("short calls of a number", () => {
  const end = (over: Partial<CallEvent>) =>
    ({ at: "2026-01-05T12:00:00+01:00", outcome: "missed", ...over }) as CallEvent;
  const ms = Date.parse("2026-01-05T12:00:00+01:00");
  const counted = (over: Partial<CallEvent>, key = "+493023125001") => {
    const calls = new ShortCalls(5);
    calls.ended(key, end(over));
    return calls.since(key, ms);
  };

  it("rang and talked for no longer than the limit", () => {
    assert.deepEqual([counted({ ringSeconds: 5 }), counted({ ringSeconds: 6 })], [1, 0]);
    assert.deepEqual([counted({ durationSeconds: 5 }), counted({ ringSeconds: 2, durationSeconds: 4 })], [1, 0]);
    assert.equal(counted({}), 1);
  });

  it("are of a caller with a number, and were not ended by the box", () => {
    assert.deepEqual([counted({}, ""), counted({ outcome: "hungup" }), counted({ outcome: "rejected" })], [0, 0, 0]);
  });

  it("count from the moment that is asked for on, of each number by itself", () => {
    const calls = new ShortCalls(5);
    for (let i = 0; i < 3; i++) calls.ended("a", end({}));
    assert.deepEqual([calls.since("a", ms), calls.since("a", ms + 1), calls.since("b", ms)], [3, 0, 0]);
  });
});
