/** The edges of tracking and of finding calls in the list, each where one sign more or less would decide otherwise. */
import assert from "node:assert/strict";
import { assign, toEntry } from "../../../src/lib/calls/match-calls";
import type { OpenCall } from "../../../src/lib/calls/open-call";
import { parseLine } from "../../../src/lib/calls/parse-line";
import { withE164 } from "../../../src/lib/calls/party";
import { recoveredEvent } from "../../../src/lib/calls/recovered-event";
import { type ReportedCall, wallMinute } from "../../../src/lib/calls/reported-calls";
import type { Call } from "../../../src/lib/calls/types";
import { LimitTimer, unheardEnd } from "../../../src/lib/calls/unheard-end";
import { party } from "../../support/events";
import { FakeClock } from "../../support/fake-clock";

const at = (time: string) => `2026-11-24T${time}:00+01:00`;
const REMOTE = "03023125001";

describe("the E.164 form of a party", () => {
  const home = { countryCode: "49", areaCode: "30" };

  it("stands at numbers that have one, with a plan, and shown only", () => {
    assert.equal(withE164(party(REMOTE), home, "in").e164, "+493023125001");
    assert.deepEqual(withE164(party("**622"), home, "in"), party("**622"));
    assert.deepEqual(withE164(party(REMOTE), undefined, "in"), party(REMOTE));
    const hidden = { number: REMOTE, presentation: "restricted" } as const;
    assert.deepEqual(withE164(hidden, home, "in"), hidden);
  });
});

describe("an end that was not heard", () => {
  const call = (over: Partial<OpenCall>): OpenCall => ({
    ...{ callId: "c", direction: "outgoing", caller: party("732123"), called: party(REMOTE) },
    ...{ startedMs: 0, arrivedMs: 0, connected: false, machine: false, ...over },
  });
  const HOUR_MS = 3_600_000;
  const disconnect = (durationSeconds: number, seconds: number) => {
    const parsed = parseLine(`24.11.26 12:00:00;DISCONNECT;0;${durationSeconds};`);
    assert.ok(parsed.ok);
    return { line: parsed, boxMs: seconds * 1000 };
  };

  it("is assumed with the first moment of the limit: a dialled call's, a ring's, a talk's", () => {
    for (const [over, limitMs, reason] of [
      [{}, HOUR_MS, "rang-too-long"],
      [{ direction: "incoming" }, 200_000, "rang-too-long"],
      [{ connected: true }, 24 * HOUR_MS, "talked-too-long"],
    ] as const) {
      assert.equal(unheardEnd(call(over), { nowMs: limitMs - 1 }), undefined);
      assert.equal(unheardEnd(call(over), { nowMs: limitMs }), reason);
    }
  });

  it("is none where a call in doubt ends unanswered with its own line", () => {
    assert.equal(unheardEnd(call({ doubtedUntilMs: 900_000 }), disconnect(0, 30)), undefined);
  });

  it("of a talk in doubt shows by its length, but for the hour of summer time", () => {
    const talk = call({ connected: true, ringSeconds: 10, doubtedUntilMs: Infinity });
    const ends = [75, 76, 3_675, 3_676].map((seconds) => unheardEnd(talk, disconnect(60, seconds)));
    assert.deepEqual(ends, [undefined, "talked-too-long", undefined, "talked-too-long"]);
    assert.equal(unheardEnd(talk, disconnect(3_660, 75)), undefined);
    assert.equal(unheardEnd(talk, disconnect(7_260, 75)), "talked-too-long");
  });

  it("is waited for with one timer, which an earlier one need not replace", () => {
    const clock = new FakeClock();
    let set = 0;
    const counting = { now: () => clock.now(), after: (ms: number, run: () => void) => (set++, clock.after(ms, run)) };
    const timer = new LimitTimer(counting, () => undefined);
    for (const dueMs of [100, 200, 100, 50]) timer.set(clock.now() + dueMs);
    assert.deepEqual([set, clock.pending], [2, 1]);
    timer.set(Infinity);
    assert.equal(clock.pending, 0);
  });
});

describe("which entry of the list a call is", () => {
  const listed = (id: number, time: string, over: Partial<Call> = {}) =>
    toEntry({
      ...{ id: String(id), kind: "answered", at: at(time), durationSeconds: 60 },
      ...{ caller: party(REMOTE), called: party("732123"), ...over },
    });
  const reported = (time: string, over: Partial<ReportedCall> = {}): ReportedCall => {
    const beganMin = wallMinute(at(time));
    return {
      ...{ callId: "c", state: "ended", incoming: true, remote: REMOTE, own: "732123", beganMin, endedMin: beganMin },
      ...{ talked: 60, ...over },
    };
  };
  const found = (entries: ReturnType<typeof listed>[], calls: ReportedCall[]) =>
    [...assign(entries, { calls }, () => true)].map(([id, { callId }]) => `${id} ${callId}`);

  it("is one of the minute before to the minute after", () => {
    const times = ["09:58", "09:59", "10:00", "10:01", "10:02"];
    assert.deepEqual(
      times.map((time) => found([listed(1, time)], [reported("10:00")]).length),
      [0, 1, 1, 1, 0],
    );
  });

  it("is, a minute off, rather the one of its length than the first", () => {
    const entries = [listed(1, "09:59", { durationSeconds: 120 }), listed(2, "10:01")];
    assert.deepEqual(found(entries, [reported("10:00")]), ["2 c"]);
  });

  it("stays the one that it was found to be, up to a minute off, and no further", () => {
    const entries = [listed(1, "10:00"), listed(2, "10:01"), listed(3, "10:02")];
    assert.deepEqual(found(entries, [reported("10:00", { state: "open", listId: 2 })]), ["2 c"]);
    assert.deepEqual(found(entries, [reported("10:00", { state: "open", listId: 3 })]), ["1 c"]);
  });

  it("is, without a beginning, the one of its length, though a younger one would fit", () => {
    const entries = [listed(1, "09:40"), listed(2, "09:50", { durationSeconds: 300 })];
    assert.deepEqual(found(entries, [reported("10:00", { partial: true })]), ["1 c"]);
  });
});

describe("the event of a call of the list", () => {
  const event = (over: Partial<Call>) =>
    recoveredEvent(
      {
        ...{ id: "1", kind: "answered", at: at("10:00"), durationSeconds: 60, port: 0 },
        ...{ caller: party(REMOTE), called: party("732123"), ...over },
      },
      undefined,
      { box: "box", newId: () => "new", timeZone: "Europe/Berlin" },
    );

  it("has the first port's telephone where it was answered, or dialled", () => {
    assert.deepEqual([event({}).extension, event({ kind: "missed", durationSeconds: 0 }).extension], [0, undefined]);
    assert.equal(event({ kind: "outgoing", durationSeconds: 0 }).extension, 0);
    assert.equal(event({ port: -1 }).extension, undefined);
  });

  it("is answered where a dialled call talked at all", () => {
    assert.equal(event({ kind: "outgoing", durationSeconds: 0 }).outcome, "unreached");
    assert.equal(event({ kind: "outgoing", durationSeconds: 60 }).outcome, "answered");
  });
});

describe("a line's date", () => {
  const isLine = (date: string) => parseLine(`${date} 12:00:00;RING;0;${REMOTE};732123;SIP0;`).ok;

  it("is a day of its month, from the first to the last", () => {
    const dates = ["01.01.26", "31.12.26", "28.02.26", "29.02.26", "29.02.28", "31.04.26", "00.01.26", "01.13.26"];
    assert.deepEqual(dates.map(isLine), [true, true, true, false, true, false, false, false]);
  });
});
