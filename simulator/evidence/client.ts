/** Evidence: asks a real box, with a digest login of its own. Reads only. */
import { createHash, randomBytes } from "node:crypto";
import { request as plainRequest, type RequestOptions } from "node:http";
import { request as tlsRequest } from "node:https";

export interface BoxAddress {
  host: string;
  port: number;
  tls: boolean;
  user: string;
  password: string;
}

export interface BoxAnswer {
  status: number;
  text: string;
}

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 8_000_000;

/** One request after the other; each that needs a login gets a nonce of its own. */
export class BoxClient {
  constructor(private readonly box: BoxAddress) {}

  get(path: string): Promise<BoxAnswer> {
    return this.withLogin("GET", path);
  }

  /** Calls an action of a service; arguments in the order of the service's description. */
  call(control: string, service: string, action: string, values: Record<string, string> = {}): Promise<BoxAnswer> {
    const inside = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
    const body =
      '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
      's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
      `<u:${action} xmlns:u="${service}">${inside.join("")}</u:${action}></s:Body></s:Envelope>`;
    return this.withLogin("POST", control, body, { SOAPAction: `"${service}#${action}"` });
  }

  private async withLogin(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const first = await this.send(method, path, body, headers);
    if (first.status !== 401 || first.challenge === undefined) return first;
    const Authorization = authorization(first.challenge, method, path, this.box);
    return this.send(method, path, body, { ...headers, Authorization });
  }

  private send(method: string, path: string, body: string | undefined, headers: Record<string, string>) {
    const { host, port, tls } = this.box;
    const options: RequestOptions & { rejectUnauthorized: boolean } = {
      ...{ host, port, path, method, timeout: TIMEOUT_MS, rejectUnauthorized: false },
      headers: {
        ...headers,
        ...(body !== undefined && {
          "Content-Type": 'text/xml; charset="utf-8"',
          "Content-Length": Buffer.byteLength(body),
        }),
      },
    };
    return new Promise<BoxAnswer & { challenge?: string | undefined }>((resolve, reject) => {
      const request = (tls ? tlsRequest : plainRequest)(options, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_BYTES) request.destroy(new Error(`an answer of more than ${MOST_BYTES} bytes`));
          else chunks.push(chunk);
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
            challenge: response.headers["www-authenticate"],
          }),
        );
      });
      request.on("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      request.on("error", reject);
      request.end(body);
    });
  }
}

function authorization(challenge: string, method: string, uri: string, { user, password }: BoxAddress): string {
  const field = (name: string) => new RegExp(`\\b${name}="?([^",]*)`, "i").exec(challenge)?.[1];
  const [realm = "", nonce = "", opaque, algorithm = "MD5"] = ["realm", "nonce", "opaque", "algorithm"].map(field);
  const hash = (text: string) =>
    createHash(/^sha-256$/i.test(algorithm) ? "sha256" : "md5")
      .update(text)
      .digest("hex");
  const cnonce = randomBytes(8).toString("hex");
  const secret = hash(`${user}:${realm}:${password}`);
  const request = hash(`${method}:${uri}`);
  const qop = /\bauth\b/.test(field("qop") ?? "");
  const response = hash(
    qop ? `${secret}:${nonce}:00000001:${cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`,
  );
  const name = Buffer.from(user, "utf8").toString("latin1");
  return [
    `Digest username="${name}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, response="${response}"`,
    ...(qop ? [`qop=auth, nc=00000001, cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(", ");
}
