/** Simulator, TR-064: HTTP digest login: challenges, nonces, and the lock after too many wrong attempts. */
import { createHash, randomBytes } from "node:crypto";

/** A user with password. */
export interface Credentials {
  name: string;
  password: string;
}

/** `user` is set for a correct login; `wrong` = an incorrect one, with a valid nonce. */
export interface LoginResult {
  user?: string;
  stale: boolean;
  wrong: boolean;
}

interface Nonce {
  since: number;
  /** Highest count seen. */
  count: number;
}

const md5 = (text: string) => createHash("md5").update(text, "utf8").digest("hex");
const REFUSED: LoginResult = { stale: false, wrong: false };

/** Checks logins. All options can be changed at any time. */
export class DigestGate {
  /** Real boxes use this realm on plain HTTP too. */
  realm = "HTTPS Access";
  /** Each nonce is good for one request. */
  singleUseNonces = false;
  /** Older nonces are refused, ms. */
  nonceLifetimeMs = Infinity;
  /** After so many requests a nonce is refused as one that is too old. */
  nonceUses = Infinity;
  /** Says `stale=true` in the challenge when only the nonce was too old. */
  staleFlag = false;
  /** Wrong logins in a row after which all logins are locked for a while. */
  lockAfter = Infinity;
  lockMs = 30_000;
  /** The status while locked. */
  lockStatus: 401 | 503 = 503;
  /** Requests in a row without login after which 503 is sent instead of 401. */
  unauthenticatedLimit = Infinity;
  private readonly nonces = new Map<string, Nonce>();
  private wrongTries = 0;
  private unauthenticated = 0;
  private lockedUntil = -Infinity;

  constructor(private readonly now: () => number) {}

  get locked(): boolean {
    return this.now() < this.lockedUntil;
  }

  /** A client that never logs in gets 503 after some requests. */
  get tired(): boolean {
    return this.unauthenticated > this.unauthenticatedLimit;
  }

  /** Clears all nonces and wrong attempts, like a restart. */
  forget(): void {
    this.nonces.clear();
    this.wrongTries = this.unauthenticated = 0;
    this.lockedUntil = -Infinity;
  }

  /** The value of `WWW-Authenticate`, with a new nonce. */
  challenge(stale = false): string {
    const flag = stale && this.staleFlag ? ",stale=true" : "";
    return `Digest realm="${this.realm}",nonce="${this.issue()}",algorithm=MD5,qop="auth"${flag}`;
  }

  /** A new nonce. */
  issue(): string {
    const nonce = randomBytes(8).toString("hex").toUpperCase();
    this.nonces.set(nonce, { since: this.now(), count: 0 });
    return nonce;
  }

  /** Whether the nonce is known and young; it is void then. */
  spend(nonce: string): boolean {
    const isGood = this.useNonce(nonce, 1);
    this.nonces.delete(nonce);
    return isGood;
  }

  /** Checks the `Authorization` header of a request. */
  check(header: string | undefined, method: string, path: string, users: readonly Credentials[]): LoginResult {
    const fields = header === undefined ? undefined : readFields(header);
    if (!fields) {
      this.unauthenticated++;
      return REFUSED;
    }
    if (this.locked) return REFUSED;
    const user = users.find(({ name }) => name === fields["username"]);
    if (!user || !this.isRight(fields, method, path, user.password)) return this.countWrong();
    if (!this.useNonce(fields["nonce"] ?? "", parseInt(fields["nc"] ?? "", 16))) return { stale: true, wrong: false };
    this.wrongTries = this.unauthenticated = 0;
    return { user: user.name, stale: false, wrong: false };
  }

  /** A wrong login; the lock counts them. */
  countWrong(): LoginResult {
    this.wrongTries++;
    if (this.wrongTries >= this.lockAfter) {
      this.lockedUntil = this.now() + this.lockMs;
      this.wrongTries = 0;
    }
    return { stale: false, wrong: true };
  }

  private isRight(fields: Record<string, string>, method: string, path: string, password: string): boolean {
    const { username = "", realm = "", nonce = "", uri = "", nc = "", cnonce = "", qop, algorithm = "MD5" } = fields;
    if (realm !== this.realm || uri !== path || qop !== "auth" || algorithm !== "MD5") return false;
    if (!/^[\da-f]{8}$/i.test(nc) || cnonce === "") return false;
    const secret = md5(`${username}:${realm}:${password}`);
    return fields["response"] === md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  }

  /** False if the nonce is unknown, too old, or its count did not increase. */
  private useNonce(name: string, count: number): boolean {
    const nonce = this.nonces.get(name);
    if (!nonce) return false;
    const isOld = this.now() - nonce.since >= this.nonceLifetimeMs || count > this.nonceUses;
    if (isOld || count <= nonce.count) {
      this.nonces.delete(name);
      return false;
    }
    nonce.count = count;
    if (this.singleUseNonces) this.nonces.delete(name);
    return true;
  }
}

/** `Digest a="b", c=d` -> fields; undefined = no digest at all. */
function readFields(header: string): Record<string, string> | undefined {
  const scheme = /^Digest\s+/i.exec(header);
  if (!scheme) return undefined;
  const fields: Record<string, string> = {};
  const field = /\s*([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/iy;
  field.lastIndex = scheme[0].length;
  while (field.lastIndex < header.length) {
    const found = field.exec(header);
    if (!found) return {};
    fields[(found[1] ?? "").toLowerCase()] = found[2]?.replace(/\\(.)/g, "$1") ?? found[3] ?? "";
  }
  return fields;
}
