/** Simulator, web: simulated web services on one port, each under a path of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listenOn } from "../listen";
import { searchch, tellows } from "./apis";
import { DEMO_CALLERS, type KnownCaller } from "./callers";
import { playFault, type WebFault } from "./faults";
import { PAGE_SITES } from "./page-sites";
import { phoneblock } from "./phoneblock";
import type { Site } from "./site";

const SITES: Readonly<Record<string, Site>> = { phoneblock, tellows, searchch, ...PAGE_SITES };

/** A request that came in. */
export interface WebRequestSeen {
  site: string;
  method: string;
  /** With query, without the site's prefix. */
  path: string;
  userAgent: string;
}

export class WebServices {
  /** Data of all services. */
  callers: KnownCaller[] = [...DEMO_CALLERS];
  /** All requests, oldest first. */
  readonly requests: WebRequestSeen[] = [];
  private readonly faults = new Map<string, { fault: WebFault; times: number }>();
  private server: Server | undefined;
  private address = { port: 0, host: "127.0.0.1" };

  /** The names of the services. */
  static readonly sites: readonly string[] = Object.keys(SITES);

  get port(): number {
    return this.address.port;
  }

  async listen({ port = 0, host = "127.0.0.1" }: { port?: number; host?: string } = {}): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    this.address = { host, port: await listenOn(server, port, host) };
    this.server = server;
  }

  /** The base address of a service: what a source takes as its server. */
  base(site: string): string {
    return `http://${this.address.host}:${this.address.port}/${site}`;
  }

  /** Injects a fault, permanently or for a number of requests; without a fault the service works again. */
  fail(site: string, fault?: WebFault, times = Infinity): void {
    if (fault) this.faults.set(site, { fault, times });
    else this.faults.delete(site);
  }

  /** Clears faults and requests. */
  reset(): void {
    this.faults.clear();
    this.requests.length = 0;
    this.callers = [...DEMO_CALLERS];
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined);
    const url = request.url ?? "/";
    const [, site = "", rest = "/"] = /^\/([^/?]*)(.*)$/.exec(url) ?? [];
    const { method = "GET", headers } = request;
    this.requests.push({ site, method, path: rest, userAgent: headers["user-agent"] ?? "" });
    const fault = this.nextFault(site);
    if (fault && (await playFault(fault, url, response))) return;
    const { pathname: path, searchParams: query } = new URL(rest, "http://simulator/");
    const found = Object.hasOwn(SITES, site) ? SITES[site] : undefined;
    const reply = found?.({ method, path, query, headers, callers: this.callers });
    const { status = 200, type = "text/html", body } = reply ?? { status: 404, body: "<html><body>404</body></html>" };
    response.writeHead(status, { "Content-Type": type }).end(body);
  }

  private nextFault(site: string): WebFault | undefined {
    const entry = this.faults.get(site);
    if (!entry) return undefined;
    if (--entry.times <= 0) this.faults.delete(site);
    return entry.fault;
  }
}
