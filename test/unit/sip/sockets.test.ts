/** SIP over real sockets of this computer: what is heard from the box only, and what is sent back over the same way. */
import assert from "node:assert/strict";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Link } from "../../../src/lib/sip/link";
import { headerOf, parseMessage, type SipMessage } from "../../../src/lib/sip/message";
import { openTcp, openUdp } from "../../../src/lib/sip/sockets";
import type { Path } from "../../../src/lib/sip/transactions";
import { FakeClock } from "../../support/fake-clock";

const HERE = "127.0.0.1";
const text = (branch: string, body = "") =>
  [
    ...["OPTIONS sip:a@127.0.0.1 SIP/2.0", `Via: SIP/2.0/UDP 127.0.0.1;branch=${branch}`, "From: <sip:1@b>;tag=1"],
    ...["To: <sip:2@c>", `Call-ID: ${branch}`, "CSeq: 1 OPTIONS", `Content-Length: ${body.length}`, "", body],
  ].join("\r\n");
const message = (branch: string): SipMessage => parseMessage(Buffer.from(text(branch))) ?? assert.fail();
const idOf = (bytes: Buffer | SipMessage | undefined) => {
  const found = Buffer.isBuffer(bytes) ? parseMessage(bytes) : bytes;
  return found && headerOf(found, "call-id");
};

/** What a link tells, and a wait for the next message. */
class Heard {
  readonly ids: (string | undefined)[] = [];
  readonly paths: Path[] = [];
  lostCount = 0;
  private wake = () => {};

  message = (heard: SipMessage, path: Path) => {
    this.ids.push(idOf(heard));
    this.paths.push(path);
    this.wake();
  };
  lost = () => {
    this.lostCount++;
    this.wake();
  };
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

describe("SIP over sockets", () => {
  const cleanUp: (() => unknown)[] = [];
  afterEach(async () => {
    for (const run of cleanUp.splice(0).reverse()) await run();
  });

  const place = (port: number, more: object = {}) => ({ address: HERE, addresses: [HERE], port, local: HERE, ...more });

  describe("UDP", () => {
    async function peer(): Promise<{ socket: UdpSocket; port: number }> {
      const socket = createSocket("udp4");
      await new Promise<void>((resolve) => socket.bind(0, HERE, resolve));
      cleanUp.push(() => socket.close());
      return { socket, port: socket.address().port };
    }

    async function open(port: number, more: { place?: object; localPort?: number } = {}) {
      const heard = new Heard();
      const link = await openUdp(
        { place: place(port, more.place), localPort: more.localPort ?? 0, clock: new FakeClock() },
        heard,
      );
      let open = true;
      const close = () => open && ((open = false), link.close());
      cleanUp.push(close);
      return { heard, link, close };
    }

    it("sends to the box and hears it, each way back to where a message came from", async () => {
      const { socket, port } = await peer();
      const { heard, link } = await open(port);
      assert.deepEqual([link.transport, link.local.host, link.media.host], ["udp", HERE, HERE]);
      const first = once(socket, "message");
      link.box.send(message("to-box"));
      assert.equal(idOf((await first)[0] as Buffer), "to-box");
      socket.send(text("from-box"), link.local.port, HERE);
      await heard.until(() => heard.ids.length === 1);
      const back = once(socket, "message");
      heard.paths[0]?.send(message("back"));
      assert.equal(idOf((await back)[0] as Buffer), "back");
      assert.deepEqual([heard.ids, heard.paths[0]?.reliable, heard.paths[0]?.port], [["from-box"], false, port]);
    });

    it("hears neither other addresses nor what is no message, and has no way to them", async () => {
      const { socket, port } = await peer();
      const { heard, link } = await open(port, { place: { address: "127.0.0.2", addresses: ["127.0.0.2", HERE] } });
      const stranger = await open(port, { place: { address: "127.0.0.2", addresses: ["127.0.0.2"] } });
      for (const to of [link.local.port, stranger.link.local.port]) {
        socket.send("no message", to, HERE);
        socket.send(text("from-here"), to, HERE);
      }
      await heard.until(() => heard.ids.length === 1);
      assert.deepEqual([heard.ids, stranger.heard.ids], [["from-here"], []]);
      assert.equal(link.pathTo("127.0.0.3", 5060), undefined);
      assert.equal(link.pathTo("::ffff:127.0.0.1", 5062)?.port, 5062);
    });

    it("loses what is sent after its end, like any packet", async () => {
      const { port } = await peer();
      const { link, close } = await open(port);
      close();
      link.box.send(message("late"));
    });

    it("says which port is taken", async () => {
      const { port } = await peer();
      await assert.rejects(open(port, { localPort: port }), {
        ...{ code: "sip-port", retry: true, values: { port, detail: "EADDRINUSE" } },
      });
    });
  });

  describe("TCP", () => {
    async function peer() {
      const sockets: Socket[] = [];
      const server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
      await new Promise<void>((resolve) => server.listen(0, HERE, resolve));
      cleanUp.push(() => new Promise((resolve) => (sockets.forEach((one) => one.destroy()), server.close(resolve))));
      const connections = async (count: number) => {
        while (sockets.length < count) await once(server, "connection");
        return sockets;
      };
      return { connections, server, port: (server.address() as AddressInfo).port };
    }

    async function open(port: number, more: { place?: object; localPort?: number } = {}) {
      const [heard, clock] = [new Heard(), new FakeClock()];
      const link: Link = await openTcp(
        { place: place(port, more.place), localPort: more.localPort ?? 0, clock },
        heard,
      );
      let open = true;
      const close = () => open && ((open = false), link.close());
      cleanUp.push(close);
      return { heard, clock, link, close };
    }

    it("sends and hears over its connection, messages cut anywhere, and keeps it alive with blank lines", async () => {
      const { connections, port } = await peer();
      const { heard, clock, link } = await open(port);
      link.box.send(message("to-box"));
      const [box] = await connections(1);
      assert.equal(idOf((await once(box!, "data"))[0] as Buffer), "to-box");
      const both = text("one", "body") + text("two");
      box!.write(both.slice(0, 100));
      box!.write(both.slice(100));
      await heard.until(() => heard.ids.length === 2);
      const blank = once(box!, "data");
      clock.advance(30_000);
      assert.equal(String((await blank)[0]), "\r\n\r\n");
      assert.deepEqual([heard.ids, link.transport, link.box.reliable], [["one", "two"], "tcp", true]);
      assert.deepEqual([link.pathTo(HERE, 1)?.port, link.pathTo("127.0.0.3", 1)], [port, undefined]);
    });

    it("takes connections at its own port from the box alone", async () => {
      const { port } = await peer();
      const { heard, link } = await open(port);
      const dial = async (localAddress: string) => {
        const socket = connect({ host: HERE, port: link.local.port, localAddress });
        cleanUp.push(() => socket.destroy());
        await once(socket, "connect");
        return socket;
      };
      const other = await dial("127.0.0.2");
      await once(
        other.on("error", () => undefined),
        "close",
      );
      (await dial(HERE)).write(text("from-box"));
      await heard.until(() => heard.ids.length === 1);
      assert.deepEqual(heard.ids, ["from-box"]);
    });

    it("ends a connection that sends something else without an end, and says so once", async () => {
      const { connections, port } = await peer();
      const { heard, link, close } = await open(port);
      link.box.send(message("hello"));
      const [box] = await connections(1);
      await once(box!, "data");
      box!.write("x".repeat(200_000));
      await heard.until(() => heard.lostCount > 0);
      close();
      assert.deepEqual([heard.ids, heard.lostCount], [[], 1]);
    });

    it("says which port is taken, and that there is no box", async () => {
      const { server, port } = await peer();
      const taken = { code: "sip-port", values: { port, detail: "EADDRINUSE" } };
      await assert.rejects(open(port, { localPort: port }), taken);
      await new Promise((resolve) => server.close(resolve));
      const refused = { code: "sip-unreachable", values: { detail: "ECONNREFUSED" } };
      await assert.rejects(open(port), refused);
    });
  });
});
