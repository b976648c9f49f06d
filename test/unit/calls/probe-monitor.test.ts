/** One look at the port of a call monitor. */
import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { probeMonitor } from "../../../src/lib/calls/tcp-connection";

describe("one look at the port of a call monitor", () => {
  const host = "127.0.0.1";

  /** The problem with a port that does this with a connection, which is closed afterwards. */
  async function found(accept: (socket: Socket) => void) {
    const server = createServer((socket) => accept(socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    const problem = await probeMonitor({ host, port });
    await new Promise((resolve) => server.close(resolve)); // which waits for every connection
    return { problem, port };
  }

  it("finds one that stays silent, or says a line at once", async () => {
    assert.equal((await found(() => undefined)).problem, undefined);
    assert.equal((await found((socket) => socket.write("18.03.26 22:35:21;DISCONNECT;0;0;\r\n"))).problem, undefined);
  });

  it("finds none that closes or resets at once", async () => {
    const { problem, port } = await found((socket) => socket.end());
    assert.deepEqual(problem, { code: "closing", host, port });
    const reset = await found((socket) => socket.resetAndDestroy());
    assert.deepEqual(reset.problem, { code: "reset", host, port: reset.port, detail: "ECONNRESET" });
  });

  it("finds none at a port without a listener", async () => {
    const { port } = await found((socket) => socket.end());
    assert.deepEqual(await probeMonitor({ host, port }), { code: "refused", host, port, detail: "ECONNREFUSED" });
  });
});
