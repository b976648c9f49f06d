/** The REGISTER request, and how long its answer lets a binding live (RFC 3261 §10). */
import { ALLOW, contactOf, type Local, viaOf } from "./dialog";
import { type Header, headerOf, type SipRequest, type SipResponse } from "./message";
import { bracketed } from "./serialize";
import { parseAddress, parseUri, secondsOf, SIP_PORT, valuesOf } from "./values";
import { type Challenge, type Credentials, DigestSession, parseChallenges } from "../tr064/digest";

// The answer to a SIP registrar's digest challenge (RFC 3261 §22, RFC 8760). The password leaves only as a hash.

/** Which header brings a challenge, and which takes the answer. */
const PAIRS = {
  401: ["www-authenticate", "authorization"],
  407: ["proxy-authenticate", "proxy-authorization"],
} as const;

/** User and password of an IP phone; answers challenges with them. */
export class SipLogin {
  private session: DigestSession | undefined;
  private nonce = "";

  constructor(
    private readonly credentials: Credentials,
    private readonly newCnonce?: () => string,
  ) {}

  /** The challenge of a 401 or 407: the topmost that is understood (RFC 8760 §2.3). */
  challengeOf({ status, headers }: SipResponse): Challenge | undefined {
    if (status !== 401 && status !== 407) return undefined;
    const wanted = PAIRS[status][0];
    return parseChallenges(headers.flatMap(([name, value]) => (name === wanted ? [value] : [])))[0];
  }

  /** The header that answers a challenge. The count goes on as long as the registrar gives the same nonce. */
  answer(status: number, challenge: Challenge, method: string, uri: string): Header {
    if (!this.session || challenge.nonce !== this.nonce || challenge.stale) {
      this.session = new DigestSession(challenge, this.credentials, this.newCnonce);
      this.nonce = challenge.nonce;
    }
    const value = this.session.authorize(method, uri);
    // The digest speaks HTTP's Latin-1; SIP is UTF-8.
    return [PAIRS[status === 407 ? 407 : 401][1], Buffer.from(value, "latin1").toString("utf8")];
  }
}

export interface RegisterParts {
  user: string;
  domain: string;
  local: Local;
  branch: string;
  callId: string;
  fromTag: string;
  cseq: number;
  /** 0 removes the binding. */
  expires: number;
}

/** Names no user: a box drops a REGISTER that does. */
export const registrarUri = (domain: string) => `sip:${bracketed(domain)}`;

/** A REGISTER for the own binding only (never `Contact: *`). */
export function registerRequest(parts: RegisterParts, authorization: readonly Header[]): SipRequest {
  const { user, domain, local, branch, callId, fromTag, cseq, expires } = parts;
  const own = `<sip:${encodeURIComponent(user)}@${bracketed(domain)}>`;
  return {
    kind: "request",
    method: "REGISTER",
    uri: registrarUri(domain),
    headers: [
      viaOf(local, branch),
      ["max-forwards", "70"],
      ["from", `${own};tag=${fromTag}`],
      ["to", own],
      ["call-id", callId],
      ["cseq", `${cseq} REGISTER`],
      ["contact", `${contactOf(local)};expires=${expires}`],
      ["expires", String(expires)],
      ALLOW,
      ...authorization,
    ],
    body: "",
  };
}

/** The time that the registrar grants to our Contact; those of other phones in the list do not count (§10.3). */
export function grantedSeconds(response: SipResponse, local: Local): number | undefined {
  for (const text of valuesOf(response, "contact")) {
    const contact = parseAddress(text);
    const uri = parseUri(contact?.uri ?? "");
    const own = uri?.user === local.user && uri.host === local.host && (uri.port ?? SIP_PORT) === local.port;
    const seconds = contact?.params.get("expires");
    if (own && seconds !== undefined && /^\d{1,9}$/.test(seconds)) return Number(seconds);
  }
  const seconds = secondsOf(response, "expires");
  return headerOf(response, "expires") === undefined ? undefined : seconds;
}
