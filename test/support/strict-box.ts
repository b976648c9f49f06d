/**
 * Test support: a second box, written from the protocol's documentation alone, and stricter than any real
 * one. It shares no code with the simulator or the client, so that errors common to both are found.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { XMLValidator } from "fast-xml-parser";

/** How the box behaves on the wire. */
export interface StrictBoxOptions {
  /** After an answer the connection stays, ends as announced, or ends without a word. */
  connection: "keeps" | "closes" | "closes-silently";
  body: "length" | "chunked" | "until-the-end";
  digest: "MD5" | "SHA-256" | "no-algorithm";
  /** Each nonce is good once; else its count must grow by one. */
  singleUse: boolean;
  /** The other box, whose port alone has the documents. */
  documentsAt?: () => StrictBox;
  tls?: { key: string; cert: string; maxVersion?: "TLSv1.1" | "TLSv1.2" };
}

const ARGS: Record<string, Record<string, [takes: string[], gives: string[]]>> = {
  "DeviceInfo:1": { GetSecurityPort: [[], ["NewSecurityPort"]] },
  "X_VoIP:1": {
    "X_AVM-DE_GetVoIPCommonCountryCode": [[], ["NewX_AVM-DE_LKZ", "NewX_AVM-DE_LKZPrefix"]],
    "X_AVM-DE_GetVoIPCommonAreaCode": [[], ["NewX_AVM-DE_OKZ", "NewX_AVM-DE_OKZPrefix"]],
    "X_AVM-DE_GetNumbers": [[], ["NewNumberList"]],
  },
  "X_AVM-DE_OnTel:1": {
    GetPhonebookList: [[], ["NewPhonebookList"]],
    GetPhonebook: [["NewPhonebookID"], ["NewPhonebookURL", "NewPhonebookName", "NewPhonebookExtraID"]],
    AddPhonebook: [["NewPhonebookName", "NewPhonebookExtraID"], []],
    DeletePhonebook: [["NewPhonebookID", "NewPhonebookExtraID"], []],
    SetPhonebookEntryUID: [["NewPhonebookID", "NewPhonebookEntryData"], ["NewPhonebookEntryUniqueID"]],
    DeletePhonebookEntryUID: [["NewPhonebookID", "NewPhonebookEntryUniqueID"], []],
    GetNumberOfEntries: [[], ["NewOnTelNumberOfEntries"]],
    GetInfoByIndex: [["NewIndex"], ["NewName"]],
    GetCallBarringList: [[], ["NewPhonebookURL"]],
    SetCallBarringEntry: [["NewPhonebookEntryData"], ["NewPhonebookEntryUniqueID"]],
    DeleteCallBarringEntryUID: [["NewPhonebookEntryUniqueID"], []],
    GetCallList: [[], ["NewCallListURL"]],
  },
};
const PATHS: Record<string, string> = {
  "DeviceInfo:1": "deviceinfo",
  "X_VoIP:1": "x_voip",
  "X_AVM-DE_OnTel:1": "x_contact",
};
const PROLOG = '<?xml version="1.0" encoding="utf-8"?>';
const NAMES: Record<number, string> = {
  401: "Invalid Action",
  402: "Invalid Args",
  713: "ArrayIndexInvalid",
  820: "Internal Error",
};

const escape = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescape = (text: string) =>
  text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? fail(`entity ${name}`));
const typeOf = (service: string) => `urn:dslforum-org:service:${service}`;

class Refusal extends Error {
  constructor(
    readonly code: number,
    why = "",
  ) {
    super(`${code} ${why}`);
  }
}
const fail = (why: string): never => {
  throw new Refusal(502, why);
};
const hash = (algorithm: StrictBoxOptions["digest"], text: string) =>
  createHash(algorithm === "SHA-256" ? "sha256" : "md5")
    .update(text, "utf8")
    .digest("hex");

interface Book {
  name: string;
  online: boolean;
  entries: Map<number, string>;
}

export class StrictBox {
  readonly user = { name: "fritz9344", password: 'p ä:s"s\\€' };
  readonly books: Book[] = ["Telefonbuch", "Spam & Co"].map((name) => ({ name, online: false, entries: new Map() }));
  readonly barring = new Map<number, string>();
  calls = "";
  /** Violations by a client. */
  readonly violations: string[] = [];
  requests = 0;
  private readonly nonces = new Map<string, number>();
  private readonly sids = new Set<string>();
  private readonly sockets = new Set<Socket>();
  private nextId = 17;
  private server: Server | undefined;

  constructor(private readonly options: StrictBoxOptions) {}

  get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }

  async listen(): Promise<void> {
    const { tls } = this.options;
    const answer = (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response);
    const old = { ...tls, minVersion: "TLSv1" as const, ciphers: "DEFAULT:@SECLEVEL=0" };
    this.server = tls ? createTlsServer(old, answer) : createServer(answer);
    this.server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket)).on("error", () => undefined);
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** This box returns the documents of another one. */
  private lend(owner: StrictBox, sid: string): void {
    this.sids.add(sid);
    this.books.splice(0, Infinity, ...owner.books);
    this.calls = owner.calls;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { url = "", method } = request;
    if (method === "GET") return this.get(response, url);
    const service = Object.keys(PATHS).find((name) => url === `/upnp/control/${PATHS[name]}`);
    if (method !== "POST" || !service) return this.page(response, 404, "Nicht gefunden für Sie");
    const open = service === "DeviceInfo:1";
    if (!open && !this.isLoggedIn(request)) {
      const nonce = randomBytes(8).toString("hex").toUpperCase();
      this.nonces.set(nonce, 0);
      const algorithm = this.options.digest === "no-algorithm" ? "" : `,algorithm=${this.options.digest}`;
      response.setHeader("WWW-Authenticate", [
        'Basic realm="unused"',
        `Digest realm="HTTPS Access",nonce="${nonce}"${algorithm},qop="auth"`,
      ]);
      return this.page(response, 401, "ERR_NONE: Zugriff für Unbefugte gesperrt");
    }
    try {
      this.send(response, 200, 'text/xml; charset="utf-8"', this.act(service, request, body));
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 820;
      this.violations.push(String(error));
      const fault = `<UPnPError xmlns="urn:dslforum-org:control-1-0"><errorCode>${code}</errorCode><errorDescription>${NAMES[code] ?? ""}</errorDescription></UPnPError>`;
      const inside = `<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>${fault}</detail></s:Fault>`;
      this.send(response, 500, "text/xml", envelope(inside));
    }
  }

  private isLoggedIn(request: IncomingMessage): boolean {
    const header = Buffer.from(request.headers.authorization ?? "", "latin1").toString("utf8");
    if (header === "") return false;
    const field = (name: string) => new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^",]+))(?:,|$)`).exec(header);
    const [username, realm, nonce, uri, response, qop, nc, cnonce] = [
      ...["username", "realm", "nonce", "uri", "response", "qop", "nc", "cnonce"],
    ].map((name) => (field(name)?.[1] ?? field(name)?.[2] ?? "").replace(/\\(.)/g, "$1"));
    const { digest, singleUse } = this.options;
    const count = this.nonces.get(nonce ?? "");
    if (count === undefined) return false; // used up
    if (singleUse) this.nonces.delete(nonce ?? "");
    else this.nonces.set(nonce ?? "", count + 1);
    const secret = hash(digest, `${this.user.name}:HTTPS Access:${this.user.password}`);
    const wanted = hash(digest, `${secret}:${nonce}:${nc}:${cnonce}:auth:${hash(digest, `POST:${request.url}`)}`);
    const wrong = [
      header.startsWith("Digest ") || "scheme",
      username === this.user.name || "user",
      realm === "HTTPS Access" || "realm",
      uri === request.url || "uri",
      qop === "auth" || "qop",
      nc === (count + 1).toString(16).padStart(8, "0") || `nc ${nc} after ${count}`,
      /^[\w+/=-]{8,}$/.test(cnonce ?? "") || "cnonce",
      response === wanted || "response",
    ].filter((one) => one !== true);
    if (wrong.length > 0) this.violations.push(`login: ${wrong.join()}`);
    return wrong.length === 0;
  }

  /** One action; throws `Refusal`. */
  private act(service: string, { headers }: IncomingMessage, bytes: Buffer): string {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const action = /^"?[^"#]*#([^"]+)"?$/.exec(String(headers["soapaction"]))?.[1] ?? fail("SOAPAction");
    if (!String(headers["soapaction"]).includes(`${typeOf(service)}#`)) fail("type in SOAPAction");
    if (headers["content-type"] !== 'text/xml; charset="utf-8"') fail("content type");
    if (headers["content-length"] !== String(bytes.length)) fail("length");
    if (headers.host === undefined) fail("host");
    if (!text.startsWith(PROLOG)) fail("prolog");
    if (XMLValidator.validate(text) !== true) fail("not well-formed");
    if (!text.includes('s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"')) fail("encoding style");
    const [takes, gives] = ARGS[service]?.[action] ?? [];
    if (!takes || !gives) throw new Refusal(401, action);
    const call = new RegExp(`<s:Body><u:${action} xmlns:u="${typeOf(service)}">(.*)</u:${action}></s:Body>`, "s").exec(
      text,
    );
    const inside = call?.[1] ?? fail("body");
    const found = [...inside.matchAll(/<([^/>\s]+)>([^<]*)<\/\1>|<([^/>\s]+) ?\/>/g)];
    const names = found.map(([, name, , empty]) => name ?? empty ?? "");
    if (names.join() !== takes.join() || found.map(([all]) => all).join("") !== inside) throw new Refusal(402, inside);
    const values = Object.fromEntries(
      found.map(([, name, value], i) => [name ?? names[i] ?? "", unescape(value ?? "")]),
    );
    const results = this.run(action, (name) => values[name] ?? "");
    const shown = gives.map((name) => `<${name}>${escape(String(results[name] ?? ""))}</${name}>`);
    return envelope(`<u:${action}Response xmlns:u="${typeOf(service)}">${shown.join("\n")}</u:${action}Response>`);
  }

  private run(action: string, arg: (name: string) => string): Record<string, string | number> {
    const book = () => this.books[Number(arg("NewPhonebookID"))] ?? refuse(713);
    switch (action) {
      case "X_AVM-DE_GetVoIPCommonCountryCode":
        return { "NewX_AVM-DE_LKZ": "49", "NewX_AVM-DE_LKZPrefix": "00" };
      case "X_AVM-DE_GetVoIPCommonAreaCode":
        return { "NewX_AVM-DE_OKZ": "30", "NewX_AVM-DE_OKZPrefix": "0" };
      case "X_AVM-DE_GetNumbers":
        return { NewNumberList: "<List>\n<Item><Number>23125000</Number><Type>eVoIP</Type></Item>\n</List>" };
      case "GetPhonebookList":
        return { NewPhonebookList: [...this.books.keys()].join(",") };
      case "GetPhonebook":
        return {
          NewPhonebookName: book().name,
          NewPhonebookURL: this.url(`/phonebook.lua?pbid=${arg("NewPhonebookID")}`),
        };
      case "AddPhonebook":
        this.books.push({ name: arg("NewPhonebookName"), online: false, entries: new Map() });
        return {};
      case "DeletePhonebook":
        this.books.splice(this.books.indexOf(book()), 1);
        return {};
      case "GetNumberOfEntries":
        return { NewOnTelNumberOfEntries: this.books.filter(({ online }) => online).length };
      case "GetInfoByIndex":
        return { NewName: this.books.filter(({ online }) => online)[Number(arg("NewIndex")) - 1]?.name ?? refuse(713) };
      case "SetPhonebookEntryUID":
        if (book().online) refuse(713);
        return { NewPhonebookEntryUniqueID: this.put(book().entries, arg("NewPhonebookEntryData")) };
      case "DeletePhonebookEntryUID":
        return book().entries.delete(Number(arg("NewPhonebookEntryUniqueID"))) ? {} : refuse(713);
      case "GetCallBarringList":
        return { NewPhonebookURL: this.url("/phonebook.lua?pbid=258") };
      case "SetCallBarringEntry":
        return { NewPhonebookEntryUniqueID: this.put(this.barring, arg("NewPhonebookEntryData")) };
      case "DeleteCallBarringEntryUID":
        return this.barring.delete(Number(arg("NewPhonebookEntryUniqueID"))) ? {} : refuse(713);
      case "GetCallList":
        return { NewCallListURL: this.url("/calllist.lua?") };
      default:
        return { NewSecurityPort: this.options.tls ? this.port : 49443 };
    }
  }

  /** The contact must be a document of its own, whole, with one main number and its numbers counted. */
  private put(entries: Map<number, string>, data: string): number {
    if (!data.startsWith(`${PROLOG}<contact>`) || XMLValidator.validate(data) !== true) refuse(820, data);
    const [, id] = /<uniqueid>(\d+)<\/uniqueid>/.exec(data) ?? [];
    const numbers = [...data.matchAll(/<number ([^>]*)>([^<]+)<\/number>/g)];
    const ids = numbers.map(([, attributes = ""]) => /\bid="(\d)"/.exec(attributes)?.[1]);
    const mains = numbers.filter(([, attributes = ""]) => /\bprio="1"/.test(attributes)).length;
    const counted = data.includes(`<telephony nid="${numbers.length}">`);
    if (!/<realName>[^<]+<\/realName>/.test(data) || !/<category>[01]<\/category>/.test(data)) refuse(820, data);
    if (mains !== 1 || !counted || ids.some((one, i) => one !== String(i))) refuse(820, data);
    if (id !== undefined && !entries.has(Number(id))) refuse(713, "unknown id");
    const key = id === undefined ? (this.nextId += 3) : Number(id);
    const inside = data
      .slice(`${PROLOG}<contact>`.length, -"</contact>".length)
      .replace(/<uniqueid>.*<\/uniqueid>/, "");
    entries.set(key, `<contact>${inside}<mod_time>1700000000</mod_time><uniqueid>${key}</uniqueid></contact>`);
    return key;
  }

  /** With an unreachable address, and a session id that is good once. */
  private url(path: string): string {
    const sid = randomBytes(8).toString("hex");
    this.sids.add(sid);
    const other = this.options.documentsAt?.();
    other?.lend(this, sid);
    return `https://192.0.2.1:${other?.port ?? 49443}${path}&sid=${sid}`;
  }

  private get(response: ServerResponse, url: string): void {
    const xml = (text: string) => this.send(response, 200, "text/xml", `<?xml version="1.0"?>\n${text}`);
    if (url === "/tr64desc.xml") return xml(description());
    const scpd = Object.keys(PATHS).find((name) => url === `/${PATHS[name]}SCPD.xml`);
    if (scpd) return xml(scpdOf(ARGS[scpd] ?? {}));
    if (this.options.documentsAt) return this.page(response, 404, "Nicht hier für Sie");
    const query = new URL(url, "http://box").searchParams;
    if (!this.sids.delete(query.get("sid") ?? "")) return this.page(response, 403, "Sitzung ungültig");
    if (url.startsWith("/calllist.lua")) return xml(`<root><timestamp>1</timestamp>${this.calls}</root>`);
    const id = Number(query.get("pbid"));
    const book = this.books[id];
    const entries = id === 258 ? this.barring : (book?.entries ?? new Map<number, string>());
    const head = book ? ` owner="${book.online ? 240 : id}" name="${escape(book.name)}"` : ' owner="258"';
    xml(`<phonebooks>\n<phonebook${head}>${[...entries.values()].join("\r\n")}</phonebook>\n</phonebooks>`);
  }

  /** A page for people, in Latin-1. */
  private page(response: ServerResponse, status: number, text: string): void {
    const html = `<HTML><HEAD><TITLE>${status}</TITLE></HEAD><BODY><H1>${text}<BR>Webserver</BODY></HTML>`;
    this.send(response, status, "text/html", Buffer.from(html, "latin1"));
  }

  private send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
    const { connection, body: how } = this.options;
    const bytes = Buffer.from(body as string);
    const { socket } = response;
    response.statusCode = status;
    response.setHeader("Content-Type", type);
    response.sendDate = false;
    if (connection === "closes" || how === "until-the-end") response.setHeader("Connection", "close");
    if (how === "until-the-end") {
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
    }
    if (how === "length") response.setHeader("Content-Length", bytes.length);
    if (connection === "closes-silently") response.on("finish", () => socket?.destroySoon());
    for (let at = 0; at < bytes.length; at += 700) response.write(bytes.subarray(at, at + 700));
    response.end();
  }
}

function refuse(code: number, why = ""): never {
  throw new Refusal(code, why);
}

const envelope = (inside: string) =>
  `<?xml version="1.0"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\n<s:Body>${inside}</s:Body>\n</s:Envelope>\n`;

/** Services at several depths, one of them twice, addresses in all forms that UPnP allows. */
function description(): string {
  const service = (name: string, control: string, scpd: string) =>
    `<service><serviceType>${typeOf(name)}</serviceType><serviceId>x</serviceId><controlURL>${control}</controlURL><eventSubURL/><SCPDURL>${scpd}</SCPDURL></service>`;
  const device = (type: string, inside: string) =>
    `<device>\n<!-- ${type} -->\n<deviceType>urn:dslforum-org:device:${type}:1</deviceType><modelName>FRITZ!Box &amp; Söhne</modelName><UDN>uuid:1</UDN>${inside}</device>`;
  const inner = device(
    "WANDevice",
    `<serviceList>${service("X_VoIP:1", "upnp/control/x_voip", "x_voipSCPD.xml")}</serviceList><deviceList>${device(
      "WANConnectionDevice",
      `<serviceList>${service("X_AVM-DE_OnTel:1", "http://192.0.2.1:49000/upnp/control/x_contact", "/x_contactSCPD.xml")}</serviceList>`,
    )}</deviceList>`,
  );
  const outer = `<serviceList>${service("DeviceInfo:1", "/upnp/control/deviceinfo", "/deviceinfoSCPD.xml")}</serviceList>`;
  return `<root xmlns="urn:dslforum-org:device-1-0"><specVersion><major>1</major></specVersion>${device("InternetGatewayDevice", `${outer}<deviceList>${inner}</deviceList>`)}</root>`;
}

function scpdOf(actions: (typeof ARGS)[string]): string {
  const argument = (name: string, way: string) =>
    `<argument>\n<name> ${name}\n</name><direction>${way}</direction><relatedStateVariable>x</relatedStateVariable></argument>`;
  const shown = Object.entries(actions).map(
    ([name, [takes, gives]]) =>
      `<action><name>${name}</name><argumentList>${takes.map((one) => argument(one, "in")).join("")}${gives.map((one) => argument(one, "OUT")).join("")}</argumentList></action>`,
  );
  return `<scpd xmlns="urn:dslforum-org:service-1-0"><actionList>${shown.join("\n")}</actionList><serviceStateTable><![CDATA[ ]]></serviceStateTable></scpd>`;
}
