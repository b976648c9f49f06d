/** The simulated box's TR-064 side, seen from the wire by plain HTTP requests with a login of their own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { contactXml, SimulatedBox, type Tr064Server } from "../../simulator";
import { parseXml, XmlError } from "../../simulator/tr064/xml";
import { until } from "../support/wait";

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The body came to its proper end. */
  complete: boolean;
  /** Code of what broke the connection. */
  broken?: string | undefined;
  fingerprint?: string | undefined;
}

interface Login {
  user: string;
  password: string;
}

interface Sent {
  tls?: boolean;
  login?: Login | undefined;
  headers?: Record<string, string>;
  body?: string | Buffer;
  header?: string;
  soapAction?: string;
}

const SERVICES: Record<string, string> = {
  DeviceInfo: "deviceinfo",
  DeviceConfig: "deviceconfig",
  LANConfigSecurity: "lanconfigsecurity",
  X_VoIP: "x_voip",
  "X_AVM-DE_OnTel": "x_contact",
  "X_AVM-DE_Auth": "x_auth",
};
const ONTEL = "X_AVM-DE_OnTel";
const OWNER: Login = { user: "fritz1234", password: "secret" };
const PROLOG = '<?xml version="1.0" encoding="utf-8"?>';

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const typeOf = (service: string) => `urn:dslforum-org:service:${service}:1`;

/** The text of the first element of that name, entities resolved once. */
function text(xml: string, name: string): string {
  const found =
    new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml) ?? new RegExp(`<${name}\\s*/>()`).exec(xml);
  assert.ok(found, `no ${name} in ${xml}`);
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return (found[1] ?? "").replace(/&(\w+);/g, (_, entity: string) => entities[entity] ?? assert.fail(entity));
}

/** A client that knows nothing of the simulator's code. */
class Client {
  readonly agents = [new Agent({ keepAlive: true }), new TlsAgent({ keepAlive: true, rejectUnauthorized: false })];
  challenge = "";
  nc = 0;

  constructor(private readonly box: Tr064Server) {}

  /** Ends the kept connections: one that the box has just closed would break the next request. */
  close(): void {
    for (const agent of this.agents) agent.destroy();
  }

  http(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const { tls = false, headers = {}, body } = sent;
    const { host } = this.box;
    const options = { method, path, headers, host, port: tls ? this.box.tlsPort : this.box.port };
    return new Promise((resolve) => {
      const answer: Answer = { status: 0, headers: {}, bytes: Buffer.alloc(0), text: "", complete: false };
      const end = (broken?: string) => resolve({ ...answer, text: answer.bytes.toString("utf8"), broken });
      const asked = (tls ? tlsRequest : httpRequest)({ ...options, agent: this.agents[tls ? 1 : 0] }, (response) => {
        const socket = response.socket as TLSSocket;
        Object.assign(answer, { status: response.statusCode, headers: response.headers });
        if (tls) answer.fingerprint = socket.getPeerCertificate().fingerprint256;
        response.on("data", (chunk: Buffer) => (answer.bytes = Buffer.concat([answer.bytes, chunk])));
        response.on("error", (error: NodeJS.ErrnoException) => end(error.code));
        response.on("end", () => {
          answer.complete = response.complete;
          end();
        });
      });
      asked.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
      asked.end(body);
    });
  }

  /** The value of `Authorization` for the challenge that came last. */
  authorization({ user, password }: Login, method: string, uri: string, nc = ++this.nc): string {
    const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(this.challenge)?.[1] ?? "";
    const [realm, nonce, count, cnonce] = [field("realm"), field("nonce"), nc.toString(16).padStart(8, "0"), "0a4f"];
    const [a1, a2] = [md5(`${user}:${realm}:${password}`), md5(`${method}:${uri}`)];
    const response = md5([a1, nonce, count, cnonce, "auth", a2].join(":"));
    return (
      `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", ` +
      `algorithm="MD5", qop=auth, nc=${count}, cnonce="${cnonce}"`
    );
  }

  /** One action, with the login when it is asked for one. */
  async soap(service: string, action: string, args: Record<string, string | number> = {}, sent: Sent = {}) {
    const path = `/upnp/control/${SERVICES[service]}`;
    const fields = Object.entries(args).map(([name, value]) => `<${name}>${escape(String(value))}</${name}>`);
    const body =
      sent.body ??
      `${PROLOG}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">` +
        `${sent.header === undefined ? "" : `<s:Header>${sent.header}</s:Header>`}<s:Body>` +
        `<u:${action} xmlns:u="${typeOf(service)}">${fields.join("")}</u:${action}></s:Body></s:Envelope>`;
    const soapAction = sent.soapAction ?? `${typeOf(service)}#${action}`;
    const headers = { "Content-Type": 'text/xml; charset="utf-8"', SOAPAction: soapAction, ...sent.headers };
    const once = (more = {}) => this.http("POST", path, { ...sent, body, headers: { ...headers, ...more } });
    const login = "login" in sent ? sent.login : OWNER;
    const known = this.challenge !== "" && login;
    const first = await once(known ? { Authorization: this.authorization(login, "POST", path) } : {});
    if (first.status !== 401 || !login || first.headers["www-authenticate"] === undefined) return first;
    this.challenge = first.headers["www-authenticate"];
    this.nc = 0;
    return once({ Authorization: this.authorization(login, "POST", path) });
  }

  /** An action that has to succeed; the reply. */
  async ok(service: string, action: string, args: Record<string, string | number> = {}, sent: Sent = {}) {
    const answer = await this.soap(service, action, args, sent);
    assert.equal(answer.status, 200, `${action}: ${answer.broken ?? answer.text}`);
    assert.equal(XMLValidator.validate(answer.text), true, answer.text);
    assert.match(answer.text, new RegExp(`<u:${action}Response xmlns:u="${typeOf(service)}">`));
    return answer.text;
  }

  /** An action that has to be refused with a UPnP error; the code. */
  async fault(service: string, action: string, args: Record<string, string | number> = {}, sent: Sent = {}) {
    const answer = await this.soap(service, action, args, sent);
    assert.equal(answer.status, 500, `${action}: ${answer.broken ?? answer.text}`);
    assert.equal(XMLValidator.validate(answer.text), true);
    assert.equal(text(answer.text, "faultstring"), "UPnPError");
    assert.match(answer.text, /<UPnPError xmlns="urn:dslforum-org:control-1-0">/);
    assert.notEqual(text(answer.text, "errorDescription"), "Error");
    return Number(text(answer.text, "errorCode"));
  }

  /** A download behind an address that an action gave. */
  get(url: string, more = ""): Promise<Answer> {
    const { protocol, pathname, search } = new URL(url);
    return this.http("GET", `${pathname}${search}${more}`, { tls: protocol === "https:" });
  }
}

describe("simulated box: TR-064", () => {
  let at: Date;
  let box: SimulatedBox;
  let tr064: Tr064Server;
  let client: Client;

  beforeEach(async () => {
    at = new Date(2026, 10, 23, 7, 5, 9);
    box = new SimulatedBox({ own: "732123", now: () => at });
    tr064 = box.tr064;
    await tr064.listen({ port: 0, tlsPort: 0 });
    client = new Client(tr064);
  });
  afterEach(async () => {
    client.close();
    await tr064.stop();
    await box.monitor.stop();
  });

  const later = (ms: number) => (at = new Date(at.getTime() + ms));
  const codeOf = async (...args: Parameters<Client["fault"]>) => client.fault(...args);
  const write = (id: number, xml: string, sent: Sent = {}) =>
    client.soap(ONTEL, "SetPhonebookEntryUID", { NewPhonebookID: id, NewPhonebookEntryData: PROLOG + xml }, sent);
  const bookUrl = async (id: number) =>
    text(await client.ok(ONTEL, "GetPhonebook", { NewPhonebookID: id }), "NewPhonebookURL");
  const list = async () => text(await client.ok(ONTEL, "GetPhonebookList"), "NewPhonebookList");
  const names = () => tr064.state.books.all.map(({ name }) => name);

  describe("description", () => {
    it("lists model, version and services without login", async () => {
      const { status, headers, text: xml } = await client.http("GET", "/tr64desc.xml");
      assert.equal(status, 200);
      assert.equal(headers["content-type"], 'text/xml; charset="utf-8"');
      assert.equal(XMLValidator.validate(xml), true);
      assert.equal(text(xml, "modelName"), "FRITZ!Box 7590");
      assert.deepEqual([text(xml, "Major"), text(xml, "Minor"), text(xml, "Patch")], ["154", "8", "02"]);
      assert.match(text(xml, "UDN"), /^uuid:.*-0896D7000001$/);
      for (const name of ["DeviceInfo", "X_VoIP", ONTEL, "X_AVM-DE_AppSetup", "X_AVM-DE_TAM", "X_AVM-DE_Dect"]) {
        assert.ok(xml.includes(`<serviceType>${typeOf(name)}</serviceType>`), name);
      }
      assert.ok(xml.includes("<serviceId>urn:X_AVM-DE_OnTel-com:serviceId:X_AVM-DE_OnTel1</serviceId>"));
      tr064.state.telephony = false;
      tr064.state.model.hasVersion = false;
      const { text: repeater } = await client.http("GET", "/tr64desc.xml");
      assert.doesNotMatch(repeater, /OnTel|X_VoIP|systemVersion/);
      assert.equal((await client.http("GET", "/x_contactSCPD.xml")).status, 404);
    });

    it("the UPnP clients' description is readable without login, too", async () => {
      const { status, text: xml } = await client.http("GET", "/igddesc.xml");
      assert.equal(status, 200);
      assert.equal(XMLValidator.validate(xml), true);
      assert.equal(text(xml, "deviceType"), "urn:schemas-upnp-org:device:InternetGatewayDevice:1");
    });

    it("describes every listed service with actions, arguments and the types of their variables", async () => {
      const { text: description } = await client.http("GET", "/tr64desc.xml");
      const addresses = [...description.matchAll(/<SCPDURL>(.*)<\/SCPDURL>/g)].map(([, path]) => path ?? "");
      assert.equal(addresses.length, 13);
      for (const path of addresses) {
        const { status, text: xml } = await client.http("GET", path, { tls: true });
        assert.equal(status, 200, path);
        assert.equal(XMLValidator.validate(xml), true, path);
        const variables = [...xml.matchAll(/<relatedStateVariable>(.*)<\/related/g)].map(([, name]) => name);
        const table = xml.slice(xml.indexOf("<serviceStateTable>"));
        for (const name of variables) assert.ok(table.includes(`<name>${name}</name>`), `${path} ${name}`);
      }
      const { text: xml } = await client.http("GET", "/x_contactSCPD.xml");
      const action = /<action>\s*<name>SetPhonebookEntryUID<\/name>[^]*?<\/action>/.exec(xml)?.[0] ?? "";
      assert.deepEqual(
        [...action.matchAll(/<name>(New\w+)<\/name>\s*<direction>(in|out)</g)].map(([, name, way]) => `${way} ${name}`),
        ["in NewPhonebookID", "in NewPhonebookEntryData", "out NewPhonebookEntryUniqueID"],
      );
      assert.match(xml, /<name>PhonebookID<\/name>\s*<dataType>ui2<\/dataType>/);
      tr064.state.missingActions.add("SetCallBarringEntry");
      assert.doesNotMatch((await client.http("GET", "/x_contactSCPD.xml")).text, /SetCallBarringEntry</);
      assert.equal(await codeOf(ONTEL, "SetCallBarringEntry", { NewPhonebookEntryData: "" }), 401);
    });
  });

  describe("login", () => {
    it("challenges as a real box does, and says no with a page", async () => {
      const { status, headers, text: page } = await client.soap(ONTEL, "GetPhonebookList", {}, { login: undefined });
      assert.equal(status, 401);
      assert.match(
        headers["www-authenticate"] ?? "",
        /^Digest realm="HTTPS Access",nonce="[0-9A-F]{16}",algorithm=MD5,qop="auth"$/,
      );
      assert.equal(headers["content-type"], "text/html");
      assert.match(page, /401 Unauthorized \(ERR_NONE\)[^]*Webserver/);
      for (const wrong of [
        { user: "fritz1234", password: "wrong" },
        { user: "unknown", password: "secret" },
        { user: "", password: "secret" },
      ]) {
        const refused = await client.soap(ONTEL, "GetPhonebookList", {}, { login: wrong });
        assert.equal(refused.status, 401, wrong.user);
        assert.doesNotMatch(refused.text, /UPnPError/);
      }
    });

    it("lets in over HTTP and TLS, with SOAPAction quoted and not", async () => {
      for (const tls of [false, true]) {
        const plain = `${typeOf(ONTEL)}#GetPhonebookList`;
        for (const soapAction of [plain, `"${plain}"`]) {
          const xml = await client.ok(ONTEL, "GetPhonebookList", {}, { tls, soapAction });
          assert.equal(text(xml, "NewPhonebookList"), "0");
        }
      }
      assert.deepEqual(tr064.requests.at(-1), {
        ...{ method: "POST", path: "/upnp/control/x_contact", action: "GetPhonebookList" },
        ...{ authorized: true, tls: true, status: 200 },
      });
      assert.deepEqual(
        tr064.requests.map(({ authorized }) => authorized),
        [false, true, true, true, true],
        "one challenge is enough for many requests",
      );
    });

    it("demands a growing count, the right path and the right parts", async () => {
      await list();
      const path = "/upnp/control/x_contact";
      const repeat = async (change: (header: string) => string, nc?: number) => {
        const Authorization = change(client.authorization(OWNER, "POST", path, nc));
        const soapAction = `${typeOf(ONTEL)}#GetPhonebookList`;
        return (await client.http("POST", path, { headers: { Authorization, SOAPAction: soapAction }, body: "" }))
          .status;
      };
      const same = (header: string) => header;
      assert.equal(await repeat(same), 500, "login is right, the body is not");
      assert.equal(await repeat(same, client.nc + 8), 500, "gaps are allowed");
      client.nc += 8;
      assert.equal(await repeat((header) => header.replace("qop=auth", 'qop="auth"')), 500);
      assert.equal(await repeat((header) => header.replaceAll(path, "/other")), 401);
      assert.equal(
        await repeat(() => client.authorization(OWNER, "POST", "/other")),
        401,
        "right, but for another path",
      );
      assert.equal(await repeat(() => client.authorization(OWNER, "GET", path)), 401, "right, but for another method");
      assert.equal(await repeat((header) => header.replace("HTTPS Access", "F!Box SOAP-Auth")), 401);
      assert.equal(await repeat((header) => header.replace("qop=auth", "qop=auth-int")), 401);
      assert.equal(await repeat((header) => header.replace(/cnonce="[^"]*"/, 'cnonce=""')), 401);
      assert.equal(await repeat((header) => header.replace(/response="./, 'response="x')), 401);
      assert.equal(await repeat((header) => header.replace("Digest ", "Basic ")), 401);
      assert.equal(await repeat(same, client.nc), 500, "none of these spent the nonce");
      assert.equal(await repeat(same, client.nc), 401, "the same count again");
    });

    it("takes a nonce once, for a while, and says stale when told to", async () => {
      tr064.auth.singleUseNonces = true;
      await list();
      await list();
      const ofOne = () => tr064.requests.splice(0).map(({ status }) => status);
      assert.deepEqual(ofOne(), [401, 200, 401, 200]);
      tr064.auth.singleUseNonces = false;
      tr064.auth.nonceLifetimeMs = 1000;
      tr064.auth.staleFlag = true;
      await list();
      later(999);
      await list();
      later(1);
      await list();
      assert.deepEqual(ofOne(), [401, 200, 200, 401, 200]);
      assert.match(client.challenge, /,qop="auth",stale=true$/);
      later(1000);
      const refused = await client.soap(ONTEL, "GetPhonebookList", {}, { login: { ...OWNER, password: "wrong" } });
      assert.doesNotMatch(refused.headers["www-authenticate"] ?? "", /stale/, "a wrong password is not stale");
    });

    it("locks after wrong tries, and tells a client off that never logs in", async () => {
      const wrong = { login: { user: "fritz1234", password: "wrong" } };
      Object.assign(tr064.auth, { lockAfter: 2, lockMs: 5000 });
      assert.equal((await client.soap(ONTEL, "GetPhonebookList", {}, wrong)).status, 401);
      await list(); // a right one in between starts the count anew
      client.challenge = "";
      assert.equal((await client.soap(ONTEL, "GetPhonebookList", {}, wrong)).status, 401);
      client.challenge = "";
      assert.equal((await client.soap(ONTEL, "GetPhonebookList", {}, wrong)).status, 503);
      client.challenge = "";
      assert.equal((await client.soap(ONTEL, "GetPhonebookList")).status, 503, "the right password too");
      tr064.auth.lockStatus = 401;
      assert.equal((await client.soap(ONTEL, "GetPhonebookList")).status, 401);
      assert.equal((await client.soap("DeviceInfo", "GetSecurityPort")).status, 200, "open actions stay open");
      later(5000);
      client.challenge = "";
      assert.equal(await list(), "0");
      tr064.auth.unauthenticatedLimit = 2;
      const statuses = [];
      for (let i = 0; i < 3; i++) {
        statuses.push((await client.soap(ONTEL, "GetPhonebookList", {}, { login: undefined, headers: {} })).status);
      }
      assert.deepEqual(statuses, [401, 401, 503]);
    });

    it("takes the login in the SOAP header, as ioBroker's client writes it, and gives the next nonce with each reply", async () => {
      const NAMESPACE = "http://soap-authentication.org/digest/2001/10/";
      // With its blank before the namespace, and none between the attributes.
      const ask = (action: string, service: string, name: string, fields: string) =>
        client.soap(
          service,
          action,
          {},
          {
            login: undefined,
            body:
              `${PROLOG}<s:Envelope s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:s=" http://schemas.xmlsoap.org/soap/envelope/">` +
              `<s:Header><h:${name} xmlns:h="${NAMESPACE}"s:mustUnderstand="1">${fields}</h:${name}></s:Header>` +
              `<s:Body><u:${action} xmlns:u="${typeOf(service)}"></u:${action}></s:Body></s:Envelope>`,
          },
        );
      const list = (name: string, fields: string) => ask("GetPhonebookList", ONTEL, name, fields);
      const challengeOf = ({ text: xml }: Answer, name: string) => {
        const [, inside = ""] = new RegExp(`<h:${name} [^>]*>([^]*)</h:${name}>`).exec(xml) ?? assert.fail(xml);
        return [text(inside, "Status"), text(inside, "Nonce"), text(inside, "Realm")] as const;
      };
      const logIn = (nonce: string, password = "secret", user = "fritz1234") => {
        const auth = md5(`${md5(`${user}:F!Box SOAP-Auth:${password}`)}:${nonce}`);
        const fields = { Nonce: nonce, Auth: auth, UserID: user, Realm: "F!Box SOAP-Auth" };
        return list(
          "ClientAuth",
          Object.entries(fields)
            .map(([name, value]) => `<${name}>${value}</${name}>`)
            .join(""),
        );
      };
      const first = await list("InitChallenge", "<UserID>fritz1234</UserID><Realm></Realm>");
      const [status, nonce, realm] = challengeOf(first, "Challenge");
      assert.deepEqual([first.status, status, realm], [200, "Unauthenticated", "F!Box SOAP-Auth"]);
      assert.equal(text(first.text, "errorCode"), "503");
      assert.equal(tr064.requests.at(-1)?.authorized, false);
      const second = await logIn(nonce);
      assert.equal(text(second.text, "NewPhonebookList"), "0");
      const [isIn, next] = challengeOf(second, "NextChallenge");
      assert.equal(isIn, "Authenticated");
      assert.match((await logIn(next)).text, /NewPhonebookList/);
      // A used nonce, a wrong password, a stranger.
      const [, other] = challengeOf(await logIn(next), "Challenge");
      const wrong = await logIn(other, "wrong");
      assert.equal(challengeOf(wrong, "Challenge")[0], "Unauthenticated");
      assert.match((await logIn(challengeOf(wrong, "Challenge")[1], "secret", "guest")).text, /Unauthenticated/);
      // What needs no login is answered at once.
      const open = await ask("GetSecurityPort", "DeviceInfo", "InitChallenge", "<UserID>fritz1234</UserID>");
      assert.equal(text(open.text, "NewSecurityPort"), String(tr064.tlsPort));
      tr064.auth.lockAfter = 1;
      const [, last] = challengeOf(await logIn("", "wrong"), "Challenge");
      const locking = challengeOf(await logIn(last, "wrong"), "Challenge");
      assert.equal(challengeOf(await logIn(locking[1]), "Challenge")[0], "Unauthenticated");
    });

    it("understands names and passwords in UTF-8", async () => {
      tr064.state.users = [{ name: "jürgen", password: "geheim€", rights: { phone: "readonly" } }];
      await client.soap(ONTEL, "GetPhonebookList", {}, { login: undefined });
      const { headers } = await client.http("POST", "/upnp/control/x_contact");
      client.challenge = headers["www-authenticate"] ?? "";
      const login = { user: "jürgen", password: "geheim€" };
      const asSent = client.authorization(login, "POST", "/upnp/control/x_contact", 1);
      const Authorization = Buffer.from(asSent, "utf8").toString("latin1");
      const SOAPAction = `${typeOf(ONTEL)}#GetPhonebookList`;
      const answer = await client.http("POST", "/upnp/control/x_contact", { headers: { Authorization, SOAPAction } });
      assert.equal(answer.status, 500, "let in, but without a body");
      assert.equal(text(answer.text, "errorCode"), "502");
    });

    it("has actions without login, and one that tells who is logged in", async () => {
      const none = { login: undefined };
      tr064.state.users.push({ name: "a&b", password: "x", rights: { phone: "readonly" } });
      const port = await client.ok("DeviceInfo", "GetSecurityPort", {}, none);
      assert.equal(text(port, "NewSecurityPort"), String(tr064.tlsPort));
      const info = await client.ok("LANConfigSecurity", "GetInfo", {}, none);
      assert.equal(text(info, "NewMaxCharsPassword"), "32");
      const anonymous = await client.ok("LANConfigSecurity", "X_AVM-DE_GetAnonymousLogin", {}, none);
      assert.equal(text(anonymous, "NewX_AVM-DE_AnonymousLoginEnabled"), "0");
      const users = await client.ok("LANConfigSecurity", "X_AVM-DE_GetUserList", {}, none);
      assert.equal(
        text(users, "NewX_AVM-DE_UserList"),
        '<List><Username last_user="1">fritz1234</Username><Username last_user="0">a&amp;b</Username></List>',
      );
      assert.equal((await client.soap("LANConfigSecurity", "X_AVM-DE_GetCurrentUser", {}, none)).status, 401);
      const login = { user: "a&b", password: "x" };
      const current = await client.ok("LANConfigSecurity", "X_AVM-DE_GetCurrentUser", {}, { login });
      assert.equal(text(current, "NewX_AVM-DE_CurrentUsername"), "a&b");
      assert.match(
        text(current, "NewX_AVM-DE_CurrentUserRights"),
        /<path>BoxAdmin<\/path><access>none<\/access><path>Phone<\/path><access>readonly<\/access>/,
      );
      assert.equal(tr064.state.lastUser, "a&b");
    });

    it("refuses with 606 what the rights do not cover", async () => {
      const give = (rights: object) => (tr064.state.users = [{ name: "fritz1234", password: "secret", rights }]);
      give({ phone: "readwrite" });
      assert.equal(await codeOf("DeviceInfo", "GetInfo"), 606, "a telephone user may not read this");
      assert.equal((await write(0, contactXml("A", "1"))).status, 200);
      give({ phone: "readonly" });
      assert.equal(await list(), "0");
      assert.equal(await codeOf(ONTEL, "AddPhonebook", { NewPhonebookName: "Spam" }), 606);
      give({ nas: "readwrite" });
      assert.equal(await codeOf(ONTEL, "GetPhonebookList"), 606);
      assert.match(await client.ok("DeviceConfig", "X_AVM-DE_CreateUrlSID"), /sid=[0-9a-f]{16}</);
      give({ config: "readwrite" });
      assert.equal((await write(0, contactXml("B", "2"))).status, 200, "config includes phone");
      give({ phone: "readwrite", dial: "none" });
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": "1" }), 606);
      give({ config: "readonly" });
      const info = await client.ok("DeviceInfo", "GetInfo");
      assert.equal(text(info, "NewModelName"), "FRITZ!Box 7590");
      assert.equal(text(info, "NewSoftwareVersion"), "154.08.02");
      assert.equal(text(info, "NewSerialNumber"), "0896D7000001");
    });

    it("is open without a password, but does not dial; and shut without app access", async () => {
      tr064.state.anonymousLogin = true;
      const none = { login: undefined };
      assert.match(await client.ok(ONTEL, "GetPhonebookList", {}, none), />0</);
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialNumber", { "NewX_AVM-DE_PhoneNumber": "1" }, none), 606);
      tr064.state.anonymousLogin = false;
      tr064.state.appAccess = false;
      assert.equal(await codeOf(ONTEL, "GetPhonebookList"), 401);
      assert.equal(await codeOf("DeviceInfo", "GetSecurityPort"), 401);
    });
  });

  describe("SOAP", () => {
    const envelope = (body: string, more = "") =>
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"${more}><e:Body>${body}</e:Body></e:Envelope>`;
    const get = `<x:GetPhonebook xmlns:x="${typeOf(ONTEL)}"`;

    it("reads other prefixes, character data, entities, blanks and the spelling of old clients", async () => {
      for (const body of [
        `${get}><NewPhonebookID>0</NewPhonebookID></x:GetPhonebook>`,
        `${get}><NewPhonebookId>&#48;</NewPhonebookId></x:GetPhonebook>`,
        `${get}>\n <e:newphonebookid><![CDATA[0]]></e:newphonebookid><!-- c -->\n</x:GetPhonebook>`,
        `<GetPhonebook xmlns="${typeOf(ONTEL)}"><NewPhonebookID xmlns=''>&#x30;</NewPhonebookID></GetPhonebook>`,
      ]) {
        assert.match(await client.ok(ONTEL, "GetPhonebook", {}, { body: envelope(body) }), />Telefonbuch</, body);
      }
      // A widespread client leaves out the blank between two attributes.
      const glued = `${PROLOG}<s:Envelope s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${get}><s:NewPhonebookID>0</s:NewPhonebookID></x:GetPhonebook></s:Body></s:Envelope>`;
      await client.ok(ONTEL, "GetPhonebook", {}, { body: glued });
    });

    it("refuses with 502 what is not XML, not UTF-8 or not SOAP", async () => {
      const inside = `${get}><NewPhonebookID>0</NewPhonebookID></x:GetPhonebook>`;
      const whole = envelope(inside);
      const bodies = [
        "",
        "x",
        "<a/>",
        whole.slice(0, -3),
        `${whole}<a/>`,
        `<!DOCTYPE a [<!ENTITY b "c">]>${whole}`,
        envelope(inside.replace(">0<", "> & <")),
        envelope(inside.replace(">0<", ">&nbsp;<")),
        envelope(inside.replace(">0<", ">&#0;<")),
        envelope(inside.replace(">0<", "><contact></contact><")),
        envelope(inside.replaceAll("x:Get", "y:Get")),
        envelope(inside, ' a="1" a="2"'),
        envelope(inside, " a"),
        envelope(inside + inside),
        envelope(""),
        whole.replaceAll("envelope/", "other/"),
        Buffer.from(whole.replace(">0<", ">ä<"), "latin1"),
      ];
      for (const body of bodies) assert.equal(await codeOf(ONTEL, "GetPhonebook", {}, { body }), 502, String(body));
    });

    it("refuses wrong arguments with 402, wrong values with 600, unknown actions with 401", async () => {
      assert.equal(await codeOf(ONTEL, "GetPhonebook"), 402);
      assert.equal(await codeOf(ONTEL, "GetPhonebook", { NewPhonebookID: 0, NewMore: 1 }), 402);
      assert.equal(await codeOf(ONTEL, "GetPhonebook", { NewPhonebookID: 0, NewPhonebookId: 0 }), 402);
      assert.equal(await codeOf(ONTEL, "GetPhonebook", { NewPhonebookID: "a" }), 600);
      assert.equal(await codeOf(ONTEL, "SetDeflection"), 401);
      assert.equal(await codeOf("X_VoIP", "GetPhonebookList"), 401);
      assert.equal(await codeOf(ONTEL, "GetPhonebookList", {}, { soapAction: `${typeOf(ONTEL)}#GetCallList` }), 401);
      assert.equal(await codeOf(ONTEL, "GetPhonebookList", {}, { soapAction: "" }), 401);
      assert.equal((await client.http("POST", "/upnp/control/nothing")).status, 404);
      assert.equal((await client.http("GET", "/upnp/control/x_contact")).status, 404);
      assert.equal((await client.http("PUT", "/tr64desc.xml")).status, 405);
    });

    it("replies in chunks or in ISO-8859-1 when told to", async () => {
      const [book] = tr064.state.books.local;
      assert.ok(book);
      book.name = 'Büro & <Co> "x"';
      const plain = await client.soap(ONTEL, "GetPhonebook", { NewPhonebookID: 0 });
      assert.equal(plain.headers["content-length"], String(plain.bytes.length));
      assert.equal(plain.headers["content-type"], 'text/xml; charset="utf-8"');
      assert.match(plain.text, /^<\?xml version="1.0"\?>/);
      assert.match(plain.text, /<NewPhonebookName>Büro &amp; &lt;Co&gt; /);
      assert.match(plain.text, /<NewPhonebookURL>https:[^<]*&amp;pbid=0<\/NewPhonebookURL>/);
      tr064.wire.chunked = true;
      const chunked = await client.soap(ONTEL, "GetPhonebook", { NewPhonebookID: 0 });
      assert.equal(chunked.headers["transfer-encoding"], "chunked");
      assert.equal(chunked.headers["content-length"], undefined);
      assert.equal(text(chunked.text, "NewPhonebookName"), book.name);
      tr064.wire.latin1 = true;
      const latin1 = await client.soap(ONTEL, "GetPhonebook", { NewPhonebookID: 0 });
      assert.equal(latin1.headers["content-type"], "text/xml");
      assert.equal(text(latin1.bytes.toString("latin1"), "NewPhonebookName"), book.name);
      assert.ok(latin1.bytes.includes(0xfc));
    });

    it("reads many requests at once and counts them", async () => {
      tr064.wire.latencyMs = 1_000;
      await Promise.all([1, 2, 3].map(() => client.soap("DeviceInfo", "GetSecurityPort", {}, { login: undefined })));
      assert.equal(tr064.peakRequests, 3);
    });
  });

  describe("phonebooks", () => {
    it("counts ids by position: local first, online last, shifting", async () => {
      tr064.state.books.addOnline("Google");
      tr064.state.books.addOnline("Cloud", { url: "https://cloud.example/dav", status: 11, username: "me" });
      await client.ok(ONTEL, "AddPhonebook", { NewPhonebookName: "Spam", NewPhonebookExtraID: "" });
      await client.ok(ONTEL, "AddPhonebook", { NewPhonebookName: "Büro" });
      assert.deepEqual(names(), ["Telefonbuch", "Spam", "Büro", "Google", "Cloud"]);
      assert.equal(await list(), "0,1,2,3,4");
      const owner = async (id: number) => /owner="(\d+)"/.exec((await client.get(await bookUrl(id))).text)?.[1];
      assert.deepEqual([await owner(0), await owner(2), await owner(3), await owner(4)], ["0", "2", "240", "241"]);
      await client.ok(ONTEL, "DeletePhonebook", { NewPhonebookID: 1, NewPhonebookExtraID: "" });
      assert.deepEqual(names(), ["Telefonbuch", "Büro", "Google", "Cloud"]);
      tr064.state.books.named("Telefonbuch").add("Anna", "1");
      await client.ok(ONTEL, "DeletePhonebook", { NewPhonebookID: 0 });
      assert.deepEqual(names(), ["Telefonbuch", "Büro", "Google", "Cloud"], "the first is only emptied");
      assert.equal(tr064.state.books.named("Telefonbuch").contacts.length, 0);
      assert.equal(await codeOf(ONTEL, "GetPhonebook", { NewPhonebookID: 4 }), 713);
      assert.equal(await codeOf(ONTEL, "DeletePhonebook", { NewPhonebookID: 4 }), 600);
    });

    it("manages online books by an index of their own", async () => {
      const count = async () => text(await client.ok(ONTEL, "GetNumberOfEntries"), "NewOnTelNumberOfEntries");
      assert.equal(await count(), "0");
      const config = { NewUrl: "https://x.example", NewServiceId: "carddav.generic", NewUsername: "me" };
      const set = { NewIndex: 1, NewEnable: 1, ...config, NewPassword: "p", NewName: "Cloud" };
      await client.ok(ONTEL, "SetConfigByIndex", set);
      await client.ok(ONTEL, "SetConfigByIndex", { ...set, NewName: "Wolke" });
      assert.equal(await codeOf(ONTEL, "SetConfigByIndex", { ...set, NewIndex: 3 }), 713);
      await client.ok(ONTEL, "SetEnableByIndex", { NewIndex: 1, NewEnable: 0 });
      const info = await client.ok(ONTEL, "GetInfoByIndex", { NewIndex: 1 });
      assert.equal(text(info, "NewName"), "Wolke");
      assert.deepEqual([text(info, "NewEnable"), text(info, "NewStatus")], ["0", "0"]);
      assert.equal(await codeOf(ONTEL, "GetInfoByIndex", { NewIndex: 0 }), 713);
      assert.equal(await count(), "1");
      await client.ok(ONTEL, "DeleteByIndex", { NewIndex: 1 });
      assert.deepEqual([await count(), await list()], ["0", "0"]);
      tr064.state.books.addOnline("Google");
      await client.ok(ONTEL, "DeletePhonebook", { NewPhonebookID: 1 });
      assert.deepEqual([await count(), await list()], ["1", "0"], "deleted by id: half of it stays");
      await tr064.restart(0);
      client.close();
      client.challenge = "";
      assert.deepEqual([await count(), await list()], ["0", "0"]);
    });

    it("keeps a contact as it was written, and adds id and time", async () => {
      const xml =
        "<contact modified='1'><category /><person><realName>Meier &amp; Söhne &lt;&#x1F600;&gt; u\u0308</realName></person>" +
        '<telephony nid="2"><number type="home" prio="1" id="0">030 1</number><number type="odd" id="1">**3</number>' +
        '</telephony><unknown a="1"><![CDATA[<b>]]></unknown><mod_time>5</mod_time></contact>';
      const answer = await write(0, xml);
      assert.equal(text(answer.text, "NewPhonebookEntryUniqueID"), "1");
      const seconds = Math.floor(at.getTime() / 1000);
      const kept = xml.replace("<mod_time>5</mod_time>", `<mod_time>${seconds}</mod_time><uniqueid>1</uniqueid>`);
      const args = { NewPhonebookID: 0, NewPhonebookEntryUniqueID: 1 };
      const read = await client.ok(ONTEL, "GetPhonebookEntryUID", args);
      assert.equal(text(read, "NewPhonebookEntryData"), PROLOG + kept);
      assert.ok(read.includes("Meier &amp;amp; Söhne &amp;lt;"), "escaped twice on the wire");
      const { text: document, headers } = await client.get(await bookUrl(0));
      assert.equal(headers["content-type"], 'text/xml; charset="utf-8"');
      assert.ok(document.startsWith(PROLOG));
      assert.ok(document.includes(kept));
      assert.ok(document.includes(`<phonebook owner="0" name="Telefonbuch">\n<timestamp>${seconds}</timestamp>`));
    });

    it("writes new, over the same id, and by index", async () => {
      const id = async (xml: string) => text((await write(0, xml)).text, "NewPhonebookEntryUniqueID");
      const withId = (name: string, uniqueid: string) =>
        contactXml(name, "1").replace("</contact>", `<uniqueid>${uniqueid}</uniqueid></contact>`);
      assert.deepEqual(
        [
          await id(contactXml("A", "1")),
          await id(withId("B", "")),
          await id(`<Envelope>${contactXml("C", "1")}</Envelope>`),
        ],
        ["1", "2", "3"],
      );
      assert.equal(await id(contactXml("A", "1")), "4", "the box does not look for duplicates");
      assert.equal(await id(withId("AA", "1")), "1");
      assert.equal(await id(withId("E", "77")), "5", "an unknown id makes a new one");
      const set = (index: number | string, xml: string) =>
        client.soap(ONTEL, "SetPhonebookEntry", {
          ...{ NewPhonebookID: 0, NewPhonebookEntryID: index, NewPhonebookEntryData: PROLOG + xml },
        });
      assert.equal((await set("", contactXml("F", "1"))).status, 200);
      assert.equal((await set("", withId("BB", "2"))).status, 200);
      assert.equal((await set(2, contactXml("CC", "1"))).status, 200);
      assert.equal(text((await set(6, contactXml("X", "1"))).text, "errorCode"), "713");
      const all = async () =>
        [...(await client.get(await bookUrl(0))).text.matchAll(/<realName>(\w+)</g)].map((m) => m[1]);
      assert.deepEqual(await all(), ["AA", "BB", "CC", "A", "E", "F"]);
      assert.match(
        await client.ok(ONTEL, "GetPhonebookEntry", { NewPhonebookID: 0, NewPhonebookEntryID: 2 }),
        /&lt;realName&gt;CC&lt;[^]*&lt;uniqueid&gt;3&lt;/,
      );
      await client.ok(ONTEL, "DeletePhonebookEntryUID", { NewPhonebookID: 0, NewPhonebookEntryUniqueID: 4 });
      await client.ok(ONTEL, "DeletePhonebookEntry", { NewPhonebookID: 0, NewPhonebookEntryID: 0 });
      assert.deepEqual(await all(), ["BB", "CC", "E", "F"]);
      for (const action of ["GetPhonebookEntry", "DeletePhonebookEntry"]) {
        assert.equal(await codeOf(ONTEL, action, { NewPhonebookID: 0, NewPhonebookEntryID: 4 }), 713);
        assert.equal(await codeOf(ONTEL, action, { NewPhonebookID: 9, NewPhonebookEntryID: 0 }), 600);
      }
      for (const action of ["GetPhonebookEntryUID", "DeletePhonebookEntryUID"]) {
        assert.equal(await codeOf(ONTEL, action, { NewPhonebookID: 0, NewPhonebookEntryUniqueID: 4 }), 713);
      }
    });

    it("refuses broken contacts with 820, online books with 713, and mistakes undeclared text", async () => {
      for (const xml of [
        "",
        "<contact>",
        "<person />",
        "<contact><uniqueid>x</uniqueid></contact>",
        "<contact>&a;</contact>",
      ]) {
        assert.equal(text((await write(0, xml)).text, "errorCode"), "820", xml);
      }
      tr064.state.books.addOnline("Google").add("Anna", "1");
      assert.equal(text((await write(1, contactXml("A", "1"))).text, "errorCode"), "713");
      assert.equal(text((await write(2, contactXml("A", "1"))).text, "errorCode"), "600");
      const uid = { NewPhonebookID: 1, NewPhonebookEntryUniqueID: 1 };
      assert.match(await client.ok(ONTEL, "GetPhonebookEntryUID", uid), /Anna/);
      assert.equal(await codeOf(ONTEL, "DeletePhonebookEntryUID", uid), 713);
      const data = { NewPhonebookID: 0, NewPhonebookEntryData: contactXml("Umläut", "1") };
      await client.ok(ONTEL, "SetPhonebookEntryUID", data);
      assert.match((await client.get(await bookUrl(0))).text, /<realName>UmlÃ¤ut</);
    });

    it("drops contacts beyond its capacity without a word", async () => {
      const book = tr064.state.books.named("Telefonbuch");
      book.capacity = 2;
      for (const name of ["A", "B", "C"]) assert.equal((await write(0, contactXml(name, "1"))).status, 200);
      assert.equal(book.contacts.length, 2);
      const change = contactXml("BB", "1").replace("</contact>", "<uniqueid>2</uniqueid></contact>");
      assert.equal((await write(0, change)).status, 200);
      assert.match(book.contacts[1]?.xml ?? "", /BB/);
    });

    it("gives addresses over TLS, or in the scheme of the request", async () => {
      const scheme = async (tls: boolean) => {
        const reply = await client.ok(ONTEL, "GetPhonebook", { NewPhonebookID: 0 }, { tls });
        const url = text(reply, "NewPhonebookURL");
        assert.equal((await client.get(url)).status, 200);
        return new URL(url).protocol;
      };
      assert.deepEqual([await scheme(false), await scheme(true)], ["https:", "https:"]);
      tr064.state.schemeOfRequest = true;
      assert.deepEqual([await scheme(false), await scheme(true)], ["http:", "https:"]);
    });

    it("sends downloads to every holder of the session id, over both ports, for a while", async () => {
      for (let i = 0; i < 5; i++) tr064.state.books.named("Telefonbuch").add(`N${i}`, "1");
      const url = await bookUrl(0);
      const sid = /sid=([0-9a-f]{16})&/.exec(url)?.[1] ?? "";
      assert.equal(url, `https://127.0.0.1:${tr064.tlsPort}/phonebook.lua?sid=${sid}&pbid=0`);
      const count = ({ text: xml }: Answer) => xml.split("<contact>").length - 1;
      assert.equal(count(await client.get(url)), 5);
      const plain = url.replace(/https:..[^/]*/, `http://127.0.0.1:${tr064.port}`);
      assert.equal(count(await client.get(plain)), 5);
      assert.equal(count(await client.get(url, "&max=2")), 2);
      tr064.state.defaultMaxContacts = 3;
      assert.equal(count(await client.get(url)), 3);
      assert.equal(count(await client.get(url, "&max=100000")), 5);
      const seconds = Math.floor(at.getTime() / 1000);
      assert.equal(count(await client.get(url, `&max=9&timestamp=${seconds - 1}`)), 5);
      const { status, text: empty } = await client.get(url, `&timestamp=${seconds}`);
      assert.equal(status, 200);
      assert.doesNotMatch(empty, /<phonebook /);
      assert.equal((await client.get(url.replace("pbid=0", "pbid=7"))).status, 404);
      later(20 * 60_000);
      assert.equal((await client.get(url)).status, 403, "too old");
      const next = await bookUrl(0);
      tr064.state.sidLifetimeMs = 1;
      later(1);
      assert.equal((await client.get(next)).status, 403);
      tr064.state.sidLifetimeMs = 1000;
      const good = await bookUrl(0);
      assert.equal((await client.get(good.replace(/sid=\w+/, "sid=0123456789abcdef"))).status, 403);
      assert.equal((await client.get(good)).status, 403, "a wrong one ends the others");
      tr064.state.hostIdea = "192.168.178.1";
      assert.match(await bookUrl(0), /^https:\/\/192\.168\.178\.1:/);
    });
  });

  describe("barred numbers", () => {
    const set = (xml: string) => client.ok(ONTEL, "SetCallBarringEntry", { NewPhonebookEntryData: PROLOG + xml });

    it("are a book apart", async () => {
      const first = await set(contactXml("SPAM", "030 000000"));
      assert.equal(text(first, "NewPhonebookEntryUniqueID"), "1");
      assert.match(await set(contactXml("SPAM", "030 000000")), />2</, "twice is twice");
      assert.equal(await list(), "0");
      const url = text(await client.ok(ONTEL, "GetCallBarringList"), "NewPhonebookURL");
      assert.match(url, /&pbid=258$/);
      const { text: xml } = await client.get(url);
      assert.equal(XMLValidator.validate(xml), true);
      assert.match(xml, /<phonebook owner="258"><contact>/);
      assert.match(xml, /<telephony\nnid="1">/, "line breaks inside tags");
      const entry = await client.ok(ONTEL, "GetCallBarringEntry", { NewPhonebookEntryID: 1 });
      assert.match(entry, /&lt;uniqueid&gt;2&lt;/);
      assert.equal(await codeOf(ONTEL, "GetCallBarringEntry", { NewPhonebookEntryID: 2 }), 713);
      await client.ok(ONTEL, "DeleteCallBarringEntryUID", { NewPhonebookEntryUniqueID: 1 });
      assert.equal(await codeOf(ONTEL, "DeleteCallBarringEntryUID", { NewPhonebookEntryUniqueID: 1 }), 713);
      assert.equal(tr064.state.books.barring.contacts.length, 1);
    });

    it("are found in any spelling; elsewhere known is 714, unknown 713", async () => {
      await set(contactXml("SPAM", "+49 30 000000"));
      tr064.state.books.named("Telefonbuch").add("Anna", "07191 952");
      const by = (number: string) => ({ NewNumber: number });
      for (const number of ["030000000", "004930000000", "+4930000000"]) {
        assert.match(await client.ok(ONTEL, "GetCallBarringEntryByNum", by(number)), /SPAM/, number);
      }
      assert.equal(await codeOf(ONTEL, "GetCallBarringEntryByNum", by("+497191952")), 714);
      assert.equal(await codeOf(ONTEL, "GetCallBarringEntryByNum", by("952")), 714, "without area code");
      assert.equal(await codeOf(ONTEL, "GetCallBarringEntryByNum", by("030")), 713);
    });

    it("stop callers, as do rules on a book, and show as type 10", async () => {
      await set(contactXml("SPAM", "030000000"));
      tr064.state.books.addLocal("Spam").add("Range", "0900*");
      const rule = { number: "", toNumber: "", outgoing: "", mode: "eNoSignal" };
      tr064.state.deflections = [
        { ...rule, enable: true, type: "fromPB", phonebookId: 1 },
        { ...rule, enable: true, type: "fromAnonymous", phonebookId: "" },
      ];
      for (const caller of ["030000000", "0900123", "", "030111"]) box.ring(caller);
      assert.deepEqual(
        box.openCalls.map(({ remote }) => remote),
        ["030111"],
      );
      await client.ok(ONTEL, "SetDeflectionEnable", { NewDeflectionId: 0, NewEnable: 0 });
      box.ring("0900123");
      assert.equal(box.openCalls.length, 2);
      assert.deepEqual(
        tr064.state.calls.all.map(({ type, remote }) => [type, remote]),
        [
          [9, "0900123"],
          [9, "030111"],
          [10, ""],
          [10, "0900123"],
          [10, "030000000"],
        ],
      );
    });
  });

  describe("diversions and handsets", () => {
    it("can be read and switched", async () => {
      tr064.state.deflections = [
        ...[
          { enable: true, type: "fromPB", number: "", toNumber: "", mode: "eNoSignal", outgoing: "", phonebookId: 3 },
        ],
        ...[
          {
            enable: false,
            type: "fromAll",
            number: "1",
            toNumber: "2",
            mode: "eBusy",
            outgoing: "SIP0",
            phonebookId: "" as const,
          },
        ],
      ];
      assert.match(await client.ok(ONTEL, "GetNumberOfDeflections"), />2</);
      const xml = text(await client.ok(ONTEL, "GetDeflections"), "NewDeflectionList");
      const parsed = new XMLParser().parse(xml) as { List: { Item: object[] } };
      assert.deepEqual(parsed.List.Item[0], {
        ...{ DeflectionId: 0, Enable: 1, Type: "fromPB", Number: "", DeflectionToNumber: "", Mode: "eNoSignal" },
        ...{ Outgoing: "", PhonebookID: 3 },
      });
      await client.ok(ONTEL, "SetDeflectionEnable", { NewDeflectionId: 1, NewEnable: 1 });
      const one = await client.ok(ONTEL, "GetDeflection", { NewDeflectionId: 1 });
      assert.deepEqual(
        ["NewEnable", "NewType", "NewDeflectionToNumber", "NewMode", "NewOutgoing"].map((name) => text(one, name)),
        ["1", "fromAll", "2", "eBusy", "SIP0"],
      );
      assert.equal(await codeOf(ONTEL, "SetDeflectionEnable", { NewDeflectionId: 2, NewEnable: 1 }), 713);
      assert.equal(await codeOf(ONTEL, "SetDeflectionEnable", { NewDeflectionId: 1, NewEnable: 2 }), 600);
    });

    it("lists handsets and their book", async () => {
      assert.match(await client.ok(ONTEL, "GetDECTHandsetList"), />1</);
      tr064.state.books.addLocal("Büro");
      await client.ok(ONTEL, "SetDECTHandsetPhonebook", { NewDectID: 1, NewPhonebookID: 1 });
      const info = await client.ok(ONTEL, "GetDECTHandsetInfo", { NewDectId: 1 });
      assert.deepEqual([text(info, "NewHandsetName"), text(info, "NewPhonebookID")], ["Mobilteil 1", "1"]);
      assert.equal(await codeOf(ONTEL, "GetDECTHandsetInfo", { NewDectID: 2 }), 501);
    });
  });

  describe("call list", () => {
    const ids = ({ text: xml }: Answer) => [...xml.matchAll(/<Id>(\d+)<\/Id>/g)].map(([, id]) => Number(id));
    const url = async () => text(await client.ok(ONTEL, "GetCallList"), "NewCallListURL");

    it("shows all kinds of calls in the box's form, newest first", async () => {
      const { calls } = tr064.state;
      const day = (n: number) => new Date(2026, 10, 23 - n, 6, 4, 59);
      const own = { own: "732123", date: day(0) };
      calls.add({
        ...own,
        type: 1,
        remote: "0301",
        seconds: 61,
        name: "A & B",
        port: 40,
        device: "TAM",
        path: "/download.lua?path=/x&y",
      });
      calls.add({ ...own, type: 2, remote: "" });
      calls.add({ ...own, type: 3, remote: "0302", seconds: 3600, numbertype: "pots" });
      for (const type of [9, 10, 11] as const) calls.add({ ...own, type, remote: "0303" });
      const { text: xml } = await client.get(await url());
      const parser = new XMLParser({ parseTagValue: false });
      const { root } = parser.parse(xml) as { root: { timestamp: string; Call: Record<string, string>[] } };
      assert.match(root.timestamp, /^\d+$/);
      assert.deepEqual(
        root.Call.map(({ Id, Type }) => `${Id} ${Type}`),
        ["6 11", "5 10", "4 9", "3 3", "2 2", "1 1"],
      );
      assert.deepEqual(root.Call[5], {
        ...{ Id: "1", Type: "1", Caller: "0301", Called: "SIP: 732123", CalledNumber: "732123", Name: "A & B" },
        ...{ Numbertype: "sip", Device: "TAM", Port: "40", Date: "23.11.26 06:04", Duration: "0:02", Count: "" },
        Path: "/download.lua?path=/x&y",
      });
      const { Called, Caller, CallerNumber, Duration } = root.Call[3] ?? {};
      assert.deepEqual([Called, Caller, CallerNumber, Duration], ["0302", "POTS: 732123", "732123", "1:00"]);
      assert.equal(root.Call[4]?.["Caller"], "");
    });

    it("can be cut by days, number and what is already known", async () => {
      const { calls } = tr064.state;
      for (const days of [5, 2, 1, 0]) {
        calls.add({ type: 2, remote: "1", own: "2", date: new Date(2026, 10, 23 - days, 1) });
      }
      const address = await url();
      assert.deepEqual(ids(await client.get(address)), [4, 3, 2, 1]);
      assert.deepEqual(ids(await client.get(address, "&days=1")), [4, 3], "today and yesterday");
      assert.deepEqual(ids(await client.get(address, "&max=1")), [4]);
      const { timestamp } = calls;
      assert.deepEqual(ids(await client.get(address, `&id=2&timestamp=${timestamp}`)), [4, 3]);
      assert.deepEqual(ids(await client.get(address, "&id=2")), [4, 3, 2, 1], "only both together count");
      assert.deepEqual(
        ids(await client.get(address, `&id=2&timestamp=${timestamp - 1}`)),
        [4, 3, 2, 1],
        "another list",
      );
      const csv = await client.get(address, "&type=csv&max=1");
      assert.match(csv.headers["content-type"] ?? "", /^text\/csv/);
      assert.match(csv.text, /^sep=;\n.*\n2;23\.11\.26 01:00;/);
      calls.limit = 2;
      calls.add({ type: 2, remote: "1", own: "2", date: at });
      assert.deepEqual(ids(await client.get(address)), [5, 4]);
    });

    it("gets the calls that the box makes", async () => {
      const missed = box.ring("0301");
      box.hangUp(missed);
      const answered = box.ring("0302", { own: "69", line: "ISDN1" });
      box.answer(answered, 40);
      later(61_000);
      box.hangUp(answered);
      box.hangUp(box.dial("0303", 13));
      assert.deepEqual(
        tr064.state.calls.all.map(({ type, remote, port, seconds }) => [type, remote, port, seconds]),
        [
          [3, "0303", 13, 0],
          [1, "0302", 40, 61],
          [2, "0301", undefined, 0],
        ],
      );
      assert.match((await client.get(await url())).text, /<Called>ISDN: 69<\/Called>/);
    });

    it("can be off or missing", async () => {
      tr064.state.calls.mode = "off";
      assert.equal(await url(), "");
      tr064.state.calls.mode = "unsupported";
      assert.equal(await codeOf(ONTEL, "GetCallList"), 820);
    });
  });

  describe("X_VoIP", () => {
    it("tells and takes country and area code", async () => {
      const country = await client.ok("X_VoIP", "X_AVM-DE_GetVoIPCommonCountryCode");
      assert.deepEqual([text(country, "NewX_AVM-DE_LKZ"), text(country, "NewX_AVM-DE_LKZPrefix")], ["49", "00"]);
      const place = { "NewX_AVM-DE_OKZ": "", "NewX_AVM-DE_OKZPrefix": "" };
      await client.ok("X_VoIP", "X_AVM-DE_SetVoIPCommonAreaCode", place);
      const area = await client.ok("X_VoIP", "X_AVM-DE_GetVoIPCommonAreaCode");
      assert.deepEqual([text(area, "NewX_AVM-DE_OKZ"), text(area, "NewX_AVM-DE_OKZPrefix")], ["", ""]);
      const bad = { "NewX_AVM-DE_LKZ": "123456", "NewX_AVM-DE_LKZPrefix": "00" };
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_SetVoIPCommonCountryCode", bad), 600);
      await client.ok("X_VoIP", "X_AVM-DE_SetVoIPCommonCountryCode", { ...bad, "NewX_AVM-DE_LKZ": "39" });
      assert.match(await client.ok("X_VoIP", "GetVoIPCommonCountryCode"), />39</);
      assert.equal(text(await client.ok("X_VoIP", "GetVoIPCommonAreaCode"), "NewVoIPAreaCode"), "");
    });

    it("tells its own numbers", async () => {
      tr064.state.numbers.push({ number: "69", type: "ePOTS", index: 0, name: "Fest & Netz" });
      const xml = text(await client.ok("X_VoIP", "X_AVM-DE_GetNumbers"), "NewNumberList");
      assert.equal(
        xml,
        "<List><Item><Number>732123</Number><Type>eVoIP</Type><Index>0</Index><Name>732123</Name></Item>" +
          "<Item><Number>69</Number><Type>ePOTS</Type><Index>0</Index><Name>Fest &amp; Netz</Name></Item></List>",
      );
      assert.match(await client.ok("X_VoIP", "X_AVM-DE_GetNumberOfNumbers"), /<NewNumberOfNumbers>2</);
      assert.match(await client.ok("X_VoIP", "GetExistingVoIPNumbers"), /<NewExistingVoIPNumbers>1</);
      assert.match(await client.ok("X_VoIP", "X_AVM-DE_GetVoIPStatus", { NewVoIPAccountIndex: 0 }), />registered</);
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_GetVoIPStatus", { NewVoIPAccountIndex: 1 }), 713);
    });

    it("dials and hangs up; a code switches the call monitor", async () => {
      const dial = (number: string) => ({ "NewX_AVM-DE_PhoneNumber": number });
      await client.ok("X_VoIP", "X_AVM-DE_DialNumber", dial("0301"));
      assert.deepEqual(
        box.openCalls.map(({ remote }) => remote),
        ["0301"],
      );
      await client.ok("X_VoIP", "X_AVM-DE_DialHangup");
      assert.deepEqual(box.openCalls, []);
      const incoming = box.ring("0302");
      await client.ok("X_VoIP", "X_AVM-DE_DialHangup");
      assert.deepEqual(box.openCalls, [incoming], "it cannot reject a call");
      await client.ok("X_VoIP", "X_AVM-DE_DialNumber", dial("**610"));
      assert.equal(box.openCalls.length, 1);
      await box.monitor.listen();
      await client.ok("X_VoIP", "X_AVM-DE_DialNumber", dial("#96*4*"));
      assert.equal(await listens(box.monitor.port), false);
      await client.ok("X_VoIP", "X_AVM-DE_DialNumber", dial("#96*5*"));
      assert.equal(await listens(box.monitor.port), true);
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialNumber", dial("abc")), 600);
      tr064.state.dialPhone = "";
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialNumber", dial("0301")), 501);
    });

    it("sets the dialling aid's telephone", async () => {
      const name = (xml: string) => text(xml, "NewX_AVM-DE_PhoneName");
      assert.equal(name(await client.ok("X_VoIP", "X_AVM-DE_GetPhonePort", { NewIndex: 1 })), "FON1: Telefon");
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_GetPhonePort", { NewIndex: 4 }), 713);
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialSetConfig", { "NewX_AVM-DE_PhoneName": "x" }), 600);
      await client.ok("X_VoIP", "X_AVM-DE_DialSetConfig", { "NewX_AVM-DE_PhoneName": "FON1: Telefon" });
      assert.equal(name(await client.ok("X_VoIP", "X_AVM-DE_DialGetConfig")), "FON1: Telefon");
    });
  });

  describe("second factor", () => {
    const AUTH = "X_AVM-DE_Auth";
    const off = { "NewX_AVM-DE_PhoneName": "" };
    const withToken = (token: string): Sent => ({
      header: `<avm:token xmlns:avm="avm.de" s:mustUnderstand="1">${token}</avm:token>`,
    });

    it("is asked for, confirmed, and then lets the same call pass", async () => {
      assert.match(await client.ok(AUTH, "GetInfo"), /<NewEnabled>0</);
      tr064.state.secondFactor.enabled = true;
      assert.match(await client.ok(AUTH, "GetInfo"), /<NewEnabled>1</);
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialSetConfig", off), 866);
      assert.equal((await write(0, contactXml("A", "1"))).status, 200, "books are not protected");
      const started = await client.ok(AUTH, "SetConfig", { NewAction: "start" });
      const token = text(started, "NewToken");
      assert.match(token, /^[0-9a-f-]{36}$/);
      assert.equal(text(started, "NewState"), "waitingforauth");
      assert.equal(text(started, "NewMethods"), "button,dtmf;*11234");
      const state = async (sent: Sent = {}) => text(await client.ok(AUTH, "GetState", {}, sent), "NewState");
      assert.equal(await state(withToken(token)), "waitingforauth");
      assert.equal(await state(), "anotherauthprocess");
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialSetConfig", off, withToken(token)), 866);
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialSetConfig", off), 868);
      assert.equal(await codeOf(AUTH, "SetConfig", { NewAction: "start" }), 868);
      tr064.state.secondFactor.confirm();
      assert.equal(await state(withToken(token)), "authenticated");
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialSetConfig", off), 866, "without the token");
      await client.ok("X_VoIP", "X_AVM-DE_DialSetConfig", off, withToken(token));
      assert.equal(tr064.state.dialPhone, "");
      assert.match(await client.ok(AUTH, "SetConfig", { NewAction: "stop" }), />stopped</);
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialSetConfig", off, withToken(token)), 866);
    });

    it("can fail and be blocked", async () => {
      const { secondFactor } = tr064.state;
      secondFactor.enabled = true;
      const token = text(await client.ok(AUTH, "SetConfig", { NewAction: "start" }), "NewToken");
      secondFactor.fail();
      assert.match(await client.ok(AUTH, "GetState", {}, withToken(token)), />failure</);
      secondFactor.blocked = true;
      assert.equal(await codeOf("X_VoIP", "X_AVM-DE_DialSetConfig", off, withToken(token)), 867);
      assert.equal(await codeOf(AUTH, "SetConfig", { NewAction: "start" }), 867);
      assert.match(await client.ok(AUTH, "GetState"), />blocked</);
      assert.equal(await codeOf(AUTH, "SetConfig", { NewAction: "dance" }), 600);
    });
  });

  describe("TLS and restart", () => {
    it("shows the one certificate or the other", async () => {
      const seen = async () => {
        client.close(); // a new connection
        client.agents[1] = new TlsAgent({ keepAlive: true, rejectUnauthorized: false });
        return (await client.http("GET", "/tr64desc.xml", { tls: true })).fingerprint;
      };
      const first = tr064.fingerprint;
      assert.match(first, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      assert.equal(await seen(), first);
      tr064.useCertificate(1);
      assert.notEqual(tr064.fingerprint, first);
      assert.equal(await seen(), tr064.fingerprint);
    });

    it("drops connections, nonces and session ids, and refuses until it is back", async () => {
      await write(0, contactXml("A", "1"));
      const [port, tlsPort, url] = [tr064.port, tr064.tlsPort, await bookUrl(0)];
      const old = client.challenge;
      tr064.wire.latencyMs = 60_000;
      const hanging = write(0, contactXml("B", "1"));
      await until("the request", () => tr064.openRequests > 0);
      await tr064.restart();
      client.close();
      assert.match((await hanging).broken ?? "", /^E(CONNRESET|PIPE)$/);
      tr064.wire.latencyMs = 0;
      assert.equal(tr064.connections, 0);
      assert.equal((await client.http("GET", "/tr64desc.xml")).broken, "ECONNREFUSED");
      assert.equal((await client.http("GET", "/tr64desc.xml", { tls: true })).broken, "ECONNREFUSED");
      await tr064.accept();
      assert.deepEqual([tr064.port, tr064.tlsPort], [port, tlsPort]);
      assert.equal((await client.get(url)).status, 403);
      assert.equal(tr064.state.books.named("Telefonbuch").contacts.length, 1, "what was under way is not done");
      await bookUrl(0);
      assert.notEqual(client.challenge, old);
      await tr064.restart(5);
      client.close();
      assert.equal((await client.http("GET", "/tr64desc.xml")).status, 200, "back by itself");
    });

    it("listens on what it is told to", async () => {
      await tr064.listen({ port: 0 });
      assert.equal(tr064.tlsPort, 0);
      assert.match(await bookUrl(0), new RegExp(`^http://127.0.0.1:${tr064.port}/`));
      await tr064.stop();
      assert.equal(await listens(tr064.port), false);
      await tr064.listen({ tlsPort: 0 });
      assert.equal((await client.http("GET", "/tr64desc.xml", { tls: true })).status, 200);
    });
  });

  describe("faults on demand", () => {
    const count = () => tr064.state.books.named("Telefonbuch").contacts.length;
    const both = [false, true];

    it("503 and a reset before: not done; a reset after: done", async () => {
      for (const tls of both) {
        const before = count();
        tr064.failNext({ match: "SetPhonebookEntryUID", kind: "503" });
        assert.equal((await write(0, contactXml("A", "1"), { tls })).status, 503);
        tr064.failNext({ match: /^SetPhonebook/, kind: "reset-before" });
        assert.equal((await write(0, contactXml("A", "1"), { tls })).broken, "ECONNRESET");
        assert.equal(count(), before);
        tr064.failNext({ match: "/upnp/control/x_contact", kind: "reset-after" });
        assert.equal((await write(0, contactXml("A", "1"), { tls })).broken, "ECONNRESET");
        assert.equal(count(), before + 1);
        assert.equal((await write(0, contactXml("A", "1"), { tls })).status, 200);
        assert.equal(tr064.faults.pending, 0);
      }
    });

    it("happen as often as ordered, to what matches, and only to who is let in unless ordered otherwise", async () => {
      tr064.failNext({ match: "GetPhonebookList", kind: "503", times: 2 });
      await bookUrl(0);
      const statuses = [];
      for (let i = 0; i < 3; i++) statuses.push((await client.soap(ONTEL, "GetPhonebookList")).status);
      assert.deepEqual(statuses, [503, 503, 200]);
      client.challenge = "";
      tr064.failNext({ kind: "503", when: "any" });
      assert.equal((await client.soap(ONTEL, "GetPhonebookList")).status, 503);
      assert.equal(tr064.requests.at(-1)?.authorized, false);
      client.challenge = "";
      tr064.failNext({ kind: "garbage" });
      assert.equal((await client.soap(ONTEL, "GetPhonebookList", {}, { login: undefined })).status, 401);
      assert.equal(tr064.faults.pending, 1);
    });

    it("cut, strange, endless and slow bodies", async () => {
      for (const tls of both) {
        const ask = () => client.soap(ONTEL, "GetPhonebookList", {}, { tls });
        const { bytes: good } = await ask();
        tr064.failNext({ kind: "truncate" });
        const cut = await ask();
        assert.equal(cut.complete, false);
        assert.deepEqual(cut.bytes, good.subarray(0, good.length >> 1));
        tr064.failNext({ kind: "garbage" });
        const garbage = await ask();
        assert.equal(garbage.status, 200);
        assert.notEqual(XMLValidator.validate(garbage.text), true);
        tr064.failNext({ kind: "wrong-type" });
        const page = await ask();
        assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html"]);
        assert.match(page.text, /<HTML>/);
        tr064.failNext({ kind: "oversize", bytes: 300_000 });
        const big = await ask();
        assert.equal(big.bytes.length, good.length + 300_000 + "<!--  -->".length);
        assert.equal(XMLValidator.validate(big.text), true);
        assert.match(big.text, /<NewPhonebookList>0</);
        tr064.failNext({ kind: "slow", ms: 40 });
        assert.deepEqual((await ask()).bytes, good);
        assert.deepEqual((await ask()).bytes, good);
      }
    });

    it("an empty book, an empty list, half a list, half a book", async () => {
      tr064.state.books.addLocal("Familie", "");
      tr064.state.books.addOnline("Online");
      const book = tr064.state.books.named("Telefonbuch");
      for (const n of [1, 2, 3, 4]) book.add(`Contact ${n}`, `03012345${n}`);
      const list = async () => text((await client.soap(ONTEL, "GetPhonebookList")).text, "NewPhonebookList");
      const document = async () => (await client.get(await bookUrl(0))).text;
      assert.equal(await list(), "0,1,2");
      tr064.failNext({ kind: "empty", match: "GetPhonebookList" });
      assert.equal(await list(), "");
      tr064.failNext({ kind: "half", match: "GetPhonebookList" });
      assert.equal(await list(), "0");
      tr064.failNext({ kind: "empty", match: "/phonebook.lua" });
      const empty = await document();
      assert.match(empty, /^<\?xml[^>]*>\s*<phonebooks><\/phonebooks>$/);
      tr064.failNext({ kind: "half", match: /pbid=0/ });
      const half = await document();
      assert.equal(XMLValidator.validate(half), true);
      assert.deepEqual(half.match(/Contact \d/g), ["Contact 1", "Contact 2"]);
      assert.equal((await document()).match(/Contact \d/g)?.length, 4);
      assert.equal(await list(), "0,1,2");
    });

    it("a page that is well-formed XML", async () => {
      tr064.failNext({ kind: "xhtml", match: "/phonebook.lua" });
      const { status, headers, text: page } = await client.get(await bookUrl(0));
      assert.deepEqual([status, headers["content-type"]], [200, 'text/xml; charset="utf-8"']);
      assert.equal(XMLValidator.validate(page), true);
      assert.match(page, /<html /);
    });

    it("713 on one book, 606 on one action: not done", async () => {
      tr064.state.books.addLocal("Familie", "");
      tr064.failNext({ kind: "refuse", code: 713, match: "GetPhonebook(1)", times: 2 });
      tr064.failNext({ kind: "refuse", match: "AddPhonebook" });
      assert.equal(await client.fault(ONTEL, "GetPhonebook", { NewPhonebookID: 1 }), 713);
      await client.ok(ONTEL, "GetPhonebook", { NewPhonebookID: 0 });
      assert.equal(await client.fault(ONTEL, "GetPhonebook", { NewPhonebookID: 1 }), 713);
      assert.equal(await client.fault(ONTEL, "AddPhonebook", { NewPhonebookName: "Spam" }), 606);
      assert.deepEqual(names(), ["Telefonbuch", "Familie"]);
      await client.ok(ONTEL, "GetPhonebook", { NewPhonebookID: 1 });
    });

    it("byte by byte, and HTTP 101 with nothing after it, also when the box stops", async () => {
      const { bytes: good } = await client.soap(ONTEL, "GetPhonebookList");
      tr064.failNext({ kind: "trickle", ms: 1 });
      const since = performance.now();
      assert.deepEqual((await client.soap(ONTEL, "GetPhonebookList")).bytes, good);
      assert.ok(performance.now() - since > good.length * 0.9, "a pause after each byte");
      for (const tls of both) {
        tr064.failNext({ kind: "upgrade", match: "/tr64desc.xml" });
        const { port } = tls ? { port: tr064.tlsPort } : tr064;
        const send = tls ? tlsRequest : httpRequest;
        const request = send({ host: "127.0.0.1", port, path: "/tr64desc.xml", rejectUnauthorized: false });
        const [response, socket] = (await once(request.end(), "upgrade")) as [IncomingMessage, Socket];
        assert.equal(response.statusCode, 101);
        const closed = new Promise((resolve) => socket.on("error", () => undefined).on("close", resolve));
        if (tls) await tr064.stop();
        else socket.destroy();
        await closed;
      }
    });

    it("a body without length whose connection ends without a good-bye", async () => {
      const whole = (await client.http("GET", "/tr64desc.xml")).bytes;
      for (const tls of both) {
        tr064.failNext({ match: "/tr64desc.xml", kind: "no-close-notify" });
        const answer = await client.http("GET", "/tr64desc.xml", { tls });
        assert.deepEqual(answer.bytes, whole);
        assert.deepEqual(
          [answer.headers["content-length"], answer.headers["transfer-encoding"]],
          [undefined, undefined],
        );
        assert.equal(answer.headers["connection"], "close");
      }
      tr064.wire.abruptDownloads = true;
      const { bytes, headers } = await client.get(await bookUrl(0));
      assert.match(bytes.toString(), /<\/phonebooks>\s*$/);
      assert.equal(headers["content-length"], undefined);
      assert.notEqual((await client.soap(ONTEL, "GetPhonebookList")).headers["content-length"], undefined);
    });

    it("TLS says good-bye, and does not when told so", async () => {
      const closing = { headers: { Connection: "close" }, tls: true };
      // TLS 1.2 shows the kind of each record: 21 is an alert, and good-bye is one.
      const lastRecord = async () => {
        const seen: Buffer[] = [];
        const relay = createServer((near) => {
          const far = connect(tr064.tlsPort, "127.0.0.1");
          far.on("data", (chunk) => seen.push(chunk));
          near.on("error", () => far.destroy());
          far.on("error", () => near.destroy());
          far.on("close", () => near.resume()); // nothing else reads its end then
          near.pipe(far).pipe(near);
        });
        await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
        const { port: tlsPort } = relay.address() as AddressInfo;
        const other = new Client({ host: "127.0.0.1", port: 0, tlsPort } as Tr064Server);
        other.agents[1] = new TlsAgent({ rejectUnauthorized: false, maxVersion: "TLSv1.2" });
        const { text: xml } = await other.http("GET", "/tr64desc.xml", closing);
        assert.match(xml, /<\/root>\s*$/);
        other.close();
        await new Promise((resolve) => relay.close(resolve));
        const bytes = Buffer.concat(seen);
        let kind = 0;
        for (let i = 0; i + 5 <= bytes.length; i += 5 + bytes.readUInt16BE(i + 3)) kind = bytes[i] ?? 0;
        return kind;
      };
      assert.equal(await lastRecord(), 21);
      tr064.failNext({ kind: "no-close-notify" });
      assert.equal(await lastRecord(), 23);
    });

    it("a write that is confirmed and forgotten", async () => {
      tr064.failNext({ match: "SetPhonebookEntryUID", kind: "drop-write" });
      const answer = await write(0, contactXml("A", "1"));
      assert.equal(text(answer.text, "NewPhonebookEntryUniqueID"), "1");
      assert.equal(count(), 0);
      tr064.failNext({ match: "AddPhonebook", kind: "drop-write" });
      await client.ok(ONTEL, "AddPhonebook", { NewPhonebookName: "Spam" });
      assert.deepEqual(names(), ["Telefonbuch"]);
    });

    it("endless bodies and slow ones end with the box", async () => {
      tr064.failNext({ kind: "slow", ms: 3_600_000 });
      const hanging = client.http("GET", "/tr64desc.xml");
      await until("the request", () => tr064.requests.length > 0);
      await tr064.stop();
      assert.match((await hanging).broken ?? "", /ECONNRESET/);
    });
  });

  it("has books at hand for code", () => {
    const book = tr064.state.books.named("Telefonbuch");
    const id = book.add("<contact><person><realName>Ä</realName></person></contact>");
    assert.match(book.byUniqueId(id).xml, /Ä/);
    const xml = contactXml("A & B", { number: "1", type: "mobile", quickdial: "7", vanity: "ANNA" }, "2");
    assert.match(
      xml,
      /<number type="mobile" prio="1" id="0" quickdial="7" vanity="ANNA">1<.*<number type="home" prio="0" id="1">2</,
    );
    assert.throws(() => tr064.state.books.named("no such"), /no phonebook/);
  });
});

describe("simulated box: the XML reader", () => {
  it("agrees on what is well-formed", () => {
    const good = [
      "<a/>",
      "<a b='1' c = \"2\" />",
      "\ufeff<?xml version='1.0'?><!-- x --><a>&#228;<?p?></a>\n",
      "<a></a >",
    ];
    for (const xml of good) assert.equal(parseXml(xml).local, "a", xml);
    const [child] = parseXml("<x:a xmlns:x='u'><b xmlns='v' c='&lt;'>1<![CDATA[<2]]>3</b></x:a>").children;
    assert.deepEqual([child?.namespace, child?.text, child?.attributes["c"]], ["v", "1<23", "<"]);
    const bad = ["", "<a>", "</a>", "<a></b>", "<a b></a>", "<a b='<'/>", "<a>]]></a>", "<a>&x;</a>", "<a>& </a>"];
    bad.push("<a b='1' b='2'/>", "<x:a/>", "<a x:b='1'/>", "a<a/>", "<a/>b", "<a>\u0001</a>", "<a>&#xD800;</a>");
    bad.push("<a><![CDATA[</a>", "<a><!-- </a>", "<1/>", "<a", `${"<a>".repeat(100)}${"</a>".repeat(100)}`);
    for (const xml of bad) assert.throws(() => parseXml(xml), XmlError, xml);
  });
});

describe("fritz-simulator --tr064", () => {
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill());

  it("prints the addresses, and answers to fritz1234 with the password secret", async () => {
    const cli = join(__dirname, "../../simulator/cli.ts");
    const args = ["--import", "tsx", cli, "--port", "0", "--tr064", "0", "--tls", "0"];
    child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await until("the addresses", () => printed.includes("https://"));
    const port = Number(/TR-064 on http:\/\/127\.0\.0\.1:(\d+)\n/.exec(printed)?.[1]);
    const tlsPort = Number(/TR-064 on https:\/\/127\.0\.0\.1:(\d+) /.exec(printed)?.[1]);
    const client = new Client({ host: "127.0.0.1", port, tlsPort } as Tr064Server);
    const xml = await client.ok(ONTEL, "GetPhonebook", { NewPhonebookID: 0 }, { tls: true });
    assert.match((await client.get(text(xml, "NewPhonebookURL"))).text, /<realName>Anna Beispiel</);
    client.close();
    child.stdin?.end("quit\n");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
  });
});

/** Does anybody listen there? */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
