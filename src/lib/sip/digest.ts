/** The answer to a SIP registrar's digest challenge (RFC 3261 §22, RFC 8760). The password leaves only as a hash. */
import { type Challenge, type Credentials, DigestSession, parseChallenges } from "../tr064/digest";
import type { Header, SipResponse } from "./message";

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
