/** The editor's routes use a stored password only for the node and the host that it was stored for. */
import assert from "node:assert/strict";
import { PHONEBLOCK_TOKEN, SimulatedBox, WebServices } from "../../simulator";
import type { Node, NodeDef, Runtime } from "../../src/nodes/shared/red";
import { helper, load } from "../support/flow";

const USER = "nodered";
const PASSWORD = "gehe!m-42";

/** Another package's node that keeps a user and a password, as an MQTT broker does. */
function broker(RED: Runtime): void {
  RED.nodes.registerType<Node, NodeDef, object, object>(
    "other-broker",
    function (this: Node, def: NodeDef) {
      RED.nodes.createNode(this, def);
    },
    { credentials: { username: { type: "text" }, password: { type: "password" }, phoneblockToken: { type: "text" } } },
  );
}

interface Line {
  id: string;
  state: string;
  text: string;
}

interface Answer {
  status: number;
  body: { code?: string; lines?: Line[]; says?: string };
}

describe("editor routes: stored credentials", () => {
  const box = new SimulatedBox();
  const web = new WebServices();

  before((done) => void helper.startServer(done));
  before(() => Promise.all([box.monitor.listen(), box.tr064.listen(), web.listen()]));
  after((done) => void helper.stopServer(done));
  after(() => Promise.all([box.monitor.stop(), box.tr064.stop(), web.stop()]));
  beforeEach(() => {
    box.tr064.state.users = [{ name: USER, password: PASSWORD, rights: { phone: "readwrite" } }];
  });
  afterEach(async () => {
    delete process.env["FRITZ_TEST_USER"];
    delete process.env["FRITZ_TEST_PASSWORD"];
    await helper.unload();
  });

  const settings = (host = "127.0.0.1") => {
    const { port, tlsPort } = box.tr064;
    return { host, monitorPort: box.monitor.port, port, tlsPort };
  };
  const phoneblock = () => ({ id: "phoneblock", enabled: true, baseUrl: web.base("phoneblock"), allowPrivate: true });
  const nodes = () => [
    { id: "box1", type: "fritz-config", ...settings() },
    { id: "broker1", type: "other-broker", x: 1, y: 1, z: "tab" },
    { id: "info1", type: "fritz-caller-info", providers: [phoneblock()] },
  ];
  const login = { username: USER, password: PASSWORD };
  const deploy = (credentials: Record<string, object> = { box1: login, broker1: login }) =>
    load(nodes(), credentials, [broker]);
  const ask = async (route: string, question: object) => {
    const answer = (await helper.request().post(`/fritz-calls/${route}`).send(question)) as Answer;
    return { status: answer.status, body: answer.body };
  };
  const loginLine = async (question: object) => {
    const { body } = await ask("check", question);
    return body.lines?.find(({ id }) => id === "login")?.text;
  };

  it("log in with the box's own password, stored or typed", async () => {
    await deploy();
    assert.equal(await loginLine({ id: "box1", settings: settings() }), "check.login-ok");
    const typed = { username: USER, password: "__PWRD__" };
    assert.equal(await loginLine({ id: "box1", settings: settings(), credentials: typed }), "check.login-ok");
    assert.equal(await loginLine({ settings: settings(), credentials: login }), "check.login-ok");
  });

  it("never log in with what another kind of node has stored", async () => {
    await deploy();
    for (const id of ["broker1", "info1", "unknown", "__proto__"]) {
      assert.equal(await loginLine({ id, settings: settings() }), "check.login-none", id);
      const { status, body } = await ask("books", { id, settings: settings() });
      assert.deepEqual([status, body.code], [422, "box-login-needed"], id);
    }
  });

  it("ask for the password anew when the host changes", async () => {
    await deploy();
    const elsewhere = settings("localhost");
    assert.equal(await loginLine({ id: "box1", settings: elsewhere }), "error.password-elsewhere");
    for (const route of ["books", "numbers", "create-book", "dial-monitor-on"]) {
      const { status, body } = await ask(route, { id: "box1", settings: elsewhere, book: "Spam" });
      assert.deepEqual([status, body.code], [422, "password-elsewhere"], route);
    }
    assert.equal(await loginLine({ id: "box1", settings: elsewhere, credentials: login }), "check.login-ok");
    assert.equal(await loginLine({ id: "box1", settings: settings(" 127.0.0.1 ") }), "check.login-ok");
  });

  it("take environment variables for user and password as the runtime does", async () => {
    process.env["FRITZ_TEST_USER"] = USER;
    process.env["FRITZ_TEST_PASSWORD"] = PASSWORD;
    const fromEnvironment = { username: "${FRITZ_TEST_USER}", password: "${FRITZ_TEST_PASSWORD}" };
    await deploy({ box1: fromEnvironment });
    assert.equal(await loginLine({ id: "box1", settings: settings() }), "check.login-ok");
    assert.equal((await ask("books", { id: "box1", settings: settings() })).status, 200);
    assert.equal(await loginLine({ settings: settings(), credentials: fromEnvironment }), "check.login-ok");
  });

  it("never try one own source with the stored key of another", async () => {
    const own = (id: string, host: string, keySlot: number) => ({
      ...{ id, keySlot, enabled: true, allowPrivate: true },
      descriptor: {
        ...{ id, label: id, kind: ["name"] },
        request: { url: `${web.base("phoneblock").replace("127.0.0.1", host)}/{national}`, auth: "query:k" },
        response: { type: "json", fields: { name: { json: "/name" } } },
      },
    });
    const mine = own("mine", "127.0.0.1", 1);
    const info = { id: "info1", type: "fritz-caller-info", providers: [mine, own("other", "localhost", 2)] };
    await load([info], { info1: { customKey1: "first", customKey2: "second" } });
    const number = "030 23125042";
    const asIs = await ask("try-source", { id: "info1", entry: mine, number });
    assert.notEqual(asIs.body.code, "key-elsewhere");
    for (const entry of [{ ...mine, keySlot: 2 }, own("new", "127.0.0.1", 1)]) {
      const { status, body } = await ask("try-source", { id: "info1", entry, number });
      assert.deepEqual([status, body.code], [422, "key-elsewhere"]);
    }
  });

  it("try a source with the stored key only where the deployed source asks", async () => {
    await deploy({ info1: { phoneblockToken: PHONEBLOCK_TOKEN }, broker1: { phoneblockToken: PHONEBLOCK_TOKEN } });
    const number = "030 23125042";
    assert.equal((await ask("try-source", { id: "info1", entry: phoneblock(), number })).body.says, "hit");
    const elsewhere = { ...phoneblock(), baseUrl: web.base("phoneblock").replace("127.0.0.1", "localhost") };
    const refused = await ask("try-source", { id: "info1", entry: elsewhere, number });
    assert.deepEqual([refused.status, refused.body.code], [422, "key-elsewhere"]);
    const other = await ask("try-source", { id: "broker1", entry: phoneblock(), number });
    assert.equal(other.body.code, "source-no-key");
    const typed = { phoneblockToken: PHONEBLOCK_TOKEN };
    const asked = await ask("try-source", { id: "info1", entry: elsewhere, number, credentials: typed });
    assert.notEqual(asked.body.code, "key-elsewhere");
  });
});
