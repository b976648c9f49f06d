/** Simulator, TR-064: the two ports, plain and TLS, their connections, and a restart of the box. */
import { X509Certificate } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { listenOn } from "../listen";
import type { BoxHooks } from "./action";
import { CERTIFICATES, type KeyPair } from "./certificates";
import { type Answer, RequestHandler } from "./request-handler";
import { DigestGate } from "./digest";
import { Sids } from "./downloads";
import { type FaultOrder, Faults } from "./faults";
import type { BoxRequest } from "./reply";
import { BoxState } from "./state";
import { newLife, send, type WireOptions } from "./wire";
import { readBody, toBoxRequest, type LoggedRequest, type Tr064ListenOptions } from "./incoming";

/** The TR-064 side of a simulated box. */
export class Tr064Server {
  readonly state: BoxState;
  /** Login: nonces, stale, lock. */
  readonly auth: DigestGate;
  readonly wire: WireOptions & { latencyMs: number } = {
    chunked: false,
    latin1: false,
    abruptDownloads: false,
    latencyMs: 0,
  };
  readonly faults = new Faults();
  /** All requests, oldest first. */
  readonly requests: LoggedRequest[] = [];
  /** Most requests open at the same time. */
  peakRequests = 0;
  /** How many are open now. */
  openRequests = 0;
  private readonly handler: RequestHandler;
  private readonly sids: Sids;
  private servers: (Server | TlsServer)[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly tlsSockets = new Map<string, Socket>();
  private address: { host: string; port: number | undefined; tlsPort: number | undefined };
  private keyPair: KeyPair = CERTIFICATES[0];
  private life = newLife();
  private startedAt: number;

  constructor({ now = () => new Date(), ...hooks }: Partial<BoxHooks> & { now?: () => Date } = {}) {
    this.state = new BoxState(now);
    this.auth = new DigestGate(() => now().getTime());
    this.sids = new Sids(this.state);
    this.startedAt = now().getTime();
    this.address = { host: "127.0.0.1", port: undefined, tlsPort: undefined };
    this.handler = new RequestHandler({
      ...{ state: this.state, gate: this.auth, sids: this.sids, faults: this.faults },
      hooks: { dial: () => undefined, hangUp: () => undefined, ...hooks },
      where: () => ({ host: this.host, port: this.port, tlsPort: this.tlsPort, startedAt: this.startedAt }),
    });
  }

  /** 0 = not listening. */
  get port(): number {
    return this.address.port ?? 0;
  }

  get tlsPort(): number {
    return this.address.tlsPort ?? 0;
  }

  get host(): string {
    return this.address.host;
  }

  /** How many clients are connected now. */
  get connections(): number {
    return this.sockets.size;
  }

  /** SHA-256 of the present certificate: hex pairs with colons. */
  get fingerprint(): string {
    return new X509Certificate(this.keyPair.cert).fingerprint256;
  }

  async listen({ port, tlsPort, host = "127.0.0.1" }: Tr064ListenOptions = { port: 0, tlsPort: 0 }): Promise<void> {
    await this.refuse();
    this.address = { host, port, tlsPort };
    await this.accept();
  }

  /** Opens the ports (again), after `refuse` on the same numbers. */
  async accept(): Promise<void> {
    if (this.servers.length > 0) return;
    this.life = newLife();
    const { port, tlsPort } = this.address;
    if (port !== undefined) {
      const server = createServer((request, response) => void this.answer(request, response, false));
      this.address.port = await this.open(server, port, false);
    }
    if (tlsPort !== undefined) {
      const server = createTlsServer(this.keyPair, (request, response) => void this.answer(request, response, true));
      this.address.tlsPort = await this.open(server, tlsPort, true);
    }
  }

  /** Resets all connections and refuses new ones. */
  async refuse(): Promise<void> {
    const { servers } = this;
    this.servers = [];
    this.life.abort();
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.sockets) closed.push(new Promise((resolve) => socket.once("close", resolve)));
    this.resetAll();
    await Promise.all(closed);
  }

  /** Breaks all connections off (TCP reset). */
  resetAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /**
   * The box restarts: connections are reset, nonces and session ids are lost, phonebooks are kept. Refuses
   * connections for `ms`; without `ms` until `accept()`. Resolves when it refuses, or with `ms` when it
   * accepts again.
   */
  async restart(ms?: number): Promise<void> {
    await this.refuse();
    this.auth.forget();
    this.sids.forget();
    this.state.secondFactor.stop();
    this.state.books.restart();
    this.startedAt = this.state.now().getTime();
    if (ms === undefined) return;
    this.life = newLife();
    const { signal } = this.life;
    await delay(ms, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await this.accept();
  }

  /** Closes everything and waits until it is closed. */
  async stop(): Promise<void> {
    await this.refuse();
    this.faults.clear();
  }

  /** Injects a fault into the next matching requests. */
  failNext(order: FaultOrder): void {
    this.faults.add(order);
  }

  /** Uses this certificate (0 or 1) from now on, as after an exchange of the box. */
  useCertificate(which: 0 | 1): void {
    this.keyPair = CERTIFICATES[which];
    for (const server of this.servers) if ("setSecureContext" in server) server.setSecureContext(this.keyPair);
  }

  private open(server: Server | TlsServer, port: number, tls: boolean): Promise<number> {
    this.servers.push(server);
    server.on("connection", (socket: Socket) => this.welcome(socket, tls));
    server.on("tlsClientError", () => undefined);
    return listenOn(server, port, this.address.host);
  }

  private welcome(socket: Socket, tls: boolean): void {
    const key = keyOf(socket);
    this.sockets.add(socket);
    if (tls) this.tlsSockets.set(key, socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.sockets.delete(socket);
      if (this.tlsSockets.get(key) === socket) this.tlsSockets.delete(key);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse, tls: boolean): Promise<void> {
    // The socket below TLS can be reset, or ended without close_notify.
    const raw = tls ? this.tlsSockets.get(keyOf(request.socket)) : request.socket;
    const { signal } = this.life;
    this.peakRequests = Math.max(this.peakRequests, ++this.openRequests);
    try {
      const body = await readBody(request);
      if (this.wire.latencyMs > 0) await delay(this.wire.latencyMs, undefined, { signal });
      if (!raw || signal.aborted) return;
      const asked = toBoxRequest(request, body, tls);
      const answer = await this.handler.handle(asked);
      this.note(asked, answer, tls);
      await send({ response, raw, signal }, answer.reply, this.wire, answer.fault);
    } catch {
      raw?.destroy(); // the client disconnected, or sent far too much
    } finally {
      this.openRequests--;
    }
  }

  private note({ method, path }: BoxRequest, { action, authorized, reply: { status } }: Answer, tls: boolean): void {
    this.requests.push({ method, path, ...(action === undefined ? {} : { action }), authorized, tls, status });
  }
}

const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
