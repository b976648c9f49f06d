/** Answers that must neither hang a request nor stop the event loop. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { decodeText } from "../../../src/lib/core/text";
import { FritzError } from "../../../src/lib/core/errors";
import { BoxBooks } from "../../../src/lib/phonebook/box-books";
import { BoxHttp } from "../../../src/lib/tr064/http";
import { FakeTr064 } from "../../support/fake-tr064";

describe("limits of a box's answers", () => {
  let server: Server;
  let reply = "";

  beforeEach((done) => {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.write(reply));
    });
    server.listen(0, "127.0.0.1", done);
  });
  afterEach((done) => void server.close(done));

  const ask = (maxBytes?: number, timeoutMs = 200) => {
    const { port } = server.address() as AddressInfo;
    const http = new BoxHttp({ host: "127.0.0.1", port, tls: false, fingerprint: "", timeoutMs, maxBytes: 1e6 });
    const answer = http.send({ method: "GET", path: "/", ...(maxBytes !== undefined && { maxBytes }) });
    return answer.finally(() => http.close());
  };

  for (const [what, text, code] of [
    ["HTTP 101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "box-reply"],
    ["HTTP 100 and no more", "HTTP/1.1 100 Continue\r\n\r\n", "box-timeout"],
    ["a head without an end", "HTTP/1.1 200 OK\r\nA: b\r\n", "box-timeout"],
    ["a body that stops", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "box-timeout"],
    ["nothing", "", "box-timeout"],
    ["no HTTP", "SSH-2.0-x\r\n", "box-unreachable"],
  ] as const) {
    it(`${what} ends as ${code}`, async () => {
      reply = text;
      await assert.rejects(ask(), (error) => error instanceof FritzError && error.code === code);
    });
  }

  it("a body of a byte now and then ends as box-timeout, although it is never silent for long", async () => {
    reply = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    const drops = new Set<NodeJS.Timeout>();
    server.on("connection", (socket) => {
      drops.add(setInterval(() => socket.write("x"), 20));
    });
    try {
      await assert.rejects(ask(undefined, 50), { code: "box-timeout" });
    } finally {
      for (const drop of drops) clearInterval(drop);
    }
  });

  it("a body that is longer than this request may have is refused", async () => {
    reply = `HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${"x".repeat(1000)}`;
    assert.equal((await ask()).body.length, 1000);
    await assert.rejects(ask(999), { code: "box-reply" });
  });

  it("200,000 ids of books are not asked for one by one, and the list counts as incomplete", async () => {
    const box = new FakeTr064({
      "X_AVM-DE_OnTel:1#GetPhonebookList": { NewPhonebookList: Array.from({ length: 200_000 }, (_, i) => i).join() },
      "X_AVM-DE_OnTel:1#GetPhonebook": { NewPhonebookName: "A" },
    });
    const { books, complete } = await new BoxBooks(box).list();
    assert.deepEqual([books.length, complete], [100, false]);
    assert.ok(box.asked.length < 110);
  });

  it("Latin-1 and UTF-8 in one document are both read", () => {
    const mixed = Buffer.concat([Buffer.from("<a>Müller €😀</a>", "utf8"), Buffer.from("<b>Jäger ÿ</b>", "latin1")]);
    assert.equal(decodeText(mixed), "<a>Müller €😀</a><b>Jäger ÿ</b>");
    assert.equal(decodeText(Buffer.from("ÄÖÜ ß", "latin1")), "ÄÖÜ ß");
  });
});
