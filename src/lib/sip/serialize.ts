/** SIP messages -> bytes, and answers to a request: strict in what is sent (RFC 3261 §7, §8.2.6). */
import { type Header, headerOf, type SipMessage, type SipRequest, type SipResponse } from "./message";
import { parseAddress, SIP_PORT, topVia, valuesOf } from "./values";

const SPELLING: Readonly<Record<string, string>> = {
  "call-id": "Call-ID",
  cseq: "CSeq",
  "www-authenticate": "WWW-Authenticate",
};

/** "call-id" -> "Call-ID". */
function spelled(name: string): string {
  return (
    SPELLING[name] ?? name.replace(/(^|-)([a-z])/g, (_all, dash: string, letter: string) => dash + letter.toUpperCase())
  );
}

/** The message on the wire. Content-Length is always written, and only the right one. */
export function serialize(message: SipMessage): Buffer {
  const start =
    message.kind === "request"
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  const body = Buffer.from(message.body, "utf8");
  const headers = message.headers.filter(([name]) => name !== "content-length");
  const lines = headers.map(([name, value]) => `${spelled(name)}: ${value}`);
  const head = [start, ...lines, `Content-Length: ${body.length}`, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "utf8"), body]);
}

/** The status codes that this agent ever sends: none of them refuses a call for the other phones (no 486, no 6xx). */
const REASONS: Readonly<Record<number, string>> = {
  100: "Trying",
  180: "Ringing",
  200: "OK",
  400: "Bad Request",
  405: "Method Not Allowed",
  420: "Bad Extension",
  480: "Temporarily Unavailable",
  481: "Call/Transaction Does Not Exist",
  482: "Loop Detected",
  487: "Request Terminated",
  488: "Not Acceptable Here",
  500: "Server Internal Error",
};

/** Where a request came from. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

export interface AnswerParts {
  /** The To tag of the dialog; left out of a 100. */
  tag?: string;
  headers?: readonly Header[];
  body?: string;
}

/** An answer to `request`, which came from `from`: Via, From, To, Call-ID and CSeq are the request's (§8.2.6.2). */
export function answerTo(request: SipRequest, from: Sender, status: number, parts: AnswerParts = {}): SipResponse {
  const { tag, headers = [], body = "" } = parts;
  const to = headerOf(request, "to") ?? "";
  const copied = (name: string): Header[] => [[name, headerOf(request, name) ?? ""]];
  return {
    kind: "response",
    status,
    reason: REASONS[status] ?? "",
    headers: [
      ...viasBack(request, from),
      ...copied("from"),
      ["to", tag === undefined || parseAddress(to)?.params.has("tag") ? to : `${to};tag=${tag}`],
      ...copied("call-id"),
      ...copied("cseq"),
      ...headers,
    ],
    body,
  };
}

/** The Vias with `received`, and with `rport` where it was asked for, on the topmost (§18.2.1, RFC 3581). */
function viasBack(request: SipRequest, { address, port }: Sender): Header[] {
  const [top = "", ...rest] = valuesOf(request, "via");
  const via = topVia(request);
  const asked = via?.params.get("rport") === "";
  const marked = top
    .split(";")
    .filter((part) => !/^\s*received\s*=/i.test(part))
    .map((part) => (/^\s*rport\s*=?\s*$/i.test(part) ? `rport=${port}` : part))
    .join(";");
  const needed = asked || via?.host !== address;
  return [`${marked}${needed ? `;received=${address}` : ""}`, ...rest].map((value) => ["via", value] as const);
}

/** The port that an answer goes to: the source port if `rport` was asked for, else that of sent-by (§18.2.2, RFC 3581). */
export function answerPort(answer: SipMessage, sourcePort: number): number {
  const via = topVia(answer);
  return via?.params.has("rport") ? sourcePort : (via?.port ?? SIP_PORT);
}

/** A host as it stands in a URI or a Via: IPv6 in brackets. */
export function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
