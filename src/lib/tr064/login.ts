/** Login to a box: one challenge for many requests, a pause after a wrong password, retries on a busy box. */
import { MINUTE_MS, type Clock } from "../core/clock";
import { FritzError } from "../core/errors";
import type { BoxHttp } from "./http";
import type { BoxReply } from "./http-types";
import type { BoxRequest } from "./http-types";
import { type Credentials, DigestSession, parseChallenge } from "./digest";

/** Before FRITZ!OS 7.24 a password was enough; the box accepts this name with it. */
const OLD_BOX_USER = "dslf-config";
/** Waits before a request is repeated after a 503, ms. */
const BUSY_WAITS_MS = [1_000, 2_000, 4_000];
/** Challenges answered for one request. */
const MOST_NONCES = 3;
/** After a rejected login no request is sent for this time, ms: the box would lock the user out. */
const LOGIN_PAUSE_MS = MINUTE_MS;

/** The session of one user at one box. Requests must come one after the other. */
export class BoxLogin {
  private session: DigestSession | undefined;
  private pausedUntil = 0;
  /** The error of the last login: until the pause ends, requests fail with it at once. */
  private readonly guarded = new Set<string>();

  constructor(
    private readonly credentials: Credentials,
    private readonly clock: Clock,
  ) {}

  /** Answers a challenge; takes a new one for an expired nonce, but sends a wrong password only once. */
  async send(http: BoxHttp, request: BoxRequest): Promise<BoxReply> {
    const action = request.headers?.["SOAPAction"] ?? "";
    if (this.isPaused && this.guarded.has(action)) throw this.wrongLogin();
    const before = this.session;
    const first = await this.patiently(http, request, before);
    if (first.status !== 401) return first;
    this.guarded.add(action);
    this.session = undefined;
    const credentials = this.usable();
    let reply = first;
    for (let tries = 0; tries < MOST_NONCES; tries++) {
      const challenge = parseChallenge(reply.challenges);
      if (!challenge) throw new FritzError("box-reply", { detail: "challenge" });
      const fresh = new DigestSession(challenge, credentials);
      reply = await this.patiently(http, request, fresh);
      if (reply.status !== 401) {
        this.session = fresh;
        return reply;
      }
      // A nonce that was stale before its first use, or used again after a broken connection, does not mean a
      // wrong password.
      const isStale = parseChallenge(reply.challenges)?.stale === true;
      if (fresh.uses === 1 && !isStale) throw this.rejection();
    }
    throw new FritzError("box-busy", {}, true);
  }

  /** Sends a request without login. */
  sendOpen(http: BoxHttp, request: BoxRequest): Promise<BoxReply> {
    return this.patiently(http, request);
  }

  private usable(): Credentials {
    const { user, password } = this.credentials;
    if (password === "") throw new FritzError("box-login-needed");
    if (this.isPaused) throw this.wrongLogin();
    return { user: user || OLD_BOX_USER, password };
  }

  private get isPaused(): boolean {
    return this.clock.now() < this.pausedUntil;
  }

  private wrongLogin(): FritzError {
    return new FritzError("box-login", { user: this.credentials.user }, true);
  }

  private rejection(): FritzError {
    this.pausedUntil = this.clock.now() + LOGIN_PAUSE_MS;
    return this.wrongLogin();
  }

  /** 503 means "retry later": nothing was done yet. */
  private async patiently(http: BoxHttp, request: BoxRequest, session?: DigestSession): Promise<BoxReply> {
    for (const wait of [...BUSY_WAITS_MS, undefined]) {
      const reply = await sendSafely(http, request, session);
      if (reply.status !== 503) return reply;
      if (wait !== undefined) await new Promise<void>((resolve) => this.clock.after(wait, resolve));
    }
    throw new FritzError("box-busy", {}, true);
  }
}

/**
 * A broken connection may just have been idle for too long: a request that changes nothing is sent once more.
 */
async function sendSafely(http: BoxHttp, request: BoxRequest, session?: DigestSession): Promise<BoxReply> {
  try {
    return await http.send(authorized(request, session));
  } catch (error) {
    const broken = error instanceof FritzError && error.code === "box-unreachable";
    const harmless = request.method === "GET" || /#(X_AVM-DE_)?Get/.test(request.headers?.["SOAPAction"] ?? "");
    if (!broken || !harmless) throw error;
    return http.send(authorized(request, session));
  }
}

/** Each attempt gets a nonce count of its own: a box treats a repeated one as a replay attack. */
function authorized(request: BoxRequest, session: DigestSession | undefined): BoxRequest {
  if (!session) return request;
  return {
    ...request,
    headers: { ...request.headers, Authorization: session.authorize(request.method, request.path) },
  };
}
