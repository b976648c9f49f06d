/**
 * HTTP client for one box, plain or TLS with its self-signed certificate pinned. One request at a time on one
 * connection.
 */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { connect as tlsConnect, type TLSSocket } from "node:tls";
import { isIP, type Socket } from "node:net";
import { FritzError, systemCode } from "../core/errors";
import { homeLookup, isHomeAddress, PUBLIC_ADDRESS, publicAddressError } from "../core/home-network";
import type { BoxHttpOptions, BoxReply, BoxRequest } from "./http-types";

/**
 * An idle connection is closed before the box closes it, so that a request rarely meets a closing one, ms.
 */
const IDLE_MS = 4_000;

/** A slow box may take long for a large phonebook, but an answer must end some time. */
const MOST_SILENCES = 4;

/** A connection that broke so soon after an answer was closed by the box, ms. */
const CLOSED_BEHIND_MS = 1_000;

/** Normalises a fingerprint: upper-case hex digits without colons. */
export function bareHex(fingerprint: string): string {
  return fingerprint.replace(/[^0-9a-f]/gi, "").toUpperCase();
}

/** HTTP client for one port of a box. `close` ends its connection. */
export class BoxHttp {
  private readonly agent: HttpAgent;
  /** SHA-256 of the certificate last met, hex without colons; "" before the first TLS connection. */
  fingerprint = "";
  /** The box closes after each answer without announcing it: each request gets a connection of its own. */
  private closesSilently = false;
  private answeredMs = -Infinity;

  constructor(private readonly options: BoxHttpOptions) {
    const keep = { keepAlive: true, maxSockets: 1, timeout: IDLE_MS };
    this.agent = options.tls ? new HttpsAgent(keep) : new HttpAgent(keep);
    // A socket is only used after its certificate was checked: nothing is sent to another host.
    if (options.tls) Object.assign(this.agent, { createConnection: this.connectPinned });
  }

  close(): void {
    this.agent.destroy();
  }

  /** Sends one request. Rejects with a `FritzError` if no answer came. */
  send(asked: BoxRequest): Promise<BoxReply> {
    const { host, port, tls, timeoutMs } = this.options;
    const { method, path, headers = {}, body } = asked;
    if (isIP(host) !== 0 && !isHomeAddress(host)) return Promise.reject(this.explain(publicAddressError(host)));
    return new Promise((resolve, reject) => {
      const send = tls ? httpsRequest : httpRequest;
      const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
      const close = this.closesSilently ? { Connection: "close" } : {};
      const request = send({
        ...{ host, port, method, path, headers: { ...headers, ...length, ...close } },
        ...{ agent: this.agent, lookup: homeLookup },
      });
      // Rejects itself: a request that has ended already (HTTP 101) emits nothing more.
      const giveUp = () => fail(new FritzError("box-timeout", { host, port }, true));
      const silence = setTimeout(giveUp, timeoutMs);
      const limit = setTimeout(giveUp, timeoutMs * MOST_SILENCES);
      const done = (finish: () => void) => {
        clearTimeout(silence);
        clearTimeout(limit);
        finish();
      };
      const fail = (error: FritzError) => {
        done(() => reject(error));
        request.destroy();
      };
      request.on("upgrade", (_response, socket: Socket) => {
        socket.destroy();
        fail(new FritzError("box-reply", { detail: "101" }, true));
      });
      request.on("error", (error) => {
        if (request.reusedSocket && performance.now() - this.answeredMs < CLOSED_BEHIND_MS) this.closesSilently = true;
        done(() => reject(this.explain(error)));
      });
      request.on("response", (response) => {
        response.on("data", () => silence.refresh());
        this.collect(response, asked).then(
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

  private collect(
    response: IncomingMessage,
    { maxBytes = this.options.maxBytes, received }: BoxRequest,
  ): Promise<BoxReply> {
    const total = Number(response.headers["content-length"]) || 0;
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
        if (size <= maxBytes) return received?.(size, total);
        response.destroy();
        reject(new FritzError("box-reply", { detail: "size" }));
      });
      response.on("end", () => finish(response.complete));
      response.on("error", (error) => {
        // Truncated, as far as HTTP and TLS can tell; the reader checks whether the document is complete.
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
    // Old boxes only support old ciphers; the peer is authenticated by the pinned certificate, not by a CA.
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
