/** L2 transport: TR-064 of one box: SOAP actions with login, and the documents that it offers. */
import { FritzError, type FritzErrorCode } from "../model/errors";
import type { Clock } from "../model/ports";
import {
  type BoxDescription,
  parseActions,
  parseDescription,
  pathOf,
  type ServiceActions,
  type ServiceDescription,
} from "../protocol/description";
import { parseSoapReply, soapEnvelope, type SoapValues } from "../protocol/soap";
import { decodeText } from "../protocol/text";
import { isCompleteXml } from "../protocol/xml";
import { explainFault } from "../protocol/faults";
import { readReply } from "../protocol/read-reply";
import { BoxHttp, type BoxReply } from "./box-http";
import { BoxLogin } from "./box-login";
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
  /** So long the box may be silent, ms. */
  timeoutMs?: number;
  /** Told of a certificate that was not met before, before it is judged: SHA-256, hex. */
  onCertificate?: (fingerprint: string) => void;
  clock?: Clock;
}

export const TR064_PORT = 49_000;
export const TR064_TLS_PORT = 49_443;

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** After these the box may have another FRITZ!OS, and other actions. */
const CHANGED: readonly FritzErrorCode[] = [
  ...(["box-no-service", "box-no-action", "box-arguments", "box-refused", "box-unreachable", "box-timeout"] as const),
];

/** Calls to one box, one after the other, however many ask at once. Rejects with `FritzError` only. */
export class Tr064Client {
  private readonly plain: BoxHttp;
  private secure: BoxHttp | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private description: BoxDescription | undefined;
  private readonly actions = new Map<string, ServiceActions>();
  private readonly login: BoxLogin;

  constructor(private readonly options: Tr064Options) {
    const { username = "", password = "", clock = systemClock } = options;
    this.login = new BoxLogin({ user: username, password }, clock);
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

  /** Fetches a document under a URL that the box gave, from the box that was configured. */
  download(url: string): Promise<string> {
    return this.enqueue(async () => {
      const [http, request] = [await this.loginHttp(), { method: "GET", path: pathOf(url) } as const];
      const reply = await this.login.sendOpen(http, request);
      // Not every box has its documents on the plain port, too.
      const [, port] = /^https:\/\/[^/]*:(\d{1,5})\//.exec(url) ?? [];
      if (reply.status !== 404 || http !== this.plain || port === undefined) return textOf(reply);
      this.secure ??= this.openHttp(true, Number(port));
      return textOf(await this.login.sendOpen(this.secure, request));
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

  /** Asks the box without login; one that does not tell has the usual one. */
  private async askTlsPort(): Promise<number> {
    const info = await this.find("DeviceInfo:1");
    if (!info) return TR064_TLS_PORT;
    try {
      const answer = await this.soap(this.plain, info, "GetSecurityPort", {});
      return Number(answer["NewSecurityPort"]) || TR064_TLS_PORT;
    } catch (error) {
      if (error instanceof FritzError && !error.retry) return TR064_TLS_PORT;
      throw error;
    }
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
    return textOf(await this.login.sendOpen(http, { method: "GET", path }));
  }

  private async soap(
    http: BoxHttp,
    { type, controlUrl }: ServiceDescription,
    action: string,
    values: SoapValues,
    token?: string,
  ): Promise<SoapValues> {
    const reply = await this.login.send(http, {
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
}

/** A document's address is good for a short time: the next one may be. */
function badStatus(status: number, action = ""): FritzError {
  return new FritzError("box-reply", { detail: `${status} ${action}`.trim() }, status >= 500 || action === "");
}

/** The body as text; one that may have been cut counts only if it is a whole document. */
function textOf({ status, body, complete }: BoxReply, anyStatus = false): string {
  if (!anyStatus && status !== 200) throw badStatus(status);
  const text = decodeText(body).replace(/^\ufeff/, "");
  if (!complete && !isCompleteXml(text)) throw new FritzError("box-reply", { detail: "cut" }, true);
  return text;
}
