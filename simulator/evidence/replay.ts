/** Evidence: replays a recording as a box: call monitor, documents, answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { listenOn } from "../listen";
import { MonitorServer } from "../monitor-server";
import { DigestGate } from "../tr064/digest";
import type { RecordedCall, Recording } from "./types";

const USER = { name: "fritz1234", password: "secret" };
const FAULT = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:dslforum-org:control-1-0">
<errorCode>401</errorCode><errorDescription>Invalid Action</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>`;
const XML = { "Content-Type": 'text/xml; charset="utf-8"' };

/** A box with recorded answers. Accepts user "fritz1234" with password "secret" only. */
export class ReplayedBox {
  readonly monitor = new MonitorServer();
  private readonly gate = new DigestGate(() => Date.now());
  private server: Server | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly recording: Recording) {}

  get port(): number {
    return (this.server?.address() as AddressInfo | null)?.port ?? 0;
  }

  async listen({ host = "127.0.0.1", monitorPort = 0, port = 0 } = {}): Promise<void> {
    await this.monitor.listen({ host, port: monitorPort });
    const server = createServer(
      (request, response) => void this.answer(request, response).catch(() => response.destroy()),
    );
    this.server = server;
    await listenOn(server, port, host);
  }

  /** Sends the recorded lines in their time, `speed` times as fast; resolves after the last one. */
  async play(speed = 1): Promise<void> {
    for (const { afterMs, line } of this.recording.monitor) {
      await delay(afterMs / speed, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      this.monitor.send(line);
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
    await this.monitor.stop();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const document = this.document(url);
    if (method === "GET" && document !== undefined) return this.send(response, 200, this.at(headers.host, document));
    if (method !== "POST") return this.send(response, 404, "");
    if (this.gate.check(headers.authorization, method, url, [USER]).user === undefined) {
      response.writeHead(401, { "WWW-Authenticate": this.gate.challenge() });
      return void response.end();
    }
    const call = this.recorded(url, String(headers["soapaction"] ?? ""), Buffer.concat(chunks).toString("utf8"));
    this.send(response, call?.status ?? 500, this.at(headers.host, call?.body ?? FAULT));
  }

  /** The document of that address; a client may ask for less of it ("&days=7") than was recorded. */
  private document(url: string): string | undefined {
    const { documents } = this.recording;
    const at = (path: string) => new URL(path, "http://box.invalid");
    const asked = at(url);
    const fits = (path: string) =>
      at(path).pathname === asked.pathname &&
      [...at(path).searchParams].every(([name, value]) => asked.searchParams.get(name) === value);
    return documents[url] ?? documents[Object.keys(documents).find(fits) ?? ""];
  }

  private recorded(control: string, soapAction: string, body: string): RecordedCall | undefined {
    const action = /#([\w-]+)"?$/.exec(soapAction)?.[1];
    const asked = this.recording.calls.filter((call) => call.control === control && call.action === action);
    const value = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1]?.trim();
    const fits = (call: RecordedCall) => Object.entries(call.arguments).every(([name, text]) => value(name) === text);
    return asked.find(fits);
  }

  /** Addresses of the recorded box become this one's. */
  private at(host: string | undefined, text: string): string {
    return text.replace(
      /https?:\/\/192\.0\.2\.\d+(?::\d+)?(?=[/<"&]|$)/g,
      `http://${host ?? `127.0.0.1:${this.port}`}`,
    );
  }

  private send(response: ServerResponse, status: number, text: string): void {
    const body = Buffer.from(text, "utf8");
    response.writeHead(status, { ...XML, "Content-Length": body.length });
    response.end(body);
  }
}
