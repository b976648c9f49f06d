/** Bytes of a TCP connection -> whole SIP messages (RFC 3261 §18.3): each ends where its Content-Length says. */
import { endOfHead, MOST_BYTES } from "./message";

const NOTHING = Buffer.alloc(0);

/** One connection's bytes. */
export class StreamFramer {
  private rest: Buffer = NOTHING;

  /** The messages that are complete now. Undefined: the stream cannot be followed any more, and must be closed. */
  push(chunk: Uint8Array): Buffer[] | undefined {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      this.rest = withoutLineEnds(this.rest); // keep-alives (RFC 5626 §4.4.1)
      const head = endOfHead(this.rest.toString("latin1"));
      if (!head) return this.rest.length > MOST_BYTES ? undefined : messages;
      const length = lengthIn(this.rest.toString("latin1", 0, head.at));
      const end = head.at + head.length + length;
      if (end > MOST_BYTES) return undefined;
      if (this.rest.length < end) return messages;
      messages.push(this.rest.subarray(0, end));
      this.rest = this.rest.subarray(end);
    }
  }
}

function withoutLineEnds(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 13 || bytes[start] === 10) start++;
  return bytes.subarray(start);
}

function lengthIn(head: string): number {
  const found = /\r?\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})[ \t]*(?:\r?\n|$)/i.exec(head);
  return Number(found?.[1] ?? 0);
}
