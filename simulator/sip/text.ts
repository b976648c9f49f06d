/** Simulator, SIP: messages as text, the other way round than the package's own parser: only what a telephone sends is read. */
import { createHash } from "node:crypto";

export interface SipText {
  /** "REGISTER sip:fritz.box SIP/2.0", "SIP/2.0 200 OK" */
  start: string;
  headers: [name: string, value: string][];
  body: string;
}

/** Undefined for what a box drops without a word. */
export function readSip(data: Buffer): SipText | undefined {
  const text = data.toString("utf8");
  const end = text.indexOf("\r\n\r\n");
  const [start = "", ...lines] = text.slice(0, Math.max(0, end)).split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  const message = { start, headers, body: text.slice(end + 4) };
  const whole = ["via", "from", "to", "call-id", "cseq"].every((name) => headerIn(message, name) !== "");
  return whole && /SIP\/2\.0/.test(start) ? message : undefined;
}

/** The first header of a name in lower case, "" if there is none. */
export function headerIn({ headers }: SipText, name: string): string {
  return headers.find(([known]) => known === name)?.[1] ?? "";
}

/** 0 for a request. */
export const statusIn = ({ start }: SipText) => Number(/^SIP\/2\.0 (\d{3})/.exec(start)?.[1] ?? 0);
export const methodIn = ({ start }: SipText) => start.split(" ")[0] ?? "";
export const tagIn = (address: string) => /;tag=([^;\s]+)/.exec(address)?.[1] ?? "";
/** The first URI of an address. */
export const uriIn = (address: string) => /<([^>]+)>/.exec(address)?.[1] ?? address.split(";")[0] ?? "";

/** Text on the wire. */
export function writeSip(start: string, headers: readonly (readonly [string, string])[], body = ""): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([start, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n"));
}

/** An answer of the box: Via with `received` and `rport`, and a To tag of 16 hex digits. */
export function answerSip(
  request: SipText,
  status: string,
  tag: string,
  more: [string, string][] = [],
  body = "",
): Buffer {
  const to = headerIn(request, "to");
  const vias = request.headers.filter(([name]) => name === "via").map(([, value]) => ["Via", value] as const);
  const headers: (readonly [string, string])[] = [
    ...vias,
    ["From", headerIn(request, "from")],
    ["To", tagIn(to) === "" ? `${to};tag=${tag}` : to],
    ["Call-ID", headerIn(request, "call-id")],
    ["CSeq", headerIn(request, "cseq")],
    ["User-Agent", "AVM FRITZ!Box 7590 154.08.02 (simulated)"],
    ["Supported", "100rel,replaces,timer"],
    ...more,
  ];
  return writeSip(`SIP/2.0 ${status}`, headers, body);
}

const md5 = (...parts: string[]) => createHash("md5").update(parts.join(":")).digest("hex");

const REALM = "fritz.box";
/** What a telephone proves: MD5 without qop, as a box asks for. */
const proof = (username: string, password: string, nonce: string, uri: string) =>
  md5(md5(username, REALM, password), nonce, md5("REGISTER", uri));

/** The Authorization of a telephone's REGISTER. */
export function loginOf({ username, password, nonce }: { username: string; password: string; nonce: string }): string {
  const uri = "sip:fritz.box";
  const response = proof(username, password, nonce, uri);
  return `Digest username="${username}", realm="${REALM}", nonce="${nonce}", uri="${uri}", response="${response}"`;
}

/** Whether the Authorization of a REGISTER is right. Returns the nonce it was made with. */
export function provenNonce(request: SipText, password: string): string | undefined {
  const fields = new Map(
    [...headerIn(request, "authorization").matchAll(/(\w+)=(?:"([^"]*)"|([^",\s]+))/g)].map(
      ([, name = "", quoted, bare]) => [name, quoted ?? bare ?? ""] as const,
    ),
  );
  const of = (name: string) => fields.get(name) ?? "";
  const wanted = proof(of("username"), password, of("nonce"), of("uri"));
  return of("realm") === REALM && of("response") === wanted ? of("nonce") : undefined;
}
