/**
 * The simulated box plays for Python's fritzconnection: the same requests in the same order and the same spelling, and the answers
 * read as it reads them (core/fritzconnection, soaper, utils; lib/fritzphonebook, fritzcall; requests' HTTPDigestAuth).
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { parseXml, type XmlElement } from "../../simulator/tr064/xml";
import { SimulatedBox } from "../../simulator";

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const all = (element: XmlElement, local: string): XmlElement[] =>
  element.children.flatMap((child) => [...(child.local === local ? [child] : []), ...all(child, local)]);
const text = (element: XmlElement | undefined, local: string) =>
  element?.children.find((child) => child.local === local)?.text;
/** `root.find('.//name').text`, an empty tag as "". */
const find = (root: XmlElement, local: string) => all(root, local)[0]?.text ?? assert.fail(`no ${local}`);

const HEADERS = {
  "User-Agent": "python-requests/2.32.3",
  "Accept-Encoding": "gzip, deflate",
  Accept: "*/*",
  Connection: "keep-alive",
};

/** A requests.Session: connections that stay, and a login that is sent again with the next count. */
class Session {
  private readonly agents = { "http:": new Agent({ keepAlive: true }), "https:": new TlsAgent({ keepAlive: true }) };
  private challenge = "";
  private count = 0;

  constructor(
    private readonly user: string,
    private readonly password: string,
  ) {}

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  async get(url: string): Promise<Answer> {
    return this.ask("GET", url, {});
  }

  async post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
    return this.ask("POST", url, headers, body);
  }

  private async ask(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const first = await this.send(method, url, { ...headers, ...this.authorization(method, url) }, body);
    const challenge = first.headers["www-authenticate"];
    if (first.status !== 401 || challenge === undefined) return first;
    [this.challenge, this.count] = [challenge, 0];
    return this.send(method, url, { ...headers, ...this.authorization(method, url) }, body);
  }

  private authorization(method: string, url: string): { Authorization?: string } {
    if (this.challenge === "") return {};
    const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(this.challenge)?.[1] ?? "";
    const [realm, nonce] = [field("realm"), field("nonce")];
    const { pathname, search } = new URL(url);
    const uri = pathname + search;
    const nc = (++this.count).toString(16).padStart(8, "0");
    const cnonce = md5(nc).slice(0, 16);
    const secret = md5(`${this.user}:${realm}:${this.password}`);
    const response = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
    const base = `username="${this.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`;
    return { Authorization: `Digest ${base}, algorithm="MD5", qop="auth", nc=${nc}, cnonce="${cnonce}"` };
  }

  private send(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const tls = url.startsWith("https:");
    const agent = this.agents[tls ? "https:" : "http:"];
    const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
    const options = { method, agent, headers: { ...HEADERS, ...headers, ...length }, rejectUnauthorized: false };
    return new Promise((resolve, reject) => {
      const sent = (tls ? tlsRequest : request)(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const { statusCode = 0, headers: got } = response;
          resolve({ status: statusCode, headers: got, text: Buffer.concat(chunks).toString("utf8") });
        });
      });
      sent.on("error", reject).end(body);
    });
  }
}

const BIT_RATES = ["NewLayer1UpstreamMaxBitRate", "NewLayer1DownstreamMaxBitRate"];
const ADDON_INFOS = [
  ...["NewX_AVM_DE_TotalBytesSent64", "NewX_AVM_DE_TotalBytesReceived64"],
  ...["NewByteSendRate", "NewByteReceiveRate"],
];

interface Service {
  type: string;
  control: string;
  /** Action -> the data types of its arguments by name. */
  actions: Map<string, Map<string, string>>;
}

/** FritzConnection(address, port, user, password). */
class Connection {
  readonly services = new Map<string, Service>();
  modelName = "";
  systemVersion = NaN;

  constructor(
    readonly session: Session,
    readonly address: string,
  ) {}

  async start(): Promise<void> {
    await this.load(await this.xmlRoot(`${this.address}/igddesc.xml`));
    const root = await this.xmlRoot(`${this.address}/tr64desc.xml`);
    const [device] = all(root, "device");
    this.modelName = text(device, "modelName") ?? "";
    const version = all(root, "systemVersion")[0];
    this.systemVersion = parseFloat(`${text(version, "Minor")}.${text(version, "Patch")}`);
    await this.load(root);
  }

  /** Each service that a description names must have its own description. */
  private async load(root: XmlElement): Promise<void> {
    for (const service of all(root, "service")) {
      const name = (text(service, "serviceId") ?? "").split(":").at(-1) ?? "";
      const scpd = await this.xmlRoot(`${this.address}${text(service, "SCPDURL")}`);
      const [type = "", control = ""] = [text(service, "serviceType"), text(service, "controlURL")];
      this.services.set(name, { type, control, actions: actionsOf(scpd) });
    }
  }

  async xmlRoot(url: string): Promise<XmlElement> {
    const { headers, text } = await this.session.get(url);
    assert.notEqual(headers["content-type"], "text/html", url);
    return parseXml(text);
  }

  async call(
    name: string,
    action: string,
    args: Record<string, string | number> = {},
  ): Promise<Record<string, string>> {
    const service = this.services.get(name) ?? assert.fail(`no service ${name}`);
    const types = service.actions.get(action) ?? assert.fail(`no action ${action}`);
    const values = Object.entries(args).map(([key, value]) => `<s:${key}>${value}</s:${key}>`);
    // The templates lose the blank between the two attributes.
    const body = `<s:Body><u:${action} xmlns:u="${service.type}">${values.join("")}</u:${action}></s:Body>`;
    const envelope =
      '<?xml version="1.0" encoding="utf-8"?><s:Envelope s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"' +
      `xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${body}</s:Envelope>`;
    const headers = { soapaction: `${service.type}#${action}`, "content-type": "text/xml", charset: "utf-8" };
    const answer = await this.session.post(`${this.address}${service.control}`, headers, envelope);
    if (answer.status !== 200) throw new Error(explain(answer));
    const root = parseXml(answer.text);
    const found = [...types].flatMap(([key, type]) => {
      const value = all(root, key)[0]?.text;
      if (value !== undefined && type === "boolean") assert.match(value, /^[01]$/, key);
      if (value !== undefined && /^(i4|ui[124])$/.test(type)) assert.match(value, /^-?\d+$/, key);
      return value === undefined ? [] : [[key, value] as const];
    });
    return Object.fromEntries(found);
  }
}

function actionsOf(scpd: XmlElement): Service["actions"] {
  const variables = new Map(
    all(scpd, "stateVariable").map((one) => [text(one, "name") ?? "", (text(one, "dataType") ?? "").toLowerCase()]),
  );
  return new Map(
    all(scpd, "action").map((action) => [
      text(action, "name") ?? "",
      new Map(
        all(action, "argument").map((argument) => {
          const variable = text(argument, "relatedStateVariable") ?? "";
          return [text(argument, "name") ?? "", variables.get(variable) ?? assert.fail(`no variable ${variable}`)];
        }),
      ),
    ]),
  );
}

/** `node.text.strip()` of each node below the fault's detail: a node without text would end the program. */
function explain({ status, text: body }: Answer): string {
  let root: XmlElement;
  try {
    root = parseXml(body);
  } catch {
    return `${status} ${body.replace(/<.*?>/g, "")}`;
  }
  const parts: string[] = [];
  const read = (element: XmlElement) => {
    for (const child of element.children) {
      assert.notEqual(child.text, "", child.local);
      parts.push(`${child.local}: ${child.text.trim()}`);
      read(child);
    }
  };
  read(all(root, "detail")[0] ?? assert.fail("no detail"));
  return parts.join("; ");
}

for (const tls of [false, true]) {
  describe(`simulated box: fritzconnection over ${tls ? "TLS" : "HTTP"}`, () => {
    let box: SimulatedBox;
    let sessions: Session[] = [];

    beforeEach(async () => {
      box = new SimulatedBox();
      box.tr064.state.books.named("Telefonbuch").add("Meier & Söhne", "030 23125001", "0171 3920001");
      await box.tr064.listen();
    });
    afterEach(async () => {
      for (const session of sessions) session.close();
      sessions = [];
      await box.tr064.stop();
    });

    const connect = async (user: string, password = "secret") => {
      const session = new Session(user, password);
      sessions.push(session);
      const address = tls ? `https://127.0.0.1:${box.tr064.tlsPort}` : `http://127.0.0.1:${box.tr064.port}`;
      const connection = new Connection(session, address);
      await connection.start();
      return connection;
    };

    it("starts: descriptions, services, the user who logged in last", async () => {
      const connection = await connect("dslf-config");
      assert.equal(connection.modelName, "FRITZ!Box 7590");
      assert.ok(connection.systemVersion >= 7.24);
      for (const name of ["DeviceInfo1", "X_AVM-DE_OnTel1", "X_VoIP1", "LANConfigSecurity1", "DeviceConfig1"]) {
        assert.ok(connection.services.has(name), name);
      }
      const { "NewX_AVM-DE_UserList": list = "" } = await connection.call("LANConfigSecurity1", "X_AVM-DE_GetUserList");
      const last = parseXml(list).children.find(
        ({ local, attributes }) => local === "Username" && attributes["last_user"] === "1",
      );
      assert.equal(last?.text, "fritz1234");
    });

    it("reads model, phonebooks and calls with one login", async () => {
      box.hangUp(box.dial("089 99998001"));
      const connection = await connect("fritz1234");
      assert.equal((await connection.call("DeviceInfo1", "GetInfo"))["NewModelName"], "FRITZ!Box 7590");
      assert.equal((await connection.call("X_AVM-DE_OnTel1", "GetPhonebookList"))["NewPhonebookList"], "0");
      const info = await connection.call("X_AVM-DE_OnTel1", "GetPhonebook", { NewPhonebookId: 0 });
      assert.deepEqual([info["NewPhonebookName"], info["NewPhonebookExtraID"]], ["Telefonbuch", ""]);
      const book = await connection.xmlRoot(info["NewPhonebookURL"] ?? "");
      assert.equal(find(book, "realName"), "Meier & Söhne");
      assert.deepEqual(
        all(book, "number").map((one) => one.text),
        ["030 23125001", "0171 3920001"],
      );
      const { NewCallListURL: url = "" } = await connection.call("X_AVM-DE_OnTel1", "GetCallList");
      const calls = await connection.xmlRoot(`${url}&days=7`);
      assert.equal(find(calls, "Type"), "3");
      assert.equal(find(calls, "Called"), "089 99998001");
      assert.match(find(calls, "Date"), /^\d\d\.\d\d\.\d\d \d\d:\d\d$/);
      assert.match(find(calls, "Duration"), /^\d+:\d\d$/);
      await connection.call("X_VoIP1", "X_AVM-DE_DialNumber", {
        "NewX_AVM-DE_PhoneNumber": "089 99998001".replace(" ", ""),
      });
      assert.equal(box.openCalls.length, 1);
      assert.equal(box.tr064.requests.filter(({ status }) => status === 401).length, 1);
    });

    /** What FritzStatus, FritzCall, FritzPhonebook and FritzTAM ask for, and the values that they then look up. */
    const ASKED: [service: string, action: string, args: Record<string, string | number>, values: string[]][] = [
      ["WANCommonIFC1", "GetCommonLinkProperties", {}, ["NewPhysicalLinkStatus", ...BIT_RATES]],
      ["WANCommonInterfaceConfig1", "GetCommonLinkProperties", {}, BIT_RATES],
      ["WANCommonInterfaceConfig1", "X_AVM-DE_GetOnlineMonitor", { NewSyncGroupIndex: 0 }, ["Newds_current_bps"]],
      ["WANCommonIFC1", "GetAddonInfos", {}, ADDON_INFOS],
      ["WANIPConn1", "GetStatusInfo", {}, ["NewConnectionStatus", "NewUptime"]],
      ["WANIPConn1", "GetExternalIPAddress", {}, ["NewExternalIPAddress"]],
      ["WANIPConn1", "X_AVM_DE_GetExternalIPv6Address", {}, ["NewExternalIPv6Address"]],
      ["X_AVM-DE_OnTel1", "GetCallList", {}, ["NewCallListURL"]],
      ["X_AVM-DE_OnTel1", "GetPhonebookList", {}, ["NewPhonebookList"]],
      ["X_AVM-DE_OnTel1", "GetPhonebook", { NewPhonebookId: 0 }, ["NewPhonebookName", "NewPhonebookURL"]],
      ["X_VoIP1", "X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": "**9" }, []],
      ["X_VoIP1", "X_AVM-DE_DialHangup", {}, []],
      ["DeviceConfig1", "X_AVM-DE_CreateUrlSID", {}, ["NewX_AVM-DE_UrlSID"]],
      ["X_AVM-DE_TAM1", "GetList", {}, ["NewTAMList"]],
      ["X_AVM-DE_TAM1", "GetMessageList", { NewIndex: "0" }, ["NewURL"]],
    ];

    it("gets a value for everything that its status, call, phonebook and answering machine classes look up", async () => {
      const connection = await connect("fritz1234");
      for (const [service, action, args, values] of ASKED) {
        const answer = await connection.call(service, action, args);
        for (const name of values) assert.ok((answer[name] ?? "") !== "", `${service} ${action} ${name}`);
      }
      const link = await connection.call("WANCommonIFC1", "GetCommonLinkProperties");
      assert.equal(link["NewPhysicalLinkStatus"], "Up");
      assert.equal((await connection.call("WANIPConn1", "GetStatusInfo"))["NewConnectionStatus"], "Connected");
    });

    it("lists, fetches and marks the messages of an answering machine", async () => {
      box.tr064.state.tam.leave(0, { number: "03023125001", date: new Date(2026, 0, 5, 12, 1), seconds: 2 });
      const connection = await connect("fritz1234");
      const list = parseXml((await connection.call("X_AVM-DE_TAM1", "GetList"))["NewTAMList"] ?? "");
      for (const name of ["TAMRunning", "Stick", "Status", "Capacity"]) assert.match(text(list, name) ?? "", /^\d+$/);
      assert.deepEqual(
        all(list, "Item").map((item) => ["Index", "Display", "Enable", "Name"].map((name) => text(item, name)))[0],
        ["0", "1", "1", "Anrufbeantworter 1"],
      );
      const messages = async () => {
        const { NewURL = "" } = await connection.call("X_AVM-DE_TAM1", "GetMessageList", { NewIndex: "0" });
        return all(await connection.xmlRoot(NewURL), "Message");
      };
      const [message] = await messages();
      assert.deepEqual([text(message, "New"), text(message, "Number")], ["1", "03023125001"]);
      assert.match(text(message, "Date") ?? "", /^05\.01\.26 12:01$/);
      const sid = (await connection.call("DeviceConfig1", "X_AVM-DE_CreateUrlSID"))["NewX_AVM-DE_UrlSID"]?.split(
        "=",
      )[1];
      const url = new URL(`${connection.address}${text(message, "Path")}`);
      url.searchParams.set("sid", sid ?? "");
      const sound = await connection.session.get(url.href);
      assert.equal(sound.status, 200);
      assert.match(sound.text, /^RIFF[^]{4}WAVE/);
      const mark = { NewIndex: "0", NewMessageIndex: text(message, "Index") ?? "", NewMarkedAsRead: 1 };
      await connection.call("X_AVM-DE_TAM1", "MarkMessage", mark);
      assert.equal(text((await messages())[0], "New"), "0");
    });

    it("is told what is wrong in a form that it can read", async () => {
      const connection = await connect("fritz1234");
      await assert.rejects(
        connection.call("X_AVM-DE_OnTel1", "GetPhonebook", { NewPhonebookId: 77 }),
        /errorCode: 713; errorDescription: SpecifiedArrayIndexInvalid/,
      );
      await assert.rejects(connection.call("X_AVM-DE_OnTel1", "GetPhonebook"), /errorCode: 402/);
      const stranger = await connect("fritz1234", "wrong");
      await assert.rejects(stranger.call("X_AVM-DE_OnTel1", "GetPhonebookList"), /401 Unauthorized/);
    });
  });
}
