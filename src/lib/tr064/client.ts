/** TR-064 client of one box: SOAP actions with login, and downloads of documents. */
import { quoted } from "../numbers/index";
import { FritzError, type FritzErrorCode } from "../core/errors";
import { type BoxDescription, pathOf, type ServiceActions, type ServiceDescription } from "./description";
import { BoxServices } from "./services";
import { parseSoapReply, soapEnvelope, type SoapValues } from "./soap";
import { explainFault } from "./failures";
import { readReply, badStatus, textOf } from "./read-reply";
import { BoxHttp } from "./http";
import { BoxLogin } from "./login";
import { systemClock } from "../core/clock";
import {
  type BytesOptions,
  TR064_PORT,
  type Tr064Options,
  TR064_TLS_PORT,
  TIMEOUT_MS,
  MAX_BYTES,
  MAX_REPLY_BYTES,
} from "./client-options";

/** After these errors the box may have another FRITZ!OS with other actions. */
const CHANGED: readonly FritzErrorCode[] = [
  ...(["box-no-service", "box-no-action", "box-arguments", "box-refused", "box-unreachable", "box-timeout"] as const),
];

/** Sends the calls to one box in sequence. Rejects with `FritzError` only. */
export class Tr064Client {
  private readonly plain: BoxHttp;
  private secure: BoxHttp | undefined;
  /** Connection to the box's web pages. */
  private web: BoxHttp | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly services = new BoxServices((path) => this.document(path));
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

  /** Closes the connections; the client can be used again. */
  close(): void {
    this.plain.close();
    this.secure?.close();
    this.web?.close();
  }

  /** Model, FRITZ!OS and services, without login; cached. */
  describe(): Promise<BoxDescription> {
    return this.enqueue(() => this.services.describe());
  }

  /** The actions of a service ("X_AVM-DE_OnTel:1") on this box; empty if it has no such service. Cached. */
  actionsOf(service: string): Promise<ServiceActions> {
    return this.enqueue(() => this.services.actionsOf(service));
  }

  /** Calls an action of a service ("X_AVM-DE_OnTel:1"). `token`: of the second factor. */
  call(service: string, action: string, values: SoapValues = {}, token?: string): Promise<SoapValues> {
    return this.enqueue(async () => {
      try {
        const found = await this.services.find(service);
        if (!found) throw new FritzError("box-no-service", { service: quoted(service) });
        return await this.soap(await this.loginHttp(), found, action, values, token);
      } catch (error) {
        if (error instanceof FritzError && CHANGED.includes(error.code)) this.services.forget();
        throw error;
      }
    });
  }

  /** Downloads a document under a URL from the box; the host of the URL is ignored. */
  download(url: string): Promise<string> {
    return this.enqueue(async () => {
      const [http, request] = [await this.loginHttp(), { method: "GET", path: pathOf(url) } as const];
      const reply = await this.login.sendOpen(http, request);
      // Not every box offers its documents on the plain port, too.
      const [, port] = /^https:\/\/[^/]*:(\d{1,5})\//.exec(url) ?? [];
      if (reply.status !== 404 || http !== this.plain || port === undefined) return textOf(reply);
      this.secure ??= this.openHttp(true, Number(port));
      return textOf(await this.login.sendOpen(this.secure, request));
    });
  }

  /**
   * Downloads a file from the box, by path and query. `userInterface`: on the ports of the box's web pages
   * instead of TR-064's. A body of unknown length is returned as received; its reader checks that it is
   * complete.
   */
  bytes(path: string, { mostBytes, userInterface = false, received }: BytesOptions): Promise<Buffer> {
    return this.enqueue(async () => {
      const http = userInterface ? this.webHttp() : await this.loginHttp();
      const { status, body } = await this.login.sendOpen(http, { method: "GET", path, maxBytes: mostBytes, received });
      if (status !== 200) throw badStatus(status);
      return body;
    });
  }

  /** The text of a service's own description (SCPD); `box-no-service` if the box has no such service. */
  scpd(service: string): Promise<string> {
    return this.enqueue(async () => {
      const found = await this.services.find(service);
      if (!found) throw new FritzError("box-no-service", { service: quoted(service) });
      return this.document(found.scpdUrl);
    });
  }

  private webHttp(): BoxHttp {
    const tls = this.options.tls !== false;
    return (this.web ??= this.openHttp(tls, this.options.webPort ?? (tls ? 443 : 80)));
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

  /** Connection for everything that needs a login: TLS unless switched off. */
  private async loginHttp(): Promise<BoxHttp> {
    if (this.options.tls === false) return this.plain;
    return (this.secure ??= this.openHttp(true, this.options.tlsPort ?? (await this.askTlsPort())));
  }

  /** Asks the box without login; the default port if it does not answer that. */
  private async askTlsPort(): Promise<number> {
    const info = await this.services.find("DeviceInfo:1");
    if (!info) return TR064_TLS_PORT;
    try {
      const answer = await this.soap(this.plain, info, "GetSecurityPort", {});
      return Number(answer["NewSecurityPort"]) || TR064_TLS_PORT;
    } catch (error) {
      if (error instanceof FritzError && !error.retry) return TR064_TLS_PORT;
      throw error;
    }
  }

  private async document(path: string): Promise<string> {
    // Needs no login; over TLS if enabled, over the plain port to find the TLS port.
    const http = this.options.tls !== false && this.options.tlsPort !== undefined ? await this.loginHttp() : this.plain;
    return textOf(await this.login.sendOpen(http, { method: "GET", path, maxBytes: MAX_REPLY_BYTES }));
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
      maxBytes: MAX_REPLY_BYTES,
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
