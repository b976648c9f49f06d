/**
 * HTTP to third parties. A configured address or a redirect cannot reach the home network, cannot be endless,
 * and cannot pass a secret or the caller's number to another site.
 */
import { MINUTE_MS } from "../core/clock";
import { lookup as systemLookup } from "node:dns";
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { FritzError, systemCode } from "../core/errors";
import { isPublicAddress } from "./public-address";
import { readBody, toReply } from "./body";
import type { Fetch, WebReply, WebRequest } from "./types";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../core/package-root";

const { name, version, repository } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as {
  name: string;
  version: string;
  repository: { url: string };
};

/** Name, version and an address for complaints: operators group their statistics by it. */
const USER_AGENT = `${name}/${version} (+${repository.url.replace(/^git\+|\.git$/g, "")})`;

/** Time limit of a request, ms. */
const LONGEST_MS = MINUTE_MS;
/** Idle connections are kept for this time, ms: a new TLS handshake costs a second on a small computer. */
const IDLE_MS = 30_000;

/** Dependencies that a test may replace. */
export interface WebFetchOptions {
  lookup?: LookupFunction;
}

/** The current target of a request, after redirects. */
interface Hop {
  url: URL;
  request: WebRequest;
  /** Named in errors: that of the first address, since a server may lead to a name made up of what it was asked. */
  host: string;
}

/** Creates the HTTP client. One is enough for a process; its idle connections keep no process alive. */
export function createWebFetch({ lookup = systemLookup }: WebFetchOptions = {}): Fetch {
  // An open connection is not checked again: those that may reach the home network are kept apart.
  const ways = { guarded: agents(guardedLookup(lookup)), open: agents(lookup) };
  return async (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(LONGEST_MS)]);
    const first = parseUrl(request.url);
    let hop: Hop = { url: first, request: { ...request, signal }, host: first.hostname };
    for (let left = request.redirects ?? 0; ; left--) {
      const { url, request: asked, host } = hop;
      if (asked.allowPrivate !== true && isIP(bareHost(url)) !== 0 && !isPublicAddress(bareHost(url))) {
        throw new FritzError("source-private", { host });
      }
      const response = await send(hop, asked.allowPrivate === true ? ways.open : ways.guarded);
      const location = response.headers.location;
      if (location === undefined || ![301, 302, 303, 307, 308].includes(response.statusCode ?? 0)) {
        return await receive(response, hop);
      }
      response.resume().destroy();
      if (left <= 0) throw new FritzError("source-redirect", { host });
      hop = redirected(hop, location, response.statusCode ?? 0);
    }
  };
}

/** The HTTP client of this process. */
export const webFetch = createWebFetch();

interface Agents {
  http: HttpAgent;
  https: HttpsAgent;
  lookup: LookupFunction;
}

function agents(lookup: LookupFunction): Agents {
  const keep = { keepAlive: true, timeout: IDLE_MS, maxFreeSockets: 4 };
  return { http: new HttpAgent(keep), https: new HttpsAgent(keep), lookup };
}

/** The name has an address in the home network. */
const PRIVATE = new Error("private");

/** Checks the addresses that are connected to, so that a second DNS answer cannot bypass the check. */
function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      const [first] = addresses;
      const inside = addresses.some(({ address }) => !isPublicAddress(address));
      const failure = error ?? (inside || !first ? PRIVATE : null);
      if (failure || !first) done(failure, "", 4);
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

function parseUrl(text: string): URL {
  const url = URL.parse?.(text) ?? (URL.canParse(text) ? new URL(text) : null);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new FritzError("source-address");
  }
  return url;
}

const bareHost = (url: URL) => url.hostname.replace(/^\[|\]$/g, "");

function send({ url, request, host }: Hop, way: Agents): Promise<IncomingMessage> {
  const { method = "GET", headers, secrets, body, signal } = request;
  const tls = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(explain(error, host, signal));
    try {
      const sent = (tls ? httpsRequest : httpRequest)(url, {
        method,
        agent: tls ? way.https : way.http,
        lookup: way.lookup,
        signal,
        headers: {
          "User-Agent": USER_AGENT,
          "Accept-Encoding": "gzip, deflate, br",
          ...headers,
          ...secrets,
          ...(body !== undefined && { "Content-Length": String(Buffer.byteLength(body)) }),
        },
      });
      sent.on("error", fail).on("response", resolve).end(body);
    } catch (error) {
      fail(error); // a header that no request may have
    }
  });
}

async function receive(response: IncomingMessage, { request, host }: Hop): Promise<WebReply> {
  try {
    return toReply(response, await readBody(response, request.maxBytes, host));
  } catch (error) {
    throw explain(error, host, request.signal);
  }
}

/**
 * A redirect may only lead to another page of the same site: the address may hold the caller's number, and
 * the user chose who receives it. A secret is only sent to its own host.
 */
function redirected({ url, request, host }: Hop, location: string, status: number): Hop {
  const target = URL.canParse(location, url) ? parseUrl(new URL(location, url).href) : undefined;
  const downgrade = url.protocol === "https:" && target?.protocol === "http:";
  if (!target || downgrade || !isSameSite(url.hostname, target.hostname)) {
    throw new FritzError("source-redirect", { host });
  }
  const { body, secrets, method, ...rest } = request;
  const again = status === 307 || status === 308;
  const sameHost = target.host === url.host && target.protocol === url.protocol;
  return {
    ...{ url: target, host },
    request: {
      ...rest,
      ...(again && method !== undefined && { method }),
      ...(again && body !== undefined && { body }),
      ...(sameHost && secrets && { secrets }),
    },
  };
}

function isSameSite(a: string, b: string): boolean {
  const [x, y] = [a.replace(/^www\./, ""), b.replace(/^www\./, "")];
  return x === y || x.endsWith(`.${y}`) || y.endsWith(`.${x}`);
}

/** Rejects with the signal's reason if it was aborted, else with a `FritzError`. */
function explain(error: unknown, host: string, signal: AbortSignal): Error {
  if (signal.aborted) {
    const timedOut = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
    if (!timedOut && signal.reason instanceof Error) return signal.reason;
    return new FritzError("source-timeout", { host }, true);
  }
  if (error === PRIVATE) return new FritzError("source-private", { host });
  if (error instanceof FritzError) return error;
  const code = systemCode(error);
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new FritzError("source-unknown-host", { host }, true);
    case "ETIMEDOUT":
      return new FritzError("source-timeout", { host }, true);
    case "ERR_INVALID_CHAR":
    case "ERR_UNESCAPED_CHARACTERS":
      return new FritzError("source-address");
    default:
      return /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO_)|^EPROTO$/.test(code)
        ? new FritzError("source-tls", { host, detail: code })
        : new FritzError("source-unreachable", { host, detail: code }, true);
  }
}
