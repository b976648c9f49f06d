import assert from "node:assert/strict";
import fc from "fast-check";
import { backoffMs } from "../../src/lib/core/backoff";
import { boxTimeReader } from "../../src/lib/calls/box-time";
import { sameNumber } from "../../src/lib/numbers/index";
import { NO_RINGS, releaseDue, holdRing } from "../../src/lib/calls/event-filter";
import type { CallEvent } from "../../src/lib/calls/types";
import { logPath } from "../../src/lib/log/path";
import { callEvent } from "../support/events";
import { anyText, party } from "./arbitraries";

describe("settle (properties)", () => {
  it("nothing but rings of calls that end early is held for good, and no call overtakes itself", () => {
    const kinds = ["ring", "connect", "disconnect"] as const;
    const entry = fc.tuple(fc.constantFrom(...kinds), fc.nat(3), fc.nat(600));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.constantFrom(0, 1, 500, 1000), (entries, settleMs) => {
        let held = NO_RINGS;
        let nowMs = 0;
        const given: CallEvent[] = [];
        const sent: CallEvent[] = [];
        for (const [n, [event, call, wait]] of entries.entries()) {
          nowMs += wait;
          const next = callEvent({ event, callId: `c${call}`, connectionId: call, raw: String(n) });
          given.push(next);
          const step = holdRing(held, next, nowMs, settleMs);
          held = step.held;
          sent.push(...step.released);
        }
        sent.push(...releaseDue(held, Infinity).released);
        if (settleMs === 0) assert.deepEqual(sent, given);
        assert.equal(new Set(sent).size, sent.length, "nothing twice");
        const notRings = (events: CallEvent[]) => events.filter(({ event }) => event !== "ring");
        assert.deepEqual(notRings(sent), notRings(given));
        for (const call of ["c0", "c1", "c2", "c3"]) {
          const order = sent.filter(({ callId }) => callId === call).map(({ raw }) => Number(raw));
          assert.deepEqual(
            order,
            [...order].sort((a, b) => a - b),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("boxTimeReader (properties)", () => {
  const ZONES = ["Europe/Berlin", "UTC", "Asia/Kolkata", "America/St_Johns", "America/New_York", "Australia/Lord_Howe"];
  const START = Date.UTC(2020, 0, 1);

  for (const timeZone of ZONES) {
    it(`${timeZone}: an instant, shown by the box and read near itself, is the same instant`, () => {
      const readTime = boxTimeReader(timeZone);
      const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
      fc.assert(
        fc.property(fc.nat(10 * 365 * 86_400), fc.integer({ min: -600, max: 600 }), (seconds, late) => {
          const ms = START + seconds * 1000;
          const local = format.format(ms).replace(" ", "T");
          const read = readTime(local, ms + late * 1000);
          assert.equal(read.ms, ms);
          assert.equal(Date.parse(read.at), ms);
          assert.ok(read.at.startsWith(local), "the box's own digits");
        }),
        { numRuns: 500 },
      );
    });
  }
});

describe("backoffMs, sameNumber, logPath (properties)", () => {
  it("between one and fifteen seconds, whatever happens", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const ms = backoffMs(failures, random);
        assert.ok(ms >= 1000 && ms <= 15_000 && Number.isInteger(ms), `${ms}`);
        assert.ok(ms >= Math.min(15_000, 1000 * 2 ** Math.min(failures, 6)) / 2 - 1, "at least half of the longest");
      }),
    );
  });

  it("the same number is so both ways, and a number is itself", () => {
    fc.assert(
      fc.property(party, party, (a, b) => {
        assert.equal(sameNumber(a, b), sameNumber(b, a));
        assert.equal(sameNumber(a, a), true);
      }),
    );
  });

  it("what a message names stays in the folder, or is refused", () => {
    const piece = fc.constantFrom("..", ".", "a", "b.log", "", "/", "..\\", "~", "...", " ");
    const named = fc.oneof(
      fc.array(piece).map((pieces) => pieces.join("/")),
      fc.array(piece).map((pieces) => pieces.join("")),
      anyText,
    );
    fc.assert(
      fc.property(
        named,
        fc.constantFrom("calls.log", "", "/data/logs/calls.log"),
        fc.boolean(),
        (name, file, daily) => {
          fc.pre(name !== "");
          let path: string;
          try {
            path = logPath({ base: "/data/logs", file, daily }, name, "2026-11-23");
          } catch (error) {
            assert.match(String((error as { code?: unknown }).code), /^log-(outside|bad-file|foreign)$/);
            return;
          }
          assert.ok(path.startsWith("/data/logs/") && path.length > "/data/logs/".length, path);
          assert.equal(path.split("/").includes(".."), false, path);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
