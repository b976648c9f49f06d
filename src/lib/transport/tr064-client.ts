/** L2 transport: TR-064 of one box: SOAP actions with login, and the documents that it offers. */
import { FritzError, type FritzErrorCode } from "../model/errors";
import type { Clock } from "../model/ports";
import {
  type BoxDescription,
  parseActions,
  parseDescription,
  type ServiceActions,
  type ServiceDescription,
} from "../protocol/description";
import { parseSoapReply, soapEnvelope, type SoapValues } from "../protocol/soap";
import { decodeText } from "../protocol/text";
import { isCompleteXml } from "../protocol/xml";
import { explainFault } from "../protocol/faults";
import { readReply } from "../protocol/read-reply";
import { BoxHttp, type BoxReply, type BoxRequest } from "./box-http";
import { type Credentials, DigestSession, parseChallenge } from "./digest";
import { systemClock } from "./system-clock";

export interface Tr064Options {
  host: string;
  /** 49000 */
  port?: number;
  /** 49443; the box is asked for its own if this is not set. */
  tlsPort?: number;
  /** True unless told otherwise. */
  tls?: boolean;
  /** SHA-256 that the box's certificate must have; "" = any. */
  fingerprint?: string;
  username?: string;
  password?: string;
  /** For one request, ms. */
  timeoutMs?: number;
  /** Told of a certificate that was not met before, before it is judged: SHA-256, hex. */
  onCertificate?: (fingerprint: string) => void;
  clock?: Clock;
}

export const TR064_PORT = 49_000;
export const TR064_TLS_PORT = 49_443;

/** Before FRITZ!OS 7.24 a password was enough; the box then takes this name. */
const OLD_BOX_USER = "dslf-config";
const TIMEOUT_MS = 15_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** Waits before a box that says 503 is asked again, ms. */
const BUSY_WAITS_MS = [1_000, 2_000, 4_000];
/** After a rejected login nobody tries again for this long, ms: the box would lock the user out. */
const LOGIN_PAUSE_MS = 60_000;

/** After these the box may have another FRITZ!OS, and other actions. */
const CHANGED: readonly FritzErrorCode[] = [
  ...(["box-no-service", "box-no-action", "box-arguments", "box-refused", "box-unreachable", "box-timeout"] as const),
];

/** Calls to one box, one after the other, however many ask at once. Rejects with `FritzError` only. */
export class Tr064Client {
  private readonly plain: BoxHttp;
  private secure: BoxHttp | undefined;
  private session: DigestSession | undefined;
  private loginPausedUntil = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private description: BoxDescription | undefined;
  private readonly actions = new Map<string, ServiceActions>();
  /** What the box asked a login for: as long as the password is known to be wrong it is not bothered with it. */
  private readonly guarded = new Set<string>();
  private readonly clock: Clock;

  constructor(private readonly options: Tr064Options) {
    this.clock = options.clock ?? systemClock;
    this.plain = this.openHttp(false, options.port ?? TR064_PORT);
  }

  /** SHA-256 of the box's certificate, hex; "" before the first TLS connection. */
  get fingerprint(): string {
    return this.secure?.fingerprint ?? "";
  }

  /** Ends the connections; the client may be used again. */
  close(): void {
    this.plain.close();
    this.secure?.close();
  }

  /** Model, FRITZ!OS and services, without login; asked once. */
  describe(): Promise<BoxDescription> {
    return this.enqueue(() => this.readDescription());
  }

  /** The actions of a service ("X_AVM-DE_OnTel:1") as this box offers them; none if it has no such service. Asked once. */
  actionsOf(service: string): Promise<ServiceActions> {
    return this.enqueue(() => this.readActions(service));
  }

  /** Calls an action of a service ("X_AVM-DE_OnTel:1"). `token`: the second factor's. */
  call(service: string, action: string, values: SoapValues = {}, token?: string): Promise<SoapValues> {
    return this.enqueue(async () => {
      try {
        const found = await this.find(service);
        if (!found) throw new FritzError("box-no-service", { service });
        return await this.soap(await this.loginHttp(), found, action, values, token);
      } catch (error) {
        if (error instanceof FritzError && CHANGED.includes(error.code)) this.forget();
        throw error;
      }
    });
  }

  /** Fetches a document under a URL that the box gave. Its host is replaced: a box may have a wrong idea of its address. */
  download(url: string): Promise<string> {
    return this.enqueue(async () => {
      const { pathname, search } = new URL(url, "https://box");
      const http = await this.loginHttp();
      return textOf(await this.patiently(http, { method: "GET", path: pathname + search }));
    });
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private openHttp(tls: boolean, port: number): BoxHttp {
    const { host, fingerprint = "", timeoutMs = TIMEOUT_MS, onCertificate } = this.options;
    return new BoxHttp({ host, port, tls, fingerprint, timeoutMs, maxBytes: MAX_BYTES, onCertificate });
  }

  /** The way for all that needs a login: TLS unless switched off. */
  private async loginHttp(): Promise<BoxHttp> {
    if (this.options.tls === false) return this.plain;
    return (this.secure ??= this.openHttp(true, this.options.tlsPort ?? (await this.askTlsPort())));
  }

  /** Asks the box without login. */
  private async askTlsPort(): Promise<number> {
    const info = await this.find("DeviceInfo:1");
    if (!info) return TR064_TLS_PORT;
    const answer = await this.soap(this.plain, info, "GetSecurityPort", {});
    return Number(answer["NewSecurityPort"]) || TR064_TLS_PORT;
  }

  private async readDescription(): Promise<BoxDescription> {
    this.description ??= readReply(await this.document("/tr64desc.xml"), parseDescription);
    return this.description;
  }

  private async find(service: string): Promise<ServiceDescription | undefined> {
    const { services } = await this.readDescription();
    return services.find(({ type }) => type.endsWith(`:service:${service}`));
  }

  /** What the box can is read anew the next time. */
  private forget(): void {
    this.description = undefined;
    this.actions.clear();
  }

  private async readActions(service: string): Promise<ServiceActions> {
    const found = await this.find(service);
    if (!found) {
      this.forget(); // a box that is starting does not have all of them yet
      return new Map();
    }
    const known = this.actions.get(service) ?? readReply(await this.document(found.scpdUrl), parseActions);
    this.actions.set(service, known);
    return known;
  }

  private async document(path: string): Promise<string> {
    // Needs no login; over TLS where that is wanted, and over the plain port to find out the other one.
    const http = this.options.tls !== false && this.options.tlsPort !== undefined ? await this.loginHttp() : this.plain;
    return textOf(await this.patiently(http, { method: "GET", path }));
  }

  private async soap(
    http: BoxHttp,
    { type, controlUrl }: ServiceDescription,
    action: string,
    values: SoapValues,
    token?: string,
  ): Promise<SoapValues> {
    const reply = await this.withLogin(http, {
      method: "POST",
      path: controlUrl,
      headers: { "Content-Type": 'text/xml; charset="utf-8"', SOAPAction: `"${type}#${action}"` },
      body: soapEnvelope(type, action, values, token),
    });
    if (reply.status === 404) throw new FritzError("box-no-service", { service: type.replace(/^.*:service:/, "") });
    if (reply.status !== 200 && reply.status !== 500) throw badStatus(reply.status, action);
    const answer = readReply(textOf(reply, true), (text) => parseSoapReply(text, action));
    if (answer.ok) return answer.values;
    throw explainFault(answer.code, action);
  }

  /** Answers a challenge; takes a new one for a nonce that has served its time, but tries a password only once. */
  private async withLogin(http: BoxHttp, request: BoxRequest): Promise<BoxReply> {
    const action = request.headers?.["SOAPAction"] ?? "";
    if (this.isLoginPaused && this.guarded.has(action)) throw this.wrongLogin();
    const before = this.session;
    const first = await this.patiently(http, request, before);
    if (first.status !== 401) return first;
    this.guarded.add(action);
    this.session = undefined;
    const credentials = this.credentials();
    const challenge = parseChallenge(first.challenges);
    if (!challenge) throw new FritzError("box-reply", { detail: "challenge" });
    const fresh = new DigestSession(challenge, credentials);
    const second = await this.patiently(http, request, fresh);
    if (second.status === 401) return this.rejected(second);
    this.session = fresh;
    return second;
  }

  private credentials(): Credentials {
    const { password = "" } = this.options;
    const user = this.options.username || OLD_BOX_USER;
    if (password === "") throw new FritzError("box-login-needed");
    if (this.isLoginPaused) throw this.wrongLogin();
    return { user, password };
  }

  private get isLoginPaused(): boolean {
    return this.clock.now() < this.loginPausedUntil;
  }

  private wrongLogin(): FritzError {
    return new FritzError("box-login", { user: this.options.username ?? "" }, true);
  }

  private rejected(reply: BoxReply): never {
    // A nonce that was stale before its first use is the box's business, not a wrong password.
    const stale = parseChallenge(reply.challenges)?.stale === true;
    if (!stale) this.loginPausedUntil = this.clock.now() + LOGIN_PAUSE_MS;
    throw stale ? new FritzError("box-busy", {}, true) : this.wrongLogin();
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

function badStatus(status: number, action: string): FritzError {
  return new FritzError("box-reply", { detail: `${status} ${action}` }, status >= 500);
}

/** The body as text; one that may have been cut counts only if it is a whole document. */
function textOf({ status, body, complete }: BoxReply, anyStatus = false): string {
  if (!anyStatus && status !== 200) throw badStatus(status, "");
  const text = decodeText(body).replace(/^\ufeff/, "");
  if (!complete && !isCompleteXml(text)) throw new FritzError("box-reply", { detail: "cut" }, true);
  return text;
}
