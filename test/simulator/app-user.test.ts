/** The box's restricted user is created on the simulated box, with and without the second factor. */
import assert from "node:assert/strict";
import { type AppUser, createAppUser } from "../../src/lib/box/app-user";
import { systemClock } from "../../src/lib/core/clock";
import { FritzError } from "../../src/lib/core/errors";
import type { ConfirmationMethods } from "../../src/lib/tr064/second-factor";
import { Tr064Client } from "../../src/lib/tr064/client";
import { SimulatedBox } from "../../simulator";
import { FakeClock } from "../support/fake-clock";
import { until } from "../support/wait";

const ADMIN = { username: "chef", password: "gehe!m-42" };

describe("the box's restricted user", () => {
  let box: SimulatedBox;
  let clients: Tr064Client[] = [];
  let reported: ConfirmationMethods[] = [];
  let stop: AbortController;

  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.users = [
      { name: ADMIN.username, password: ADMIN.password, rights: { config: "readwrite", phone: "readwrite" } },
      { name: "gast", password: ADMIN.password, rights: { app: "readwrite" } },
      { name: "leser", password: ADMIN.password, rights: { phone: "readonly", nas: "readwrite" } },
    ];
    reported = [];
    stop = new AbortController();
    await box.tr064.listen();
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    clients = [];
    await box.tr064.stop();
  });

  function open({ username, password }: AppUser): Tr064Client {
    const { port, tlsPort } = box.tr064;
    const client = new Tr064Client({ host: "127.0.0.1", port, tlsPort, tls: true, username, password });
    clients.push(client);
    return client;
  }
  const create = (admin: AppUser = ADMIN, clock = systemClock) =>
    createAppUser({
      ...{ client: open(admin), logIn: open, appId: "app1", clock, signal: stop.signal },
      waiting: (methods) => reported.push(methods),
    });
  const fails = (work: Promise<unknown>, code: string) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof FritzError, String(error));
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message, /gehe!m|nodered[a-z]{6}/);
      return true;
    });
  const apps = () => box.tr064.state.users.filter(({ appId }) => appId !== undefined);
  const asked = (action: string) => box.tr064.requests.filter((one) => one.action === action && one.authorized).length;

  it("may use the telephony and nothing else, and replaces the one that was created before", async () => {
    const first = await create();
    assert.deepEqual(
      apps().map(({ name, rights }) => ({ name, rights })),
      [{ name: first.username, rights: { app: "none", nas: "none", phone: "readwrite", homeAuto: "none" } }],
    );
    assert.match(first.username, /^nodered[a-z]{6}$/);
    for (const part of [/\d/, /[A-Z]/, /[a-z]/, /[^0-9A-Za-z]/, /^.{24}$/]) assert.match(first.password, part);
    const second = await create();
    assert.deepEqual(
      apps().map(({ name }) => name),
      [second.username],
    );
    assert.notEqual(first.password, second.password);
    assert.deepEqual(reported, [], "no second factor was wanted");
    await open(second).call("X_AVM-DE_OnTel:1", "GetPhonebookList");
    await fails(open(second).call("DeviceInfo:1", "GetInfo"), "box-right");
  });

  it("is refused to a user who may not create users, with what to do about it", async () => {
    await fails(create({ ...ADMIN, username: "gast" }), "app-user-refused");
    await fails(create({ ...ADMIN, password: "falsch" }), "box-login");
    const app = await create();
    await fails(create(app), "app-user-refused");
    const others = Array.from({ length: 9 }, (_, i) => ({ ...ADMIN, name: `app${i}`, rights: {}, appId: `other${i}` }));
    box.tr064.state.users.push(...others, { ...ADMIN, name: "appX", rights: {}, appId: "otherX" });
    box.tr064.state.users = box.tr064.state.users.filter(({ appId }) => appId !== "app1");
    await fails(create(), "app-user-limit");
  });

  it("is not called created where the box forgets it, or gives it less than it must have", async () => {
    box.tr064.failNext({ kind: "drop-write", match: "RegisterApp" });
    await fails(create(), "app-user-kept");
    await fails(create({ ...ADMIN, username: "leser" }), "app-user-kept");
  });

  it("is created once where the connection breaks, and the new login tells whether it was", async () => {
    box.tr064.failNext({ kind: "reset-before", match: "RegisterApp" });
    await fails(create(), "box-unreachable");
    assert.equal(apps().length, 0);
    const before = asked("RegisterApp");
    box.tr064.failNext({ kind: "reset-after", match: "RegisterApp" });
    await create();
    assert.equal(apps().length, 1);
    assert.equal(asked("RegisterApp"), before + 1);
  });

  describe("with the second factor", () => {
    beforeEach(() => {
      box.tr064.state.secondFactor.enabled = true;
      box.tr064.state.protectedActions.add("RegisterApp");
    });

    it("waits until somebody confirms, and says how that is done", async () => {
      const created = create();
      await until("the question", () => reported.length === 1);
      assert.deepEqual(reported, [{ button: true, code: "*11234", app: false }]);
      box.tr064.state.secondFactor.confirm();
      const { username } = await created;
      assert.deepEqual(
        apps().map(({ name }) => name),
        [username],
      );
    });

    it("does not end somebody else's process, and knows the other ways to confirm", async () => {
      const other = box.tr064.state.secondFactor.start().token;
      await fails(create(), "box-second-factor-busy");
      assert.equal(box.tr064.state.secondFactor.stateFor(other), "waitingforauth");
      box.tr064.state.secondFactor.stop();
      box.tr064.state.secondFactor.methods = "googleauth";
      const created = create();
      await until("the question", () => reported.length === 1);
      assert.deepEqual(reported, [{ button: false, app: true }]);
      box.tr064.state.secondFactor.confirm();
      await created;
    });

    for (const [what, happen, code] of [
      ["is not confirmed", () => box.tr064.state.secondFactor.fail(), "app-user-unconfirmed"],
      ["is blocked", () => (box.tr064.state.secondFactor.blocked = true), "box-second-factor-blocked"],
      ["is taken over by another process", () => void restarted(), "box-second-factor-busy"],
      ["is called off", () => stop.abort(), "interrupted"],
    ] as const) {
      it(`creates no user when it ${what}, and leaves no process behind`, async () => {
        const created = create();
        created.catch(() => undefined);
        await until("the question", () => reported.length === 1);
        happen();
        await fails(created, code);
        assert.equal(apps().length, 0);
        box.tr064.state.secondFactor.blocked = false;
        assert.equal(box.tr064.state.secondFactor.stateFor("any"), "stopped");
      });
    }

    /** Somebody else begins a confirmation of his own. */
    function restarted(): void {
      box.tr064.state.secondFactor.stop();
      box.tr064.state.secondFactor.start();
    }

    it("gives up after two minutes", async () => {
      const clock = new FakeClock();
      const created = create(ADMIN, clock);
      let ended = false;
      created.catch(() => undefined).finally(() => (ended = true));
      await until("the end", () => {
        clock.advance(2_000);
        return ended;
      });
      await fails(created, "app-user-unconfirmed");
      const seen = asked("GetState");
      assert.ok(seen >= 1 && seen <= 62, `${seen} looks`);
    });

    it("creates no user when the box restarts meanwhile", async () => {
      const created = create();
      created.catch(() => undefined);
      await until("the question", () => reported.length === 1);
      await box.tr064.restart(100);
      await assert.rejects(created);
      assert.equal(apps().length, 0);
    });
  });
});
