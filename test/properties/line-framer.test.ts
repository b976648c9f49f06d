import assert from "node:assert/strict";
import fc from "fast-check";
import { type Framed, LineFramer, MAX_LINE_BYTES } from "../../src/lib/calls/line-framer";
import { boxLine } from "./arbitraries";

const LINE_END = fc.constantFrom("\n", "\r\n");
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  // many line ends and bytes of UTF-8 sequences
  fc
    .array(fc.constantFrom(0x0a, 0x0d, 0x41, 0xc3, 0xbc, 0xe2, 0x82, 0xac, 0xff), { maxLength: 200 })
    .map((list) => Uint8Array.from(list)),
  fc.array(fc.tuple(boxLine, LINE_END), { maxLength: 8 }).map((lines) => Buffer.from(lines.flat().join(""))),
  fc.string({ unit: "grapheme", maxLength: 100 }).map((text) => Buffer.from(text)),
  fc.tuple(fc.nat(3 * MAX_LINE_BYTES), fc.string()).map(([n, text]) => Buffer.from(`${"z".repeat(n)}\n${text}\n`)),
);
const cuts = fc.array(fc.nat(4 * MAX_LINE_BYTES), { maxLength: 20 });

function frame(pieces: Uint8Array[]): Framed[] {
  const framer = new LineFramer();
  return [...pieces.flatMap((piece) => framer.push(piece)), ...framer.end()];
}

function cut(all: Uint8Array, at: number[]): Uint8Array[] {
  const edges = [0, ...at.map((n) => n % (all.length + 1)).sort((a, b) => a - b), all.length];
  return edges.slice(1).map((to, i) => all.subarray(edges[i], to));
}

describe("LineFramer (properties)", () => {
  it("however the bytes are cut, the lines are the same", () => {
    fc.assert(
      fc.property(bytes, cuts, (all, at) => {
        assert.deepEqual(frame(cut(all, at)), frame([all]));
      }),
      { numRuns: 1000 },
    );
  });

  it("also byte by byte", () => {
    fc.assert(
      fc.property(bytes, (all) => {
        assert.deepEqual(frame([...all].map((byte) => Uint8Array.of(byte))), frame([all]));
      }),
    );
  });

  it("whole lines come out as they went in, in any pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(boxLine, fc.string({ unit: "grapheme" })), LINE_END)),
        cuts,
        (lines, at) => {
          const texts = lines.map(([text]) => text.replace(/[\r\n]/g, ""));
          const sent = lines.map(([, end], i) => `${texts[i]}${end}`).join("");
          assert.deepEqual(frame(cut(Buffer.from(sent), at)), texts);
        },
      ),
    );
  });

  it("one line or one report for each line end, and at most one report more", () => {
    fc.assert(
      fc.property(bytes, cuts, (all, at) => {
        const ends = all.filter((byte) => byte === 0x0a).length;
        const framed = frame(cut(all, at)).length;
        assert.ok(framed === ends || framed === ends + 1, `${framed} for ${ends} line ends`);
      }),
    );
  });
});
