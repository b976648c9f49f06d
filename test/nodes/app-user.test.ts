/** The editor's routes that create the box's restricted user, in a real Node-RED with the simulated box. */
import assert from "node:assert/strict";
import { SimulatedBox } from "../../simulator";
import { loggedErrors, helper, load } from "../support/flow";

const ADMIN = { username: "chef", password: "gehe!m-42" };

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

describe("editor routes: the box's restricted user", function () {
  const box = new SimulatedBox();

  before((done) => void helper.startServer(done));
  before(() => box.tr064.listen());
  after((done) => void helper.stopServer(done));
  after(() => box.tr064.stop());
  beforeEach(async () => {
    const { state } = box.tr064;
    state.users = [{ name: ADMIN.username, password: ADMIN.password, rights: { config: "readwrite" } }];
    state.secondFactor.enabled = false;
    state.protectedActions.clear();
    await load([{ id: "box1", type: "fritz-config", ...settings() }]);
  });
  afterEach(() => helper.unload());

  const settings = () => ({ host: "127.0.0.1", port: box.tr064.port, tlsPort: box.tr064.tlsPort, tls: false });
  const ask = async (route: string, question: object) => {
    const { status, body } = (await helper.request().post(`/fritz-calls/${route}`).send(question)) as Answer;
    return { status, body };
  };
  const begin = async (credentials: object = ADMIN) =>
    String((await ask("app-user", { id: "box1", settings: settings(), credentials })).body["job"]);
  /** Asks as the dialog does until the state is another one. */
  async function follow(job: string, passed: readonly string[]): Promise<Record<string, unknown>> {
    for (let tries = 0; tries < 2_000; tries++) {
      const { status, body } = await ask("app-user-state", { job });
      assert.equal(status, 200);
      if (!passed.includes(String(body["state"]))) return body;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return assert.fail("no other state");
  }

  it("give the new login once, over TLS only, and keep neither password", async () => {
    const seen = box.tr064.requests.length;
    const job = await begin();
    const done = await follow(job, ["working"]);
    assert.equal(done["state"], "done");
    const created = box.tr064.state.users.at(-1);
    assert.deepEqual([done["username"], done["password"]], [created?.name, created?.password]);
    assert.ok(
      box.tr064.requests
        .slice(seen)
        .every(({ action, tls }) => tls || action === undefined || action === "GetSecurityPort"),
    );
    const again = await ask("app-user-state", { job });
    assert.deepEqual([again.status, again.body["code"]], [422, "app-user-gone"]);
    assert.doesNotMatch(loggedErrors().join("\n"), /gehe!m/);
  });

  it("say how to confirm and for how long, and go on by themselves", async () => {
    box.tr064.state.secondFactor.enabled = true;
    box.tr064.state.protectedActions.add("RegisterApp");
    const job = await begin();
    const { methods, seconds } = await follow(job, ["working"]);
    assert.deepEqual(methods, { button: true, code: "*11234", app: false });
    assert.ok(Number(seconds) > 60 && Number(seconds) <= 120);
    box.tr064.state.secondFactor.confirm();
    assert.equal((await follow(job, ["working", "confirm"]))["state"], "done");
  });

  it("are called off, and say why nothing came of it", async () => {
    box.tr064.state.secondFactor.enabled = true;
    box.tr064.state.protectedActions.add("RegisterApp");
    const job = await begin();
    await follow(job, ["working"]);
    await ask("app-user-stop", { job });
    assert.equal((await follow(job, ["working", "confirm"]))["code"], "interrupted");
    assert.equal(box.tr064.state.users.length, 1);
    assert.equal((await follow(await begin({ ...ADMIN, password: "falsch" }), ["working"]))["code"], "box-login");
    const nothing = await ask("app-user", { id: "box1", settings: settings(), credentials: {} });
    assert.equal(nothing.body["code"], "app-user-input");
  });
});
