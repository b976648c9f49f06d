import assert from "node:assert/strict";
import fc from "fast-check";
import { boxTimeReader } from "../../src/lib/calls/box-time";
import { endUnheard, NO_CALLS, trackLine, type TrackerState } from "../../src/lib/calls/call-tracker";
import { doubtCalls } from "../../src/lib/calls/open-call";
import type { CallEvent } from "../../src/lib/calls/types";
import { anonymizeLine } from "../../src/lib/calls/anonymize";
import { parseLine } from "../../src/lib/calls/parse-line";
import { counter } from "../support/events";
import { boxDate, lineFields } from "./arbitraries";

const readTime = boxTimeReader("UTC");

function trackAll(lines: string[]): CallEvent[] {
  const newId = counter();
  let state: TrackerState = NO_CALLS;
  return lines.map((text, i) => {
    const line = parseLine(text);
    if (!line.ok) assert.fail(`${line.reason}: ${text}`);
    const before = structuredClone(state);
    const next = trackLine(state, line, { box: "home", readTime, newId, arrivedMs: i * 1000 });
    assert.deepEqual(state, before, "the state it was given is as it was");
    state = next.state;
    return next.event;
  });
}

/** Lines in any order, time going on: few ids and numbers, so that they meet. */
const anyLines = fc.array(fc.tuple(lineFields, fc.nat(300), fc.nat(2)), { maxLength: 60 }).map((entries) => {
  let seconds = 0;
  return entries.map(([{ verb, fields }, wait, id]) => {
    seconds += wait;
    return [boxDate(seconds), verb, id, ...fields.slice(1), ""].join(";");
  });
});

interface Call {
  incoming: boolean;
  remote: string;
  own: string;
  rings: number;
  talks: number | undefined;
  machine: boolean;
}
const call: fc.Arbitrary<Call> = fc.record({
  incoming: fc.boolean(),
  remote: fc.constantFrom("0711111111", "0711222222", "0049711333333"),
  own: fc.constantFrom("732123", "69123"),
  rings: fc.integer({ min: 2, max: 60 }),
  talks: fc.option(fc.nat(300), { nil: undefined }),
  machine: fc.boolean(),
});

interface Step {
  at: number;
  order: number;
  call: number;
  event: CallEvent["event"];
}

/** Calls that overlap as a box would number them: the lowest free id. Gives the lines and which call each is of. */
function play(calls: [Call, number][]): { lines: string[]; steps: Step[] } {
  const steps = calls
    .flatMap(([{ incoming, rings, talks }, start], i): Omit<Step, "order">[] => [
      { at: start, call: i, event: incoming ? "ring" : "call" },
      ...(talks === undefined ? [] : [{ at: start + rings, call: i, event: "connect" } as const]),
      { at: start + rings + (talks ?? 0), call: i, event: "disconnect" },
    ])
    .map((step, order) => ({ ...step, order }))
    .sort((a, b) => a.at - b.at || a.order - b.order);
  const busy = new Map<number, number>();
  const lines = steps.map(({ at, call: index, event }) => {
    const entry = calls[index];
    if (!entry) throw new Error("no such call");
    const { remote, own, talks, machine, incoming } = entry[0];
    if (event === "ring" || event === "call") {
      let id = 0;
      while ([...busy.values()].includes(id)) id++;
      busy.set(index, id);
    }
    const id = busy.get(index);
    if (event === "disconnect") busy.delete(index);
    const extension = machine && incoming ? 40 : 11;
    const rest = {
      ring: `${remote};${own};SIP0`,
      call: `${extension};${own};${remote};SIP0`,
      connect: `${extension};${remote}`,
      disconnect: `${talks ?? 0}`,
    }[event];
    return `${boxDate(at)};${event.toUpperCase()};${id};${rest};`;
  });
  return { lines, steps };
}

describe("trackLine (properties)", () => {
  it("whatever comes: one event a line, in order, each with caller and called", () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const events = trackAll(lines);
        assert.equal(events.length, lines.length);
        for (const [i, event] of events.entries()) {
          assert.equal(event.raw, lines[i]);
          assert.equal(event.event, lines[i]?.split(";")[1]?.toLowerCase());
          for (const party of [event.caller, event.called]) {
            assert.match(party.presentation, /^(allowed|restricted|unavailable)$/);
            assert.equal(party.presentation === "allowed", party.number !== "");
          }
          assert.equal("durationSeconds" in event, event.event === "disconnect");
          if (event.ringSeconds !== undefined) assert.ok(event.ringSeconds >= 0);
          if (event.outcome !== undefined) assert.equal(event.event, "disconnect");
          if (event.event === "disconnect" && !event.partial) assert.notEqual(event.outcome, undefined);
          assert.deepEqual(JSON.parse(JSON.stringify(event)), event, "plain JSON");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("whatever comes: no call id is shared between ids of the box, nor used after the end", () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const owner = new Map<string, number>();
        const ended = new Set<string>();
        for (const { callId, connectionId, event } of trackAll(lines)) {
          assert.equal(ended.has(callId), false, `${callId} after its end`);
          assert.equal(owner.get(callId) ?? connectionId, connectionId);
          owner.set(callId, connectionId);
          if (event === "disconnect") ended.add(callId);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("calls as a box numbers them: each event finds its call, each call its end", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(call, fc.nat(600)), { maxLength: 12 }), (calls) => {
        const { lines, steps } = play(calls);
        const events = trackAll(lines);
        const idOf = new Map<number, string>();
        for (const [i, event] of events.entries()) {
          const step = steps[i];
          const entry = calls[step?.call ?? -1];
          if (!step || !entry) assert.fail("an event without its step");
          const { incoming, remote, own, rings, talks, machine } = entry[0];
          assert.equal(idOf.get(step.call) ?? event.callId, event.callId);
          idOf.set(step.call, event.callId);
          assert.equal(event.direction, incoming ? "incoming" : "outgoing");
          assert.deepEqual([event.caller.number, event.called.number], incoming ? [remote, own] : [own, remote]);
          assert.equal(event.partial, undefined);
          if (event.event === "connect") assert.equal(event.ringSeconds, rings);
          if (event.event !== "disconnect") continue;
          assert.equal(event.ringSeconds, rings);
          assert.equal(event.durationSeconds, talks ?? 0);
          const unanswered = incoming ? "missed" : "unreached";
          const answered = machine && incoming ? "machine" : "answered";
          assert.equal(event.outcome, talks === undefined ? unanswered : answered);
        }
        assert.equal(new Set(idOf.values()).size, calls.length);
      }),
      { numRuns: 500 },
    );
  });

  it("joining at any point: nothing throws, and what has its beginning is whole", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(call, fc.nat(600)), { maxLength: 8 }), fc.nat(20), (calls, skipped) => {
        const { lines, steps } = play(calls);
        const begun = new Set<number>();
        for (const [i, event] of trackAll(lines.slice(skipped)).entries()) {
          const step = steps[i + skipped];
          if (!step) assert.fail("an event without its step");
          if (step.event === "ring" || step.event === "call") begun.add(step.call);
          assert.equal(event.partial === true, !begun.has(step.call));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("anonymised lines tell the same story", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(call, fc.nat(600)), { maxLength: 8 }), (calls) => {
        const { lines } = play(calls);
        const story = (events: CallEvent[]) =>
          events.map(({ caller, called, ...rest }) => [caller.presentation, called.presentation, { ...rest, raw: "" }]);
        assert.deepEqual(story(trackAll(lines.map(anonymizeLine))), story(trackAll(lines)));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the line as a whole (properties)", () => {
  /** Everything that is told of lines, cuts by a restart, or by what may be one ("refusal"), and long silences, in order. */
  function eventsOf(steps: string[]): CallEvent[] {
    const newId = counter();
    let state: TrackerState = NO_CALLS;
    let nowMs = 0;
    const end = (sign: { restarted: true } | { nowMs: number }) => {
      const { state: next, ended } = endUnheard(state, sign, "2026-01-01T00:00:00+00:00", { box: "home" });
      state = next;
      return ended;
    };
    return steps.flatMap((step) => {
      nowMs += 1000;
      if (step === "restart") return end({ restarted: true });
      if (step === "silence") nowMs += 24 * 3_600_000;
      if (step === "refusal") state = doubtCalls(state, nowMs + 5_000);
      const over = end({ nowMs });
      if (step === "silence" || step === "refusal") return over;
      const line = parseLine(step);
      if (!line.ok) assert.fail(line.reason);
      const { state: next, ended, event } = trackLine(state, line, { box: "home", readTime, newId, arrivedMs: nowMs });
      state = next;
      return [...over, ...ended, event];
    });
  }
  const anySteps = fc
    .tuple(
      anyLines,
      fc.array(fc.tuple(fc.nat(60), fc.constantFrom("restart" as const, "refusal" as const, "silence" as const)), {
        maxLength: 6,
      }),
    )
    .map(([lines, cuts]) => {
      const steps: string[] = [...lines];
      for (const [at, cut] of cuts) steps.splice(Math.min(at, steps.length), 0, cut);
      return steps;
    });

  it("every call has exactly one end, and the counts are those of a model, zero when all have ended", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const open = new Map<string, "ringing" | "dialling" | "talking">();
        const ended = new Set<string>();
        for (const event of eventsOf([...steps, "restart"])) {
          assert.equal(ended.has(event.callId), false, "no event after the end");
          if (event.event === "disconnect") {
            open.delete(event.callId);
            ended.add(event.callId);
          } else if (event.event === "connect") open.set(event.callId, "talking");
          else if (!open.has(event.callId)) open.set(event.callId, event.event === "ring" ? "ringing" : "dialling");
          const count = (wanted: string) => [...open.values()].filter((state) => state === wanted).length;
          const wanted = { ringing: count("ringing"), dialling: count("dialling"), talking: count("talking") };
          assert.deepEqual(event.open, wanted);
          const strongest = (["talking", "ringing", "dialling"] as const).find((state) => wanted[state] > 0) ?? "idle";
          assert.equal(event.lineState, strongest);
          assert.equal(event.estimated === true, event.raw === "");
          if (event.estimated) assert.equal(event.outcome, "lost");
        }
        assert.equal(open.size, 0, "a restart of the box ends all");
      }),
      { numRuns: 500 },
    );
  });
});
