import assert from "node:assert/strict";
import { mock } from "node:test";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { dialTcp } from "../../../src/lib/calls/tcp-connection";
import type { Wire, WireEnd, WireEvents } from "../../../src/lib/calls/connection";

/** A call monitor on loopback, with its open sockets. */
class Monitor {
  readonly sockets: Socket[] = [];
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(host = "127.0.0.1"): Promise<Monitor> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, host, resolve));
    const monitor = new Monitor(server, (server.address() as AddressInfo).port);
    server.on("connection", (socket) => {
      socket.on("error", () => undefined);
      monitor.sockets.push(socket);
    });
    return monitor;
  }

  async socket(): Promise<Socket> {
    await until(() => this.sockets.length > 0);
    return this.sockets[0] ?? assert.fail();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
/** Long enough for anything that loopback has under way to arrive. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 30));

/** Everything that a wire tells, in order. */
class Recorded implements WireEvents {
  readonly log: string[] = [];
  end: WireEnd | undefined;
  text = "";

  opened(address: string): void {
    this.log.push(`opened ${address}`);
  }
  received(chunk: Uint8Array): void {
    this.text += Buffer.from(chunk).toString();
    if (this.log.at(-1) !== "received") this.log.push("received");
  }
  ended(end: WireEnd): void {
    this.end = end;
    this.log.push(end.orderly ? "ended" : `ended ${end.problem.code}`);
  }
}

const addresses =
  (...list: string[]) =>
  () =>
    Promise.resolve(list.map((address) => ({ address })));

/** A port on loopback without a listener. */
async function freePort(): Promise<number> {
  const monitor = await Monitor.start();
  await monitor.stop();
  return monitor.port;
}

describe("dialTcp", () => {
  const cleanUp: (() => unknown)[] = [];
  afterEach(async () => {
    for (const run of cleanUp.splice(0).reverse()) await run();
  });

  async function monitorAt(host?: string): Promise<Monitor> {
    const monitor = await Monitor.start(host);
    cleanUp.push(() => monitor.stop());
    return monitor;
  }

  function dial(host: string, port: number, lookup?: (host: string) => Promise<{ address: string }[]>) {
    const reported = new Recorded();
    const wire: Wire = dialTcp({ host, port }, lookup)(reported);
    cleanUp.push(() => wire.close());
    return { reported, wire };
  }

  /** The whole story of a wire that ends by itself. */
  async function story(...args: Parameters<typeof dial>): Promise<Recorded> {
    const { reported } = dial(...args);
    assert.deepEqual(reported.log, [], "nothing before the caller has its wire");
    await until(() => reported.end !== undefined);
    await aMoment();
    return reported;
  }

  it("opened once, bytes in order, ended once and in order", async () => {
    const monitor = await monitorAt();
    const { reported } = dial("127.0.0.1", monitor.port);
    const socket = await monitor.socket();
    socket.write("RING\r\n");
    await until(() => reported.text === "RING\r\n");
    socket.end("CONNECT\r\n");
    await until(() => reported.end !== undefined);
    await aMoment();
    assert.equal(reported.text, "RING\r\nCONNECT\r\n");
    assert.deepEqual(reported.log, ["opened 127.0.0.1", "received", "ended"]);
  });

  it("a connection that the box resets", async () => {
    const monitor = await monitorAt();
    const { reported } = dial("127.0.0.1", monitor.port);
    (await monitor.socket()).resetAndDestroy();
    await until(() => reported.end !== undefined);
    await aMoment();
    assert.deepEqual(reported.log, ["opened 127.0.0.1", "ended reset"]);
  });

  it("refused, with where it was", async () => {
    const port = await freePort();
    const reported = await story("127.0.0.1", port);
    assert.deepEqual(reported.log, ["ended refused"]);
    const problem = { code: "refused", host: "127.0.0.1", port, detail: "ECONNREFUSED" };
    assert.deepEqual(reported.end, { orderly: false, problem });
  });

  it("a name is looked up, for every connection anew", async () => {
    const monitor = await monitorAt();
    const asked: string[] = [];
    const lookup = (host: string) => {
      asked.push(host);
      return addresses("127.0.0.1")();
    };
    const tcp = dialTcp({ host: "fritz.box", port: monitor.port }, lookup);
    for (let i = 1; i <= 2; i++) {
      const reported = new Recorded();
      const wire = tcp(reported);
      await until(() => reported.log.length > 0);
      assert.deepEqual(reported.log, ["opened 127.0.0.1"]);
      wire.close();
      assert.equal(asked.length, i);
    }
    assert.deepEqual(asked, ["fritz.box", "fritz.box"]);
  });

  it("an address is not looked up", async () => {
    const monitor = await monitorAt();
    const { reported } = dial("127.0.0.1", monitor.port, () => assert.fail("looked up"));
    await until(() => reported.log.length > 0);
    assert.deepEqual(reported.log, ["opened 127.0.0.1"]);
  });

  for (const [what, lookup, code] of [
    ["an unknown name", () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" })), "unknown-host"],
    [
      "a name server that does not answer",
      () => Promise.reject(Object.assign(new Error("x"), { code: "EAI_AGAIN" })),
      "unknown-host",
    ],
    ["a name without address", addresses(), "unknown-host"],
    ["a name that is none", () => Promise.reject(Object.assign(new Error("x"), { code: "EINVAL" })), "bad-host"],
  ] as const) {
    it(`${what}: ${code}`, async () => {
      assert.deepEqual((await story("fritz.box", 1012, lookup)).log, [`ended ${code}`]);
    });
  }

  it("a look-up that never answers: timeout, once", async () => {
    const limits: { run: () => void; ms: number | undefined }[] = [];
    const idle = setTimeout(() => undefined, 0);
    const fake = mock.method(globalThis, "setTimeout", ((run: () => void, ms?: number) => {
      limits.push({ run, ms });
      return idle;
    }) as typeof setTimeout);
    const { reported } = dial("fritz.box", 1012, () => new Promise(() => undefined));
    fake.mock.restore();
    await aMoment();
    assert.deepEqual([reported.log, limits.map(({ ms }) => ms)], [[], [10_000]]);
    for (let i = 0; i < 2; i++) limits[0]?.run();
    await aMoment();
    assert.deepEqual(reported.log, ["ended timeout"]);
  });

  it("a look-up that throws at once is an end like any", async () => {
    const reported = await story("fritz.box", 1012, () => {
      throw new Error("at once");
    });
    assert.deepEqual(reported.log, ["ended unknown-host"]);
  });

  for (const [what, host, list] of [
    ["a public address", "8.8.8.8", []],
    ["a name with a public address", "fritz.box", ["93.184.216.34"]],
    ["a name with public addresses only", "fritz.box", ["93.184.216.34", "2606:4700:4700::1111"]],
  ] as const) {
    it(`${what} is never dialled`, async () => {
      const reported = await story(host, 1012, addresses(...list));
      assert.deepEqual(reported.log, ["ended public-address"]);
      const problem = { code: "public-address", host, port: 1012, detail: list[0] ?? host };
      assert.deepEqual(reported.end, { orderly: false, problem });
    });
  }

  it("of a public and a home address the one at home is dialled", async () => {
    const monitor = await monitorAt();
    const { reported } = dial("fritz.box", monitor.port, addresses("93.184.216.34", "127.0.0.1"));
    await until(() => reported.log.length > 0);
    assert.deepEqual(reported.log, ["opened 127.0.0.1"]);
  });

  it("addresses are tried one after the other, and that stays unsaid", async () => {
    const monitor = await monitorAt("127.0.0.3");
    const list = addresses("127.0.0.1", "127.0.0.2", "127.0.0.3");
    const { reported } = dial("fritz.box", monitor.port, list);
    await until(() => reported.log.length > 0);
    assert.deepEqual(reported.log, ["opened 127.0.0.3"]);
    (await monitor.socket()).end();
    await until(() => reported.end !== undefined);
    await aMoment();
    assert.deepEqual(reported.log, ["opened 127.0.0.3", "ended"], "an end is no reason to try others");
  });

  it("if all refuse it is refused, once", async () => {
    const reported = await story("fritz.box", await freePort(), addresses("127.0.0.1", "127.0.0.2"));
    assert.deepEqual(reported.log, ["ended refused"]);
  });

  it("IPv4 before IPv6", async () => {
    const monitor = await monitorAt();
    const { reported } = dial("fritz.box", monitor.port, addresses("::1", "127.0.0.1"));
    await until(() => reported.log.length > 0);
    assert.deepEqual(reported.log, ["opened 127.0.0.1"]);
  });

  for (const [host, port] of [
    ["", 1012],
    ["127.0.0.1", 0],
    ["127.0.0.1", -1],
    ["127.0.0.1", 65_536],
    ["127.0.0.1", 10.5],
    ["127.0.0.1", NaN],
  ] as const) {
    it(`no usable place: ${JSON.stringify(host)}, port ${port}`, async () => {
      assert.deepEqual((await story(host, port)).log, ["ended bad-host"]);
    });
  }

  for (const when of ["at once", "while looking up", "when opened"] as const) {
    it(`closed ${when}: not a word more`, async () => {
      const monitor = await monitorAt();
      let answer: () => void = () => undefined;
      const lookup = () =>
        new Promise<{ address: string }[]>((found) => (answer = () => found([{ address: "127.0.0.1" }])));
      const { reported, wire } = dial(when === "while looking up" ? "fritz.box" : "127.0.0.1", monitor.port, lookup);
      if (when === "when opened") (await monitor.socket()).write("RING\r\n");
      const before = [...reported.log];
      wire.close();
      answer();
      wire.close();
      for (const socket of monitor.sockets) socket.end("late\r\n");
      await aMoment();
      assert.deepEqual(reported.log, before);
      assert.equal(monitor.sockets.length, when === "when opened" ? 1 : 0);
    });
  }

  it("closed from within a callback: not a word more", async () => {
    const monitor = await monitorAt();
    const reported = new Recorded();
    const wire = dialTcp({ host: "127.0.0.1", port: monitor.port })({
      opened: (address) => (reported.opened(address), wire.close()),
      received: (chunk) => reported.received(chunk),
      ended: (end) => reported.ended(end),
    });
    const socket = await monitor.socket();
    socket.end("RING\r\n");
    await aMoment();
    assert.deepEqual(reported.log, ["opened 127.0.0.1"]);
    assert.equal(socket.destroyed, true, "the box's side sees the end");
  });
});
