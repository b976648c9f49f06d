/** L2 transport: HTTP to one box, plain or TLS with its self-signed certificate pinned. One request at a time on one connection. */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { connect as tlsConnect, type TLSSocket } from "node:tls";
import { isIP } from "node:net";
import { FritzError } from "../model/errors";
import { homeLookup, isHomeAddress, PUBLIC_ADDRESS, publicAddressError } from "./home-network";
import { systemCode } from "./system-error";

export interface BoxHttpOptions {
  host: string;
  port: number;
  tls: boolean;
  /** SHA-256 of the certificate, hex with or without colons; "" = any, see `fingerprint`. */
  fingerprint: string;
  /** So long the box may be silent, ms; for the whole of an answer it has `MOST_SILENCES` times that. */
  timeoutMs: number;
  /** Longest body accepted, bytes. */
  maxBytes: number;
  /** Told of a certificate that was not met before: SHA-256, hex. */
  onCertificate?: ((fingerprint: string) => void) | undefined;
}

export interface BoxRequest {
  method: "GET" | "POST";
  /** Path with query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface BoxReply {
  status: number;
  /** The WWW-Authenticate headers. */
  challenges: readonly string[];
  body: Buffer;
  /** False: the connection ended without saying whether this was all (FRITZ!OS 8 leaves out TLS's goodbye). */
  complete: boolean;
}

/** An idle connection is given up before the box does, so that a request rarely meets a closing one. */
const IDLE_MS = 4_000;

/** A slow box takes its time for a large phonebook, but a hostile one must not dribble for ever. */
const MOST_SILENCES = 8;

/** A connection that broke so soon after an answer was closed behind it, ms. */
const CLOSED_BEHIND_MS = 1_000;

/** A fingerprint in one spelling: hex digits in capitals, no colons. */
export function bareHex(fingerprint: string): string {
  return fingerprint.replace(/[^0-9a-f]/gi, "").toUpperCase();
}

/** The way to one port of a box. `close` ends its connection. */
export class BoxHttp {
  private readonly agent: HttpAgent;
  /** SHA-256 of the certificate last met, hex without colons; "" before the first TLS connection. */
  fingerprint = "";
  /** The box closes after each answer without saying so: each request gets a connection of its own. */
  private closesSilently = false;
  private answeredMs = -Infinity;

  constructor(private readonly options: BoxHttpOptions) {
    const keep = { keepAlive: true, maxSockets: 1, timeout: IDLE_MS };
    this.agent = options.tls ? new HttpsAgent(keep) : new HttpAgent(keep);
    // Only a socket whose certificate is the right one is ever handed to a request: nothing is said to a stranger.
    if (options.tls) Object.assign(this.agent, { createConnection: this.connectPinned });
  }

  close(): void {
    this.agent.destroy();
  }

  /** Sends one request. Rejects with a `FritzError` unless the box answered. */
  send({ method, path, headers = {}, body }: BoxRequest): Promise<BoxReply> {
    const { host, port, tls, timeoutMs } = this.options;
    if (isIP(host) !== 0 && !isHomeAddress(host)) return Promise.reject(this.explain(publicAddressError(host)));
    return new Promise((resolve, reject) => {
      const send = tls ? httpsRequest : httpRequest;
      const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
      const close = this.closesSilently ? { Connection: "close" } : {};
      const request = send({
        ...{ host, port, method, path, headers: { ...headers, ...length, ...close } },
        ...{ agent: this.agent, lookup: homeLookup },
      });
      const giveUp = () => request.destroy(new FritzError("box-timeout", { host, port }, true));
      const silence = setTimeout(giveUp, timeoutMs);
      const limit = setTimeout(giveUp, timeoutMs * MOST_SILENCES);
      const done = (finish: () => void) => {
        clearTimeout(silence);
        clearTimeout(limit);
        finish();
      };
      request.on("error", (error) => {
        if (request.reusedSocket && performance.now() - this.answeredMs < CLOSED_BEHIND_MS) this.closesSilently = true;
        done(() => reject(this.explain(error)));
      });
      request.on("response", (response) => {
        response.on("data", () => silence.refresh());
        this.collect(response).then(
          (reply) => {
            this.answeredMs = performance.now();
            done(() => resolve(reply));
          },
          (error: unknown) => done(() => reject(this.explain(error))),
        );
      });
      request.end(body);
    });
  }

  private collect(response: IncomingMessage): Promise<BoxReply> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      let size = 0;
      const finish = (complete: boolean) => {
        const challenges = response.headersDistinct["www-authenticate"] ?? [];
        resolve({ status: response.statusCode ?? 0, challenges, body: Buffer.concat(parts), complete });
      };
      response.on("data", (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size <= this.options.maxBytes) return;
        response.destroy();
        reject(new FritzError("box-reply", { detail: "size" }));
      });
      response.on("end", () => finish(response.complete));
      response.on("error", (error) => {
        // Ended in the middle, as far as HTTP and TLS can tell; whether the document is whole is seen by its reader.
        if (error instanceof FritzError || size === 0) reject(error);
        else finish(false);
      });
    });
  }

  private readonly connectPinned = (
    _options: unknown,
    done: (error: Error | null, socket?: TLSSocket) => void,
  ): undefined => {
    const { host, port, fingerprint } = this.options;
    // Old boxes know only old ciphers; whom we talk to is known by the pinned certificate, not by an authority.
    const socket = tlsConnect({
      host,
      port,
      lookup: homeLookup,
      rejectUnauthorized: false,
      minVersion: "TLSv1",
      ciphers: "DEFAULT:@SECLEVEL=0",
    });
    let answered = false;
    const answer = (error: Error | null) => {
      if (answered) return;
      answered = true;
      if (error) socket.destroy();
      done(error, error ? undefined : socket);
    };
    socket.setTimeout(this.options.timeoutMs, () => answer(new FritzError("box-timeout", { host, port }, true)));
    socket.on("error", answer);
    socket.on("close", () => answer(new FritzError("box-unreachable", { host, port, detail: "closed" }, true)));
    socket.once("secureConnect", () => {
      socket.setTimeout(0);
      const before = this.fingerprint;
      this.fingerprint = bareHex(socket.getPeerCertificate().fingerprint256);
      if (this.fingerprint !== before) this.options.onCertificate?.(this.fingerprint);
      const changed = bareHex(fingerprint) !== "" && bareHex(fingerprint) !== this.fingerprint;
      answer(changed ? new FritzError("box-certificate", { host, port, fingerprint: this.fingerprint }) : null);
    });
    return undefined;
  };

  private explain(error: unknown): FritzError {
    if (error instanceof FritzError) return error;
    const code = systemCode(error);
    const { host, port } = this.options;
    switch (code) {
      case "ECONNREFUSED":
        return new FritzError("box-refused", { host, port }, true);
      case "ENOTFOUND":
      case "EAI_AGAIN":
        return new FritzError("box-unknown-host", { host, port }, true);
      case "ETIMEDOUT":
        return new FritzError("box-timeout", { host, port }, true);
      case PUBLIC_ADDRESS:
        return new FritzError("box-public-address", { host, detail: (error as { address: string }).address }, true);
      default:
        return code.startsWith("ERR_SSL") || code === "EPROTO"
          ? new FritzError("box-tls", { host, port, detail: code })
          : new FritzError("box-unreachable", { host, port, detail: code }, true);
    }
  }
}
