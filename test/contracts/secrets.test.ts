/** However a service fails, and whatever it throws back of what it was asked: no failure quotes the key, the number, the path or the query. */
import assert from "node:assert/strict";
import { lookup } from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo, LookupFunction, Socket } from "node:net";
import fc from "fast-check";
import { FritzError } from "../../src/lib/core/errors";
import { normalizeNumber } from "../../src/lib/numbers/index";
import { faultOfDescriptor } from "../../src/lib/callers/described/descriptor-schema";
import { offeredSources } from "../../src/lib/callers/sources/index";
import type { SourceEntry } from "../../src/lib/callers/sources/index";
import { createWebFetch } from "../../src/lib/web/fetch";
import { sourceOf, sourceTools } from "../support/source-tools";

const KEY = "K3y-0f.the~user";
const NUMBERS: Record<string, string> = {
  searchch: "+41443921142",
  herold: "+4313921142",
  dasschnelle: "+4313921142",
  "118712": "+33139211420",
};
/** The key, also encoded or in capitals, and the last digits of the numbers. */
const SECRETS = /k3y|0f\.the|23125|39211|\?k=/i;
const PLAN = { countryCode: "49", areaCode: "30" };
const HOST = "service.example";

/** `*.service.example` is this computer, but for names that a server has made up of what it was asked. */
const names: LookupFunction = (hostname, options, done) =>
  hostname === HOST
    ? lookup("127.0.0.1", options, done)
    : done(Object.assign(new Error(hostname), { code: "ENOTFOUND" }), "", 4);

/** Where a server may put what it was asked. */
const REPLIES: Record<string, (asked: string) => string> = {
  "status line": (asked) => `HTTP/1.1 500 ${asked}\r\nContent-Length: 0\r\n\r\n`,
  "odd status": (asked) => `HTTP/1.1 299 ${asked}\r\nContent-Length: 0\r\n\r\n`,
  "turned away": (asked) => `HTTP/1.1 403 ${asked}\r\nRetry-After: ${asked}\r\nContent-Length: 0\r\n\r\n`,
  login: (asked) => `HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="${asked}"\r\nContent-Length: 0\r\n\r\n`,
  type: (asked) => `HTTP/1.1 200 OK\r\nContent-Type: image/${asked}\r\nContent-Length: 1\r\n\r\nx`,
  "character set": (asked) =>
    `HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=${asked}\r\nContent-Length: 1\r\n\r\nx`,
  encoding: (asked) => `HTTP/1.1 200 OK\r\nContent-Encoding: ${asked}\r\nContent-Length: 1\r\n\r\nx`,
  length: (asked) => `HTTP/1.1 200 OK\r\nContent-Length: ${asked}\r\n\r\nx`,
  "header name": (asked) => `HTTP/1.1 200 OK\r\n${asked}: x\r\nContent-Type: image/png\r\nContent-Length: 1\r\n\r\nx`,
  "half a body": (asked) => `HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${asked}`,
  body: (asked) =>
    `HTTP/1.1 500 No\r\nContent-Length: ${Buffer.byteLength(asked)}\r\nConnection: close\r\n\r\n${asked}`,
  page: (asked) => `HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n{"error":"${asked}"}`,
  captcha: (asked) => `HTTP/1.1 403 No\r\nContent-Type: text/html\r\nConnection: close\r\n\r\ncaptcha ${asked}`,
  stranger: (asked) => `HTTP/1.1 302 Found\r\nLocation: https://x.example/${asked}\r\nContent-Length: 0\r\n\r\n`,
  "own name": (asked) => `HTTP/1.1 302 Found\r\nLocation: http://${asked}.${HOST}/\r\nContent-Length: 0\r\n\r\n`,
  "own user": (asked) => `HTTP/1.1 302 Found\r\nLocation: http://${asked}@${HOST}/\r\nContent-Length: 0\r\n\r\n`,
  "broken address": (asked) => `HTTP/1.1 302 Found\r\nLocation: http://[${asked}\r\nContent-Length: 0\r\n\r\n`,
  "no HTTP": (asked) => `${asked}\r\n\r\n`,
  nothing: () => "",
};

describe("contract: secrets stay in the request", function () {
  let server: Server;
  let base = "";
  let reply: (asked: string) => string = () => "";
  const heard: string[] = [];
  before((done) => {
    server = createServer((request) => {
      let body = "";
      request.on("data", (data) => (body += String(data)));
      request.on("end", () => {
        const asked = [request.url, ...request.rawHeaders, body].join(" ");
        heard.push(decodeURIComponent(asked.replace(/%(?![0-9a-f]{2})/gi, "%25")));
        answer(request.socket, asked);
      });
    });
    server.listen(0, "127.0.0.1", () => {
      base = `http://${HOST}:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  /** As a token and as it stands; control characters would only break the reply. */
  const answer = (socket: Socket, asked: string) => {
    const [token = ""] = asked.replace(/[^\w.~-]+/g, "-").match(/(K3y.{0,40}|\d{5,}.{0,40})/) ?? [asked.slice(0, 60)];
    socket.end(reply(fitsHost ? token : asked.replace(/[\r\n]/g, " ").slice(0, 500)));
  };
  let fitsHost = false;

  async function failureOf(entry: SourceEntry, how: keyof typeof REPLIES, token: boolean): Promise<void> {
    reply = REPLIES[how] ?? reply;
    fitsHost = token;
    const secrets = { phoneblockToken: KEY, tellowsKey: KEY, searchchKey: KEY, customKey1: KEY };
    const tools = sourceTools({ secrets, fetch: createWebFetch({ lookup: names }) });
    const source = sourceOf({ ...entry, allowPrivate: true }, tools);
    const number = normalizeNumber(NUMBERS[entry.id] ?? "+493023125042", PLAN);
    const written = number.e164 ?? "";
    const error = await source.lookup({ written, number, plan: PLAN }, AbortSignal.timeout(120_000)).then(
      () => undefined, // it may read the answer as "unknown"
      (failure: unknown) => failure,
    );
    if (error === undefined) return;
    assert.ok(error instanceof FritzError, `${entry.id}, ${how}: no FritzError`);
    const said = `${error.message} ${JSON.stringify(error.values)}`;
    assert.doesNotMatch(said, SECRETS, `${entry.id}, ${how}: ${said}`);
  }

  for (const { id } of offeredSources().filter(({ local }) => !local)) {
    it(id, async () => {
      for (const how of Object.keys(REPLIES)) {
        for (const token of [true, false]) await failureOf({ id, baseUrl: base }, how, token);
      }
      assert.ok(heard.length > 0);
    });
  }

  it("any source of a user, with the key wherever it may stand", async () => {
    heard.length = 0;
    const places = fc.record({
      auth: fc.constantFrom("none", "query:k", "bearer", "header:X-Key", "md5header:X-Key"),
      path: fc.constantFrom("/{national}", "/{key}/{nsn}", "/x", "/{e164|url}?a=1"),
      query: fc.constantFrom("", "k={key}", "n={digits}&k={key|url}"),
      header: fc.constantFrom({}, { "X-Own": "{key} {e164}" }),
      body: fc.constantFrom(undefined, "k={key}&n={national}", '{"k":"{key}","n":"{e164}"}'),
      type: fc.constantFrom("json", "html", "xml", "text"),
    });
    const hows = fc.constantFrom(...Object.keys(REPLIES));
    await fc.assert(
      fc.asyncProperty(places, hows, fc.boolean(), async ({ auth, path, query, header, body, type }, how, token) => {
        const url = `${base}${path}${query === "" ? "" : `${path.includes("?") ? "&" : "?"}${query}`}`;
        const request = {
          ...{ url, auth, headers: header, redirects: 2, timeoutMs: 5_000 },
          ...(body !== undefined && { method: "POST", body }),
        };
        const field = type === "json" ? { json: "/name" } : type === "text" ? { regex: "n: (\\w+)" } : { select: "h1" };
        const descriptor = {
          ...{ id: "mine", label: "Mine", kind: ["name"], request },
          response: { type, fields: { name: field } },
        };
        assert.equal(faultOfDescriptor(descriptor), undefined);
        await failureOf({ id: "mine", descriptor, keySlot: 1 }, how, token);
      }),
      { numRuns: 150 },
    );
    assert.ok(heard.some((asked) => asked.includes(KEY)) && heard.some((asked) => /23125042/.test(asked)));
  });
});
