/** Splits the byte stream of the call monitor into lines, independent of its segments. */
import type { LineFailure } from "./monitor-line";
import { decodeText } from "../core/text";

/** Longest line, bytes: far longer than any line of a box. A longer one is dropped. */
export const MAX_LINE_BYTES = 4096;

const LF = 0x0a;
const KEPT_OF_LONG_LINE = 120;

/** A line as text without line end, or the report of a dropped one. */
export type Framed = string | LineFailure;

/**
 * Splits a byte stream at LF (boxes send CRLF or LF) and decodes complete lines only, so that a character
 * split over two segments stays intact. UTF-8; bytes that are not UTF-8 are read as Latin-1, as old boxes
 * send them.
 */
export class LineFramer {
  private parts: Buffer[] = [];
  private size = 0;
  private dropping = false;

  constructor(private readonly maxBytes = MAX_LINE_BYTES) {}

  /** Takes the next bytes and gives the lines that they complete, in order. */
  push(chunk: Uint8Array): Framed[] {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const framed: Framed[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      const piece = bytes.subarray(from, end);
      const isWhole = this.size === 0 && !this.dropping && piece.length <= this.maxBytes;
      if (isWhole) framed.push(decode(piece));
      else this.endWith(piece, framed);
      from = end + 1;
    }
    this.keep(bytes.subarray(from), framed);
    return framed;
  }

  /**
   * The stream has ended. A remainder without line end may be half a line: it is reported and never parsed.
   */
  end(): Framed[] {
    const rest = decode(this.take());
    this.dropping = false;
    return rest.trim() === "" ? [] : [{ ok: false, reason: "cut-off", raw: rest }];
  }

  /** The last piece of a line that came in several, or is too long. */
  private endWith(piece: Buffer, framed: Framed[]): void {
    this.keep(piece, framed);
    if (!this.dropping) framed.push(decode(this.take()));
    this.dropping = false;
  }

  private keep(bytes: Buffer, framed: Framed[]): void {
    if (this.dropping || bytes.length === 0) return;
    this.size += bytes.length;
    // A copy: the socket's buffer may be a slice of a large pool that would stay in memory.
    this.parts.push(Buffer.from(bytes));
    if (this.size <= this.maxBytes) return;
    const head = decode(this.take().subarray(0, KEPT_OF_LONG_LINE));
    framed.push({ ok: false, reason: "too-long", raw: head });
    this.dropping = true;
  }

  private take(): Buffer {
    const line = this.parts.length === 1 && this.parts[0] ? this.parts[0] : Buffer.concat(this.parts);
    this.parts = [];
    this.size = 0;
    return line;
  }
}

/** The text of a line, without the CR of its end. */
function decode(line: Buffer): string {
  const text = decodeText(line);
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
