/** "Check my Fritz!Box" in the situations that a user may be in, against the simulated box. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { checkBox, dialMonitorOn } from "../../src/lib/box/check";
import type { CheckTarget, CheckId, CheckLine } from "../../src/lib/box/check-line";
import { SimulatedBox } from "../../simulator";
import { until } from "../support/wait";

const PASSWORD = "gehe!m";
const texts = JSON.parse(readFileSync(join(__dirname, "../../locales/en-US/fritz-config.json"), "utf8")) as {
  "fritz-config": Record<string, Record<string, string>>;
};

function sentence({ text, values = {} }: CheckLine): string {
  const [group = "", key = ""] = text.split(/\.(.*)/s);
  const found = texts["fritz-config"][group]?.[key];
  assert.ok(found !== undefined, `no sentence ${text}`);
  return found.replace(/__(\w+)__/g, (_, name: string) => {
    assert.ok(name in values, `${text} lacks ${name}`);
    return String(values[name]);
  });
}

describe("box check", function () {
  let box: SimulatedBox;
  let target: CheckTarget;

  beforeEach(async () => {
    box = new SimulatedBox();
    const { state } = box.tr064;
    state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
    state.lastUser = "nodered";
    state.books.addLocal("Spam");
    state.books.addOnline("Google");
    await box.monitor.listen();
    await box.tr064.listen();
    const { port, tlsPort } = box.tr064;
    target = {
      ...{ host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort, username: "nodered", password: PASSWORD },
    };
  });
  afterEach(async () => {
    await box.monitor.stop();
    await box.tr064.stop();
  });

  /** All lines; each has its sentence, none the password. */
  const check = async (extra: Partial<CheckTarget> = {}) => {
    const lines = await checkBox({ ...target, ...extra });
    for (const line of lines) assert.ok(!sentence(line).includes(PASSWORD));
    const ids = lines.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "each once");
    return (id: CheckId) => lines.find((line) => line.id === id);
  };
  const is = (line: CheckLine | undefined, state: CheckLine["state"], text: string) =>
    assert.deepEqual([line?.state, line?.text], [state, text], JSON.stringify(line));
  const pinned = () => box.tr064.fingerprint;

  it("all is well", async () => {
    box.tr064.state.deflections = [
      {
        ...{ enable: true, type: "fromPB", number: "", toNumber: "", mode: "eNoSignal", outgoing: "" },
        phonebookId: 1,
      },
    ];
    const now = Date.now();
    const of = await check({ fingerprint: pinned(), targetBooks: ["Spam"], live: { lastEventMs: now - 12_000 } });
    is(of("address"), "ok", "check.address-home");
    is((await check({ host: "localhost" }))("address"), "ok", "check.address-ok");
    is(of("monitor"), "ok", "check.monitor-ok");
    is(of("events"), "ok", "check.events-heard");
    is(of("box"), "ok", "check.box-ok");
    assert.deepEqual(of("box")?.values, { model: "FRITZ!Box 7590", fritzOs: "8.02" });
    is(of("certificate"), "ok", "check.certificate-ok");
    is(of("login"), "ok", "check.login-ok");
    is(of("rights"), "ok", "check.rights-ok");
    is(of("second-factor"), "ok", "check.second-factor-off");
    assert.deepEqual(of("place")?.values, { countryCode: "49", areaCode: "7191" });
    assert.equal(of("phonebooks")?.values?.["books"], "Telefonbuch 0, Spam 0, Google 0 *");
    is(of("rule"), "ok", "check.rule-ok");
  });

  it("call monitor off: offers to dial, and dialling switches it on", async () => {
    await box.monitor.refuse();
    const line = (await check())("monitor");
    is(line, "fail", "problem.refused");
    assert.equal(line?.action, "dial");
    await dialMonitorOn(target);
    is((await check())("monitor"), "ok", "check.monitor-ok");
  });

  it("call monitor off and no login: nothing to dial with", async () => {
    await box.monitor.refuse();
    const of = await check({ password: "" });
    assert.equal(of("monitor")?.action, undefined);
    is(of("events"), "info", "check.events-no");
  });

  it("unknown host", async () => {
    const of = await check({ host: "no-such-box.invalid" });
    is(of("address"), "fail", "problem.unknown-host");
    assert.equal(of("monitor"), undefined);
  });

  it("public address", async () => {
    is((await check({ host: "198.51.100.1" }))("address"), "fail", "problem.public-address");
  });

  it("no address", async () => is((await check({ host: " " }))("address"), "fail", "problem.bad-host"));

  it("TR-064 switched off: the port refuses", async () => {
    await box.tr064.refuse();
    const of = await check();
    is(of("monitor"), "ok", "check.monitor-ok");
    is(of("box"), "fail", "error.box-refused");
    assert.equal(of("login"), undefined);
  });

  it("nothing answers on TR-064's port (time-out)", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    try {
      is((await check({ port, tlsPort: port, timeoutMs: 300 }))("box"), "fail", "error.box-timeout");
    } finally {
      silent.close();
    }
  });

  it("access for apps off", async () => {
    box.tr064.state.appAccess = false;
    const of = await check();
    assert.ok(["box", "login"].some((id) => of(id as CheckId)?.text === "error.box-no-action"));
  });

  it("no login entered: the monitor works, and the names are offered", async () => {
    const of = await check({ username: "", password: "" });
    is(of("monitor"), "ok", "check.monitor-ok");
    is(of("login"), "info", "check.login-none");
    assert.deepEqual([of("login")?.action, of("login")?.choices], ["user", ["nodered"]]);
  });

  it("wrong password: said once, tried once", async () => {
    const of = await check({ password: "wrong" });
    is(of("login"), "fail", "error.box-login");
    assert.deepEqual(of("login")?.choices, ["nodered"]);
    const tries = box.tr064.requests.filter(({ action }) => action === "X_AVM-DE_GetCurrentUser");
    assert.equal(tries.length, 2, "the challenge and one try");
  });

  it("no right, read only, and administrator", async () => {
    const [user] = box.tr064.state.users;
    assert.ok(user);
    user.rights = { nas: "readwrite" };
    is((await check())("rights"), "fail", "check.rights-none");
    user.rights = { phone: "readonly" };
    is((await check())("rights"), "warn", "check.rights-read");
    user.rights = { config: "readwrite" };
    is((await check())("rights"), "ok", "check.rights-ok");
  });

  it("second factor on", async () => {
    box.tr064.state.secondFactor.enabled = true;
    is((await check())("second-factor"), "ok", "check.second-factor-on");
  });

  it("certificate: any, changed, off", async () => {
    const any = (await check())("certificate");
    is(any, "warn", "check.certificate-any");
    assert.equal(any?.values?.["fingerprint"], pinned().replaceAll(":", ""));
    const before = pinned();
    box.tr064.useCertificate(1);
    const of = await check({ fingerprint: before });
    is(of("certificate"), "fail", "check.certificate-changed");
    assert.deepEqual(
      [of("certificate")?.action, of("certificate")?.values?.["fingerprint"]],
      ["certificate", pinned().replaceAll(":", "")],
    );
    assert.equal(of("login"), undefined, "nothing is said to a stranger");
    is((await check({ tls: false }))("certificate"), "warn", "check.certificate-off");
  });

  it("no area code known", async () => {
    Object.assign(box.tr064.state.place, { areaCode: "" });
    is((await check())("place"), "warn", "check.place-no-area");
    is((await check({ areaCode: "07191" }))("place"), "ok", "check.place-ok");
  });

  it("only read-only phonebooks", async () => {
    box.tr064.state.books.local = [];
    is((await check())("phonebooks"), "warn", "check.phonebooks-read-only");
  });

  it("spam book: missing, without rule, none at all", async () => {
    const missing = (await check({ targetBooks: ["Werbung"] }))("rule");
    is(missing, "warn", "check.rule-no-book");
    assert.deepEqual([missing?.action, missing?.values?.["book"]], ["create-book", "Werbung"]);
    is((await check({ targetBooks: ["Spam"] }))("rule"), "warn", "check.rule-missing");
    is((await check())("rule"), "ok", "check.rule-barring");
    assert.equal((await check())("rule")?.canBar, true);
    box.tr064.state.missingActions.add("SetCallBarringEntry");
    is((await check())("rule"), "info", "check.rule-none");
    assert.equal((await check())("rule")?.canBar, false);
  });

  it("a box or repeater without telephony", async () => {
    box.tr064.state.telephony = false;
    const of = await check();
    is(of("box"), "fail", "check.box-no-telephony");
    assert.equal(of("phonebooks"), undefined);
  });

  it("listening, but no call yet", async () => {
    is((await check({ live: { connectedSince: Date.now() - 5_000 } }))("events"), "info", "check.events-waiting");
    is((await check())("events"), "info", "check.events-deploy");
  });

  it("leaves no connection behind", async () => {
    await check();
    await until("the end", () => box.tr064.connections === 0);
    assert.equal(box.tr064.connections, 0);
  });
});
