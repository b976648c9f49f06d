/** L2 transport: logs in to a box: one challenge for many requests, no storm of wrong passwords, patience with a busy box. */
import { FritzError } from "../model/errors";
import type { Clock } from "../model/ports";
import type { BoxHttp, BoxReply, BoxRequest } from "./box-http";
import { type Credentials, DigestSession, parseChallenge } from "./digest";

/** Before FRITZ!OS 7.24 a password was enough; the box then takes this name. */
const OLD_BOX_USER = "dslf-config";
/** Waits before a box that says 503 is asked again, ms. */
const BUSY_WAITS_MS = [1_000, 2_000, 4_000];
/** So many challenges are answered for one request. */
const MOST_NONCES = 3;
/** After a rejected login nobody tries again for this long, ms: the box would lock the user out. */
const LOGIN_PAUSE_MS = 60_000;

/** One user at one box. Requests must come one after the other. */
export class BoxLogin {
  private session: DigestSession | undefined;
  private pausedUntil = 0;
  /** What the box asked a login for: as long as the password is known to be wrong it is not bothered with it. */
  private readonly guarded = new Set<string>();

  constructor(
    private readonly credentials: Credentials,
    private readonly clock: Clock,
  ) {}

  /** Answers a challenge; takes a new one for a nonce that has served its time, but tries a wrong password only once. */
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
      // Sent again because the connection broke: then it may be the nonce that was used up, and no wrong password.
      if (fresh.uses === 1) throw this.rejection(reply);
    }
    throw new FritzError("box-busy", {}, true);
  }

  /** Without a login. */
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

  private rejection(reply: BoxReply): FritzError {
    // A nonce that was stale before its first use is the box's business, not a wrong password.
    const stale = parseChallenge(reply.challenges)?.stale === true;
    if (!stale) this.pausedUntil = this.clock.now() + LOGIN_PAUSE_MS;
    return stale ? new FritzError("box-busy", {}, true) : this.wrongLogin();
  }

  /** 503 means "later": nothing was done yet. */
  private async patiently(http: BoxHttp, request: BoxRequest, session?: DigestSession): Promise<BoxReply> {
    for (const wait of [...BUSY_WAITS_MS, undefined]) {
      const reply = await sendSafely(http, request, session);
      if (reply.status !== 503) return reply;
      if (wait !== undefined) await new Promise<void>((resolve) => this.clock.after(wait, resolve));
    }
    throw new FritzError("box-busy", {}, true);
  }
}

/** A connection that broke may only have been idle too long: what changes nothing is sent once more. */
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

/** Each sending has a count of its own: a box takes the same one twice for an attack. */
function authorized(request: BoxRequest, session: DigestSession | undefined): BoxRequest {
  if (!session) return request;
  return {
    ...request,
    headers: { ...request.headers, Authorization: session.authorize(request.method, request.path) },
  };
}
