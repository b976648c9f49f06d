/** A TCP connection to the call monitor that detects a dead peer. */
import { defined } from "../core/defined";
import { lookup as systemLookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import type { MonitorProblem, MonitorProblemCode, Dial, Wire, WireEnd, WireEvents } from "./connection";
import { isHomeAddress } from "../core/home-network";
import { systemCode } from "../core/errors";

/**
 * Time without a byte before the first TCP keep-alive probe. Node.js sets one second between probes and ten
 * of them (libuv), so a box that disappears without closing is detected after about 30 s.
 */
const KEEP_ALIVE_IDLE_MS = 20_000;

/** For the name look-up, and for the handshakes with all of its addresses together, ms each. */
const CONNECT_LIMIT_MS = 10_000;

export interface TcpTarget {
  host: string;
  port: number;
}

type Lookup = (host: string) => Promise<{ address: string }[]>;
const lookupAll: Lookup = (host) => systemLookup(host, { all: true, verbatim: true });

/** Makes a `Dial` for one box. Its addresses are looked up anew for every connection. `lookup` is for tests. */
export function dialTcp(target: TcpTarget, lookup: Lookup = lookupAll): Dial {
  return (events) => new TcpWire(target, lookup, events);
}

class TcpWire implements Wire {
  private socket: Socket | undefined;
  private limit: NodeJS.Timeout;
  private done = false;
  private opened = false;

  constructor(
    private readonly target: TcpTarget,
    lookup: Lookup,
    private readonly events: WireEvents,
  ) {
    this.limit = setTimeout(() => this.fail("timeout"), CONNECT_LIMIT_MS);
    this.open(lookup).catch((error: unknown) => this.fail("network", systemCode(error)));
  }

  close(): void {
    this.done = true;
    this.release();
  }

  private async open(lookup: Lookup): Promise<void> {
    await Promise.resolve(); // no callback before the caller has the connection
    const { host, port } = this.target;
    if (host === "" || !Number.isInteger(port) || port < 1 || port > 65_535) return this.fail("bad-host");
    let addresses: string[];
    try {
      addresses = isIP(host.replace(/%.*$/, "")) ? [host] : (await lookup(host)).map((found) => found.address);
    } catch (error) {
      return this.fail(systemCode(error) === "EINVAL" ? "bad-host" : "unknown-host");
    }
    const home = addresses.filter(isHomeAddress).sort(byFamily);
    if (home.length === 0) {
      return addresses[0] === undefined ? this.fail("unknown-host") : this.fail("public-address", addresses[0]);
    }
    this.tryNext(home, CONNECT_LIMIT_MS / home.length);
  }

  /** Tries the addresses one after the other; reports the last one's failure. */
  private tryNext([address, ...others]: string[], limitMs: number): void {
    if (this.done || address === undefined) return;
    clearTimeout(this.limit);
    const socket = connect({
      host: address,
      port: this.target.port,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_IDLE_MS,
      noDelay: true,
    });
    this.socket = socket;
    let failure: unknown;
    this.limit = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })), limitMs);
    socket.on("connect", () => {
      clearTimeout(this.limit);
      this.opened = true;
      this.events.opened(address);
    });
    socket.on("data", (chunk) => !this.done && this.events.received(chunk));
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => {
      if (this.done) return;
      if (!this.opened && others.length > 0) return this.tryNext(others, limitMs);
      if (failure === undefined) return this.finish({ orderly: true });
      this.fail(this.opened ? lostCode(failure) : notOpenedCode(failure), systemCode(failure));
    });
  }

  private fail(code: MonitorProblemCode, detail?: string): void {
    const problem: MonitorProblem = { code, ...this.target, ...defined({ detail }) };
    this.finish({ orderly: false, problem });
  }

  private finish(end: WireEnd): void {
    if (this.done) return;
    this.done = true;
    this.release();
    this.events.ended(end);
  }

  private release(): void {
    clearTimeout(this.limit);
    this.socket?.destroy();
  }
}

/** The box's IPv4 address first: the call monitor is known to listen there on every FRITZ!OS. */
function byFamily(a: string, b: string): number {
  return isIP(a) - isIP(b);
}

const UNREACHABLE = new Set(["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL"]);

function notOpenedCode(error: unknown): MonitorProblemCode {
  const code = systemCode(error);
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ETIMEDOUT") return "timeout";
  if (code === "ECONNRESET") return "reset";
  return UNREACHABLE.has(code) ? "unreachable" : "network";
}

function lostCode(error: unknown): MonitorProblemCode {
  const code = systemCode(error);
  if (code === "ECONNRESET" || code === "EPIPE") return "reset";
  return code === "ETIMEDOUT" || UNREACHABLE.has(code) ? "silent" : "network";
}

// Tests the port of the call monitor once.

/** A box that accepts and closes within this time is no call monitor, ms. */
const STAY_MS = 300;

/** Resolves to the problem with the connection to the call monitor; undefined if it works. */
export function probeMonitor(target: TcpTarget): Promise<MonitorProblem | undefined> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (problem?: MonitorProblem) => {
      clearTimeout(timer);
      wire.close();
      resolve(problem);
    };
    const wire = dialTcp(target)({
      opened: () => (timer = setTimeout(() => finish(), STAY_MS)),
      received: () => finish(),
      ended: (end) => finish(end.orderly ? { code: "closing", ...target } : end.problem),
    });
  });
}
