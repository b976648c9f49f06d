import assert from "node:assert/strict";
import { LineFramer, MAX_LINE_BYTES } from "../../../src/lib/calls/line-framer";

const bytes = (text: string) => Buffer.from(text, "utf8");

describe("LineFramer", () => {
  it("cuts at LF and at CRLF", () => {
    assert.deepEqual(new LineFramer().push(bytes("one\ntwo\r\nthree\r\n")), ["one", "two", "three"]);
  });

  it("several lines in one piece and one line in several pieces", () => {
    const framer = new LineFramer();
    assert.deepEqual(framer.push(bytes("RI")), []);
    assert.deepEqual(framer.push(bytes("NG\r")), []);
    assert.deepEqual(framer.push(bytes("\nCONN")), ["RING"]);
    assert.deepEqual(framer.push(bytes("ECT\r\nDISCONNECT\r\nR")), ["CONNECT", "DISCONNECT"]);
    assert.deepEqual(framer.push(bytes("ING\n")), ["RING"]);
    assert.deepEqual(framer.end(), []);
  });

  it("empty pieces and empty lines", () => {
    const framer = new LineFramer();
    assert.deepEqual(framer.push(bytes("")), []);
    assert.deepEqual(framer.push(bytes("\n\r\n")), ["", ""]);
  });

  it("a lone CR is no line end", () => {
    assert.deepEqual(new LineFramer().push(bytes("a\rb\r\r\n")), ["a\rb\r"]);
  });

  it("a character of two, three and four bytes that arrives in pieces stays whole", () => {
    const text = "Jürgen € 😀";
    const all = bytes(`${text}\n`);
    for (let cut = 1; cut < all.length; cut++) {
      const framer = new LineFramer();
      const lines = [...framer.push(all.subarray(0, cut)), ...framer.push(all.subarray(cut))];
      assert.deepEqual(lines, [text], `cut at ${cut}`);
    }
  });

  it("bytes that are no UTF-8 are read as Latin-1, for their line only", () => {
    const chunk = Buffer.concat([Buffer.from("Jürgen\n", "latin1"), bytes("Jürgen\n")]);
    assert.deepEqual(new LineFramer().push(chunk), ["Jürgen", "Jürgen"]);
  });

  it("takes a Uint8Array that is a window on a larger buffer", () => {
    const whole = new TextEncoder().encode("xxRING\nxx");
    assert.deepEqual(new LineFramer().push(whole.subarray(2, 7)), ["RING"]);
  });

  it("does not keep the caller's buffer: what is written into it later changes nothing", () => {
    const framer = new LineFramer();
    const chunk = bytes("RI");
    framer.push(chunk);
    chunk.fill(0x58);
    assert.deepEqual(framer.push(bytes("NG\n")), ["RING"]);
  });

  it("a line of the greatest length passes", () => {
    const line = "x".repeat(MAX_LINE_BYTES);
    assert.deepEqual(new LineFramer().push(bytes(`${line}\n`)), [line]);
  });

  it("a longer line is reported once, shortened, and what follows is read again", () => {
    const framer = new LineFramer();
    const long = "y".repeat(MAX_LINE_BYTES + 1);
    const framed = [
      ...framer.push(bytes("before\n")),
      ...framer.push(bytes(long)),
      ...framer.push(bytes("still the same line")),
      ...framer.push(bytes("its end\nafter\n")),
    ];
    assert.deepEqual(framed, ["before", { ok: false, reason: "too-long", raw: "y".repeat(120) }, "after"]);
  });

  it("a flood without line end is reported once and not kept", () => {
    const framer = new LineFramer();
    let reports = 0;
    for (let i = 0; i < 10_000; i++) reports += framer.push(Buffer.alloc(1000, 0x7a)).length;
    assert.equal(reports, 1);
    assert.deepEqual(framer.end(), []);
    assert.deepEqual(framer.push(bytes("new\n")), ["new"]);
  });

  it("the end reports a rest and never takes it for a line", () => {
    const framer = new LineFramer();
    framer.push(bytes("whole\nhalf a li"));
    assert.deepEqual(framer.end(), [{ ok: false, reason: "cut-off", raw: "half a li" }]);
    assert.deepEqual(framer.end(), []);
  });

  it("the end has nothing to say about a rest of blanks", () => {
    const framer = new LineFramer();
    framer.push(bytes("whole\r\n \r"));
    assert.deepEqual(framer.end(), []);
  });

  it("after the end it starts anew", () => {
    const framer = new LineFramer();
    framer.push(bytes("half"));
    framer.end();
    assert.deepEqual(framer.push(bytes("whole\n")), ["whole"]);
  });
});
