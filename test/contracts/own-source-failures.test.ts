/** However an own source fails: neither the caller's number nor the key stands in the failure. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { FritzError } from "../../src/lib/core/errors";
import { normalizeNumber } from "../../src/lib/numbers/index";
import { sourceOf, sourceTools } from "../support/source-tools";

const KEY = "K3y-of-the-user";
const PLAN = { countryCode: "49", areaCode: "30" };
const WRITTEN = "030 23125042";
const SECRETS = /23125|312504|K3y|\?k=/;

/** What a server may do with a request; each is a failure of the source. */
const FAILURES: Record<string, (socket: Socket, request: IncomingMessage) => void> = {
  "refuses it with the address in the status line": (socket, { url }) => socket.end(`HTTP/1.1 500 ${url}\r\n\r\n`),
  "says it is not found": (socket, { url }) => socket.end(`HTTP/1.1 404 No ${url}\r\n\r\nno ${url}`),
  "names the address as the type": (socket, { url }) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Type: image/${url?.slice(1)}\r\nContent-Length: 1\r\n\r\nx`),
  "names the address as the encoding": (socket, { url }) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Encoding: ${url}\r\nContent-Type: image/png\r\n\r\nx`),
  "answers with a page that quotes it": (socket, { url }) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n<p>${url}</p>`),
  "redirects to a stranger": (socket, { url }) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: https://x.example${url}\r\nContent-Length: 0\r\n\r\n`),
  "redirects to nowhere": (socket, { url }) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: http://[${url}\r\nContent-Length: 0\r\n\r\n`),
  "redirects in circles": (socket, { url }) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`),
  "does not speak HTTP": (socket, { url }) => socket.end(`${url}\r\n\r\n`),
  "hangs up": (socket) => socket.destroy(),
  "sends half": (socket, { url }) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${url}`),
  "asks for a login": (socket, { url }) => socket.end(`HTTP/1.1 401 No\r\nWWW-Authenticate: x realm="${url}"\r\n\r\n`),
};

describe("a user's own source with a key in its address", () => {
  let server: Server;
  let fail: (socket: Socket, request: IncomingMessage) => void = () => undefined;
  before((done) => {
    server = createServer((request) => fail(request.socket, request));
    server.listen(0, "127.0.0.1", done);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (port: number) => {
    const descriptor = {
      ...{ id: "mine", label: "Mine", kind: ["name"] },
      request: { url: `http://127.0.0.1:${port}/{national}?k={key}`, redirects: 2, timeoutMs: 2000 },
      response: { type: "json", fields: { name: { json: "/name" } } },
    };
    const tools = sourceTools({ secrets: { customKey1: KEY } });
    const source = sourceOf({ id: "mine", descriptor, keySlot: 1, allowPrivate: true }, tools);
    const number = normalizeNumber(WRITTEN, PLAN);
    return source.lookup({ written: WRITTEN, number, plan: PLAN }, AbortSignal.timeout(5_000)).then(
      (answer) => assert.fail(`answered ${JSON.stringify(answer)}`),
      (error: unknown) => error,
    );
  };

  for (const [what, how] of Object.entries(FAILURES)) {
    it(`keeps both to itself when its server ${what}`, async () => {
      fail = how;
      const error = await ask((server.address() as AddressInfo).port);
      assert.ok(error instanceof FritzError, String(error));
      assert.doesNotMatch(`${error.message} ${JSON.stringify(error.values)}`, SECRETS);
    });
  }

  it("keeps both to itself when there is no server", async () => {
    const error = await ask(1);
    assert.ok(error instanceof FritzError, String(error));
    assert.doesNotMatch(`${error.message} ${JSON.stringify(error.values)}`, SECRETS);
  });
});
