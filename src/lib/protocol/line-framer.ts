/** L1 protocol: bytes from the call monitor -> lines. However the bytes are cut, the lines are the same. */
import type { LineFailure } from "../model/monitor-line";
import { decodeText } from "./text";

/** No line that a box sends is near this; a longer one is garbage and must not fill the memory. Bytes. */
export const MAX_LINE_BYTES = 4096;

const LF = 0x0a;
const KEPT_OF_LONG_LINE = 120;

/** A whole line as text (no line end), or the report that one was dropped. */
export type Framed = string | LineFailure;

/**
 * Cuts a byte stream at LF (CRLF and LF are seen in the field) and decodes whole lines only, so that a character that
 * arrives in two segments stays whole. UTF-8; bytes that are not UTF-8 are read as Latin-1, as old boxes wrote them.
 */
export class LineFramer {
  private parts: Buffer[] = [];
  private size = 0;
  private dropping = false;

  constructor(private readonly maxBytes = MAX_LINE_BYTES) {}

  /** Takes the next bytes and gives the lines that they complete, in order. */
  push(chunk: Uint8Array): Framed[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const framed: Framed[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      this.keep(bytes.subarray(from, end), framed);
      if (!this.dropping) framed.push(decode(this.take()));
      this.dropping = false;
      from = end + 1;
    }
    this.keep(bytes.subarray(from), framed);
    return framed;
  }

  /** The stream has ended. A rest without line end may be half a line: it is reported, never taken for a whole one. */
  end(): Framed[] {
    const rest = decode(this.take());
    this.dropping = false;
    return rest.trim() === "" ? [] : [{ ok: false, reason: "cut-off", raw: rest }];
  }

  private keep(bytes: Buffer, framed: Framed[]): void {
    if (this.dropping || bytes.length === 0) return;
    this.size += bytes.length;
    // A copy: the socket's buffer may be a slice of a large pool that must not be held.
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
