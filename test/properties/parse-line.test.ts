import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../src/lib/calls/parse-line";
import { anyLine, lineFields, stamp } from "./arbitraries";

const MOST_RUNS = { numRuns: 2000 };

describe("parseLine (properties)", () => {
  it("any text gives a line or a fault with reason and text, never a throw", () => {
    fc.assert(
      fc.property(anyLine, (text) => {
        const parsed = parseLine(text);
        assert.equal(typeof parsed.raw, "string");
        assert.ok(text.includes(parsed.raw), "raw is a part of what came");
        if (parsed.ok) {
          assert.ok(Number.isInteger(parsed.connectionId) && parsed.connectionId >= 0);
          assert.match(parsed.localTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
          assert.equal(Number.isNaN(Date.parse(`${parsed.localTime}Z`)), false);
          if (parsed.event === "disconnect") assert.ok(parsed.durationSeconds >= 0);
        } else {
          assert.match(parsed.reason, /^[a-z-]+$/);
        }
      }),
      MOST_RUNS,
    );
  });

  it("what a box sends is understood, field by field", () => {
    fc.assert(
      fc.property(
        stamp,
        lineFields,
        fc.constantFrom("", ";", ";\r\n", ";  # a comment", ";more;fields;"),
        (date, line, end) => {
          const { verb, fields } = line;
          const parsed = parseLine([date, verb, ...fields].join(";") + end);
          if (!parsed.ok) assert.fail(`${parsed.reason}: ${parsed.raw}`);
          const [id, ...rest] = fields;
          assert.equal(parsed.connectionId, Number(id));
          const [day, time] = date.split(" ");
          assert.equal(parsed.localTime, `20${day?.split(".").reverse().join("-")}T${time}`);
          const cut = (number = "") => number.replace(/#+$/, "");
          switch (parsed.event) {
            case "ring":
              return assert.deepEqual([verb, parsed.caller, parsed.called, parsed.line ?? ""], ["RING", ...rest]);
            case "call":
              return assert.deepEqual(
                [verb, String(parsed.extension ?? ""), parsed.caller, parsed.called, parsed.line ?? ""],
                ["CALL", rest[0], rest[1], cut(rest[2]), rest[3]],
              );
            case "connect":
              return assert.deepEqual(
                [verb, String(parsed.extension ?? ""), parsed.remote],
                ["CONNECT", rest[0], cut(rest[1])],
              );
            case "disconnect":
              return assert.deepEqual([verb, String(parsed.durationSeconds)], ["DISCONNECT", rest[0]]);
          }
        },
      ),
      MOST_RUNS,
    );
  });

  it("its raw text says the same again", () => {
    fc.assert(
      fc.property(anyLine, (text) => {
        const parsed = parseLine(text);
        if (parsed.ok) assert.deepEqual(parseLine(parsed.raw), parsed);
      }),
      MOST_RUNS,
    );
  });
});
