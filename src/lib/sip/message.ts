/** SIP messages as plain values, and their parser: liberal in form, silent on garbage (RFC 3261 §7, §25). */

/** One header: the long name in lower case, and its value on one line. */
export type Header = readonly [name: string, value: string];

interface Common {
  /** In the order received; list headers keep one entry a line. */
  readonly headers: readonly Header[];
  readonly body: string;
}

export interface SipRequest extends Common {
  readonly kind: "request";
  readonly method: string;
  readonly uri: string;
}

export interface SipResponse extends Common {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** A larger message is dropped, bytes: the INVITE of a box has about 1,500. */
export const MOST_BYTES = 16_384;
const MOST_HEADERS = 200;

const COMPACT: Readonly<Record<string, string>> = {
  v: "via",
  f: "from",
  t: "to",
  i: "call-id",
  m: "contact",
  c: "content-type",
  l: "content-length",
  k: "supported",
  s: "subject",
  e: "content-encoding",
  x: "session-expires",
};

const TOKEN = /^[\w.!%*+`'~-]+$/;

/** Headers without which a message can be neither matched nor answered. */
const REQUIRED = ["via", "from", "to", "call-id", "cseq"];

/** Reads one whole message, e.g. a datagram. Undefined for whatever is none: the caller drops it without an answer. */
export function parseMessage(data: Uint8Array): SipMessage | undefined {
  if (data.length > MOST_BYTES) return undefined;
  const text = Buffer.from(data)
    .toString("utf8")
    .replace(/^[\r\n]+/, "");
  const split = endOfHead(text);
  if (!split) return undefined;
  const [start = "", ...lines] = unfold(text.slice(0, split.at));
  const headers = readHeaders(lines);
  if (!headers || !REQUIRED.every((name) => headers.some(([known]) => known === name))) return undefined;
  const body = cutBody(text.slice(split.at + split.length), headers);
  const line = readStartLine(start);
  return line && body !== undefined ? { ...line, headers, body } : undefined;
}

/** Where the head of a message ends and how long the empty line is; LF alone will do. Undefined if it has no end. */
function endOfHead(text: string): { at: number; length: number } | undefined {
  const found = /\r?\n\r?\n/.exec(text);
  return found ? { at: found.index, length: found[0].length } : undefined;
}

/** The lines of a head; a line that begins with a blank continues the one before (§7.3.1). */
function unfold(head: string): string[] {
  return head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
}

function readHeaders(lines: readonly string[]): Header[] | undefined {
  if (lines.length > MOST_HEADERS) return undefined;
  const headers: Header[] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trimEnd().toLowerCase();
    if (!TOKEN.test(name)) continue;
    const value = line.slice(colon + 1).trim();
    if (hasControls(value)) return undefined;
    headers.push([COMPACT[name] ?? name, value]);
  }
  return headers;
}

/** Whether a text holds characters that no header and no name may hold: they would forge lines in answers and logs. */
export function hasControls(text: string): boolean {
  return /[\u0000-\u0008\u000a-\u001f\u007f\u2028\u2029]/.test(text);
}

function readStartLine(line: string) {
  if (line.length > 2_000 || hasControls(line)) return undefined;
  const status = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(line);
  if (status) return { kind: "response", status: Number(status[1]), reason: status[2] ?? "" } as const;
  const [method = "", uri = "", version = "", ...more] = line.split(" ");
  const sound = TOKEN.test(method) && uri !== "" && /^SIP\/2\.0$/i.test(version) && more.length === 0;
  return sound ? ({ kind: "request", method, uri } as const) : undefined;
}

/** A datagram may be longer than its Content-Length says, but not shorter (§18.3). */
function cutBody(rest: string, headers: readonly Header[]): string | undefined {
  const length = headers.find(([name]) => name === "content-length")?.[1];
  if (length === undefined) return rest;
  if (!/^\d{1,6}$/.test(length)) return undefined;
  const bytes = Buffer.from(rest, "utf8");
  return bytes.length < Number(length) ? undefined : bytes.subarray(0, Number(length)).toString("utf8");
}

/** The first header of a name (lower case, long form). */
export function headerOf({ headers }: SipMessage, name: string): string | undefined {
  return headers.find(([known]) => known === name)?.[1];
}

// Bytes of a TCP connection -> whole SIP messages (RFC 3261 §18.3): each ends where its Content-Length says.

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
