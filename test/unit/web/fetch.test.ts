import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { FritzError } from "../../../src/lib/core/errors";
import { isPublicAddress } from "../../../src/lib/web/public-address";
import { createWebFetch } from "../../../src/lib/web/fetch";
import type { WebReply, WebRequest } from "../../../src/lib/web/types";

describe("the way to the web", () => {
  let server: Server;
  let port = 0;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const seen: IncomingMessage[] = [];

  before(async () => {
    server = createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen.length = 0;
    answer = (_, response) => response.end("hello");
  });

  /** All names lead to these addresses, in turn. */
  const names =
    (...addresses: string[]): LookupFunction =>
    (_hostname, options, done) => {
      const address = addresses.length > 1 ? (addresses.shift() ?? "") : (addresses[0] ?? "");
      const found = address.split(" ").map((one) => ({ address: one, family: one.includes(":") ? 6 : 4 }));
      if (options.all === true) done(null, found);
      else done(null, found[0]?.address ?? "", 4);
    };
  const never = new AbortController().signal;
  const ask = (over: Partial<WebRequest> = {}, fetch = createWebFetch()): Promise<WebReply> =>
    fetch({ url: `http://127.0.0.1:${port}/`, maxBytes: 10_000, allowPrivate: true, signal: never, ...over });
  const codeOf = async (asked: Promise<unknown>) => {
    const error = await asked.then(
      () => assert.fail("answered"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof FritzError, String(error));
    return `${error.code}${error.values["detail"] === undefined ? "" : ` ${error.values["detail"]}`}`;
  };

  describe("keeps out of the house", () => {
    it("knows what is in the house, however it is written", () => {
      const inside = [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.178.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
      ];
      inside.push("::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::a00:1");
      inside.push("224.0.0.1", "255.255.255.255", "2002:7f00:1::", "", "example.org");
      for (const address of inside) assert.equal(isPublicAddress(address), false, address);
      const outside = ["8.8.8.8", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"];
      for (const address of outside) assert.equal(isPublicAddress(address), true, address);
    });

    it("refuses addresses inside, in every spelling, unless that is ticked", async () => {
      for (const host of ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "localhost"]) {
        const url = `http://${host}:${port}/`;
        assert.equal(await codeOf(ask({ url, allowPrivate: false })), "source-private", host);
      }
      assert.equal(seen.length, 0);
      assert.equal((await ask()).text, "hello");
    });

    it("refuses a name that leads inside, also if only one of its addresses does", async () => {
      for (const addresses of ["127.0.0.1", "::1", "192.0.2.1 127.0.0.1"]) {
        const fetch = createWebFetch({ lookup: names(addresses) });
        assert.equal(
          await codeOf(ask({ url: `http://x.example:${port}/`, allowPrivate: false }, fetch)),
          "source-private",
        );
      }
      assert.equal(seen.length, 0);
    });

    it("connects to the address that was checked: a name that changes its mind gains nothing", async () => {
      const lookup = names("192.0.2.1", "127.0.0.1");
      let asked = 0;
      const counting: LookupFunction = (...all) => (asked++, lookup(...all));
      const fetch = createWebFetch({ lookup: counting });
      const url = `http://x.example:${port}/`;
      // The first answer is public, and is what is connected to; nothing answers there.
      await codeOf(ask({ url, allowPrivate: false, signal: AbortSignal.timeout(100) }, fetch));
      assert.equal(asked, 1);
      assert.equal(await codeOf(ask({ url, allowPrivate: false }, fetch)), "source-private");
      assert.equal(seen.length, 0);
    });

    it("does not lend an open connection into the house to those who may not go there", async () => {
      const fetch = createWebFetch({ lookup: names("127.0.0.1") });
      const url = `http://x.example:${port}/`;
      assert.equal((await ask({ url }, fetch)).text, "hello");
      assert.equal(await codeOf(ask({ url, allowPrivate: false }, fetch)), "source-private");
      assert.equal(seen.length, 1);
    });
  });

  describe("takes only http and https", () => {
    const bad = [
      "",
      "x",
      "ftp://x.example/",
      "file:///etc/passwd",
      "data:,x",
      "javascript:1",
      "//x.example/",
      "http://",
    ];
    for (const url of [...bad, "http://user:pass@x.example/"]) {
      it(`not "${url}"`, async () => assert.equal(await codeOf(ask({ url })), "source-address"));
    }

    it("not headers that no request may have", async () => {
      assert.equal(await codeOf(ask({ headers: { "X-A": "a\r\nHost: y" } })), "source-address");
      assert.equal(seen.length, 0);
    });
  });

  describe("redirects", () => {
    const redirect = (location: string, status = 302) => {
      answer = (request, response) => {
        if (request.url === "/end") response.end("there");
        else response.writeHead(status, { Location: location }).end();
      };
    };

    it("are followed on the same site, as many as allowed", async () => {
      redirect("/end");
      assert.equal((await ask({ redirects: 1 })).text, "there");
      assert.equal(await codeOf(ask({ redirects: 0 })), "source-redirect");
      redirect("/again");
      seen.length = 0;
      assert.equal(await codeOf(ask({ redirects: 3 })), "source-redirect");
      assert.equal(seen.length, 4);
    });

    it("are not followed to somebody else: the address may hold the number", async () => {
      const fetch = createWebFetch({ lookup: names("127.0.0.1") });
      for (const target of [
        `http://y.example:${port}/end`,
        "ftp://x.example/",
        "http://user:p@x.example/",
        "http://[",
        `http://badx.example:${port}/end`,
      ]) {
        redirect(target);
        const code = await codeOf(ask({ url: `http://x.example:${port}/`, redirects: 5 }, fetch));
        assert.match(code, /^source-(redirect|address)$/, target);
      }
      assert.ok(seen.every(({ headers }) => headers.host?.startsWith("x.example")));
    });

    it("to another host of the site carry no secret, to the same host they do; a body is not sent twice unless asked for", async () => {
      const fetch = createWebFetch({ lookup: names("127.0.0.1") });
      const secrets = { Authorization: "Bearer s" };
      const url = `http://www.x.example:${port}/`;
      redirect(`http://x.example:${port}/end`);
      await ask({ url, secrets, redirects: 1 }, fetch);
      assert.deepEqual(
        seen.map(({ headers }) => headers.authorization),
        ["Bearer s", undefined],
      );
      seen.length = 0;
      redirect("/end");
      await ask({ url, secrets, redirects: 1, method: "POST", body: "x" }, fetch);
      assert.deepEqual(
        seen.map(({ headers, method }) => [headers.authorization, method]),
        [
          ["Bearer s", "POST"],
          ["Bearer s", "GET"],
        ],
      );
      seen.length = 0;
      redirect("/end", 307);
      await ask({ url, redirects: 1, method: "POST", body: "x" }, fetch);
      assert.deepEqual(
        seen.map(({ method }) => method),
        ["POST", "POST"],
      );
    });
  });

  describe("reads bodies", () => {
    it("packed in every usual way, in their own alphabet", async () => {
      const umlauts = "Müller & Söhne";
      for (const [encoding, pack] of [
        ["gzip", gzipSync],
        ["deflate", deflateSync],
        ["br", brotliCompressSync],
      ] as const) {
        answer = (_, response) => response.setHeader("Content-Encoding", encoding).end(pack(umlauts));
        assert.equal((await ask()).text, umlauts, encoding);
      }
      answer = (_, response) =>
        response.setHeader("Content-Type", "text/html; charset=ISO-8859-1").end(Buffer.from(umlauts, "latin1"));
      const { text, type } = await ask();
      assert.deepEqual([text, type], [umlauts, "text/html"]);
      const html = `<meta charset="windows-1252">${umlauts}`;
      answer = (_, response) => response.end(Buffer.from(html, "latin1"));
      assert.equal((await ask()).text, html);
      answer = (_, response) => response.setHeader("Content-Type", "text/html; charset=nonsense").end(umlauts);
      assert.equal((await ask()).text, umlauts);
    });

    it("not longer than allowed, also when they unpack to more", async () => {
      answer = (_, response) => response.end("x".repeat(10_001));
      assert.equal(await codeOf(ask()), "source-reply size");
      answer = (_, response) => response.setHeader("Content-Encoding", "gzip").end(gzipSync(Buffer.alloc(5_000_000)));
      assert.equal(await codeOf(ask()), "source-reply size");
      answer = (_, response) => response.end("x".repeat(10_000));
      assert.equal((await ask()).text.length, 10_000);
    });

    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "none", ""]) {
      it(`as they are under the encoding "${name}", which is none`, async () => {
        answer = (_, response) => response.setHeader("Content-Encoding", name).end("hello");
        assert.equal((await ask()).text, "hello");
      });
    }

    it("only whole ones", async () => {
      answer = (_, response) => {
        response.writeHead(200, { "Content-Length": "100" });
        response.write("half", () => response.destroy());
      };
      assert.equal(await codeOf(ask()), "source-reply cut");
      answer = (_, response) => response.setHeader("Content-Encoding", "gzip").end(gzipSync("hello").subarray(0, 15));
      assert.equal(await codeOf(ask()), "source-reply packed");
      answer = (_, response) => response.setHeader("Content-Encoding", "gzip").end("no gzip");
      assert.equal(await codeOf(ask()), "source-reply packed");
    });

    it("with any status, and how long to stay away", async () => {
      answer = (_, response) => response.writeHead(429, { "Retry-After": "120" }).end("no");
      assert.deepEqual(await ask(), { status: 429, type: "", text: "no", retryAfterMs: 120_000 });
      answer = (_, response) =>
        response.writeHead(503, { "Retry-After": new Date(Date.now() + 3_600_000).toUTCString() }).end();
      const { retryAfterMs = 0 } = await ask();
      assert.ok(retryAfterMs > 3_500_000 && retryAfterMs <= 3_600_000, String(retryAfterMs));
      answer = (_, response) => response.writeHead(503, { "Retry-After": "99999999999" }).end();
      assert.equal((await ask()).retryAfterMs, 86_400_000);
    });
  });

  it("says honestly who asks", async () => {
    await ask();
    assert.match(
      seen[0]?.headers["user-agent"] ?? "",
      /^node-red-contrib-fritz-calls\/\d\S* \(\+https:\/\/github\.com\/\S+\)$/,
    );
  });

  it("stops when it is told to, before, during and after the head of the answer", async () => {
    const gone = AbortSignal.abort(new Error("gone"));
    await assert.rejects(ask({ signal: gone }), /^Error: gone$/);
    for (const begin of [() => undefined, (response: ServerResponse) => void response.write("begin")]) {
      answer = (_, response) => begin(response);
      const stop = new AbortController();
      const asked = ask({ signal: stop.signal });
      setTimeout(() => stop.abort(new Error("stop")), 20);
      await assert.rejects(asked, /^Error: stop$/);
    }
    answer = () => undefined;
    assert.equal(await codeOf(ask({ signal: AbortSignal.timeout(20) })), "source-timeout");
  });

  it("says what is wrong on the way, without the address", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port: closed } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    assert.equal(
      await codeOf(ask({ url: `http://127.0.0.1:${closed}/03023125042` })),
      "source-unreachable ECONNREFUSED",
    );
    assert.match(await codeOf(ask({ url: `https://127.0.0.1:${port}/` })), /^source-(tls|unreachable) /);
    const failing: LookupFunction = (_host, _options, done) =>
      done(Object.assign(new Error("03023125042"), { code: "ENOTFOUND" }), "", 4);
    assert.equal(
      await codeOf(ask({ url: "http://x.example/" }, createWebFetch({ lookup: failing }))),
      "source-unknown-host",
    );
  });
});
