/** Simulator: the call monitor's port, with the normal behaviour of a box and its faults. */
import { createServer, type Server, type Socket } from "node:net";
import { listenOn } from "./listen";

export interface ListenOptions {
  /** 0 = any free port; a real box uses 1012. */
  port?: number;
  /** Default: loopback. */
  host?: string;
}

/** A box only sends: there is no login, no greeting, every client gets every line. */
export class MonitorServer {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private address = { port: 0, host: "127.0.0.1" };
  private muted = false;
  /** Number of connections accepted so far. */
  accepted = 0;

  get port(): number {
    return this.address.port;
  }

  get host(): string {
    return this.address.host;
  }

  /** How many clients are connected now. */
  get connections(): number {
    return this.sockets.size;
  }

  async listen({ port = 0, host = "127.0.0.1" }: ListenOptions = {}): Promise<void> {
    this.address = { port, host };
    await this.accept();
  }

  /** Opens the port (again): after `refuse` on the same number. */
  async accept(): Promise<void> {
    if (this.server) return;
    const server = createServer((socket) => this.welcome(socket));
    this.server = server;
    this.address.port = await listenOn(server, this.address.port, this.address.host);
  }

  /** Like a switched-off call monitor, or a booting box: refuses new connections, keeps open ones. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    // Resolves only once all connections have ended; the port itself is free at once.
    server.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** One line, its end is added. */
  send(line: string): void {
    this.sendBytes(`${line}\r\n`);
  }

  sendBytes(bytes: string | Uint8Array): void {
    if (this.muted) return;
    for (const socket of this.sockets) socket.write(bytes);
  }

  /** The same bytes in segments of at most `size` bytes, each on its own way. */
  async sendSegments(bytes: string | Uint8Array, size: number): Promise<void> {
    const all = Buffer.from(bytes);
    for (let i = 0; i < all.length; i += size) {
      this.sendBytes(all.subarray(i, i + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Closes all connections, as FRITZ!OS 8 does with idle ones. */
  closeAll(): void {
    for (const socket of this.sockets) socket.end();
  }

  /** Resets all connections (TCP reset), like a rebooting box. */
  resetAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Sends nothing from now on, though connections stay open; lines are lost. */
  mute(on = true): void {
    this.muted = on;
  }

  /** Closes everything and waits until it is closed. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  private welcome(socket: Socket): void {
    this.accepted++;
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.resume(); // a box ignores everything that a client sends
    socket.on("error", () => undefined);
    socket.on("close", () => this.sockets.delete(socket));
  }
}
