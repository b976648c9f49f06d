/**
 * HTTP digest authentication (RFC 7616), client side. One challenge serves many requests, each with the next
 * nonce count.
 */
import { defined } from "../core/defined";
import { createHash, randomBytes } from "node:crypto";

export interface Credentials {
  user: string;
  password: string;
}

export interface Challenge {
  realm: string;
  nonce: string;
  opaque?: string;
  /** As the box named it; MD5 if it named none. */
  algorithm: string;
  /** The challenge names no algorithm; the answer then names none either. */
  unnamed?: true;
  /** Whether qop=auth is offered. */
  auth: boolean;
  stale: boolean;
}

const HASHES: Readonly<Record<string, string>> = { MD5: "md5", "SHA-256": "sha256", "SHA-512-256": "sha512-256" };

/** A box's challenge has about 100 characters; the patterns below are slow on long ones. */
const MOST_CHARS = 2_000;

/**
 * Finds the strongest supported Digest challenge in WWW-Authenticate headers, which may contain several
 * schemes.
 */
export function parseChallenge(headers: readonly string[]): Challenge | undefined {
  const rank = ({ algorithm }: Challenge) => Object.keys(HASHES).indexOf(baseAlgorithm(algorithm));
  return parseChallenges(headers).sort((a, b) => rank(b) - rank(a))[0];
}

/** All supported Digest challenges of the headers, in their order. */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  return headers
    .filter(({ length }) => length <= MOST_CHARS)
    .flatMap(splitSchemes)
    .flatMap((text) => readChallenge(text) ?? []);
}

function splitSchemes(header: string): string[] {
  return header.split(/,?\s*(?=\b(?:Basic|Digest|Bearer|Negotiate)\s)/i).filter((part) => /^digest\s/i.test(part));
}

function readChallenge(text: string): Challenge | undefined {
  const values = new Map<string, string>();
  for (const [, key = "", quoted, bare] of text
    .slice("digest".length)
    .matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    values.set(key.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "");
  }
  const [realm, nonce] = [values.get("realm"), values.get("nonce")];
  const algorithm = values.get("algorithm") ?? "MD5";
  const qop = values.get("qop");
  const known = baseAlgorithm(algorithm) in HASHES;
  const auth = qop?.split(",").some((word) => word.trim().toLowerCase() === "auth") ?? false;
  if (realm === undefined || nonce === undefined || !known || (qop !== undefined && !auth)) return undefined;
  const opaque = values.get("opaque");
  return {
    realm,
    nonce,
    algorithm,
    auth,
    stale: values.get("stale")?.toLowerCase() === "true",
    ...(!values.has("algorithm") && { unnamed: true as const }),
    ...defined({ opaque }),
  };
}

const baseAlgorithm = (algorithm: string) => algorithm.toUpperCase().replace(/-SESS$/, "");

/** One challenge in use; counts its requests. */
export class DigestSession {
  private count = 0;

  constructor(
    private readonly challenge: Challenge,
    private readonly credentials: Credentials,
    private readonly newCnonce: () => string = () => randomBytes(16).toString("hex"),
  ) {}

  /** Number of requests so far. */
  get uses(): number {
    return this.count;
  }

  /** The Authorization header for the next request; `uri` is the request's path with its query. */
  authorize(method: string, uri: string): string {
    const { realm, nonce, opaque, algorithm, unnamed, auth } = this.challenge;
    const { user, password } = this.credentials;
    const nc = (++this.count).toString(16).padStart(8, "0");
    const cnonce = this.newCnonce();
    const hash = (text: string) =>
      createHash(HASHES[baseAlgorithm(algorithm)] ?? "md5")
        .update(text, "utf8")
        .digest("hex");
    const session = /-sess$/i.test(algorithm);
    const plain = hash(`${user}:${realm}:${password}`);
    const secret = session ? hash(`${plain}:${nonce}:${cnonce}`) : plain;
    const request = hash(`${method}:${uri}`);
    const response = hash(
      auth ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`,
    );
    return `Digest ${[
      `username=${quote(user)}`,
      `realm=${quote(realm)}`,
      `nonce=${quote(nonce)}`,
      `uri=${quote(uri)}`,
      ...(unnamed ? [] : [`algorithm=${algorithm}`]),
      `response="${response}"`,
      ...(auth ? [`qop=auth`, `nc=${nc}`] : []),
      ...(auth || session ? [`cnonce="${cnonce}"`] : []),
      ...(opaque !== undefined ? [`opaque=${quote(opaque)}`] : []),
    ].join(", ")}`;
  }
}

/** Header bytes are Latin-1 to Node.js; UTF-8 names travel as their bytes. */
function quote(text: string): string {
  return `"${Buffer.from(text, "utf8").toString("latin1").replace(/["\\]/g, "\\$&")}"`;
}
