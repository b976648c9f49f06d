/** What fritz-config knows of its box beyond the call monitor: where it stands, and the user's own area codes. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallEvent } from "../../src/lib/calls/types";
import { useAreaCodeFile } from "../../src/lib/numbers/index";
import { SimulatedBox } from "../../simulator";
import { collect, loggedErrors, helper, load, pause, until } from "../support/flow";
import { removeFolder } from "../support/wait";

const PASSWORD = "gehe!m-42";

const messageOf = (msg: unknown) => (msg as { error?: { message?: string } }).error?.message;

describe("fritz-config", () => {
  let box: SimulatedBox;

  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
    await box.monitor.listen();
    await box.tr064.listen();
  });
  afterEach(async () => {
    await helper.unload();
    await box.monitor.stop();
    await box.tr064.stop();
  });

  const flow = (extra = {}) => {
    const { port, tlsPort } = box.tr064;
    return [
      {
        ...{
          id: "box1",
          type: "fritz-config",
          name: "Home",
          host: "127.0.0.1",
          monitorPort: box.monitor.port,
          port,
          tlsPort,
        },
        ...extra,
      },
      { id: "m1", type: "fritz-callmonitor", box: "box1", wires: [["out"]] },
      { id: "out", type: "helper" },
      { id: "c", type: "catch", scope: null, wires: [["caught"]] },
      { id: "caught", type: "helper" },
    ];
  };
  const login = { box1: { username: "nodered", password: PASSWORD } };
  const asked = () => box.tr064.requests.filter(({ action }) => action === "X_AVM-DE_GetVoIPCommonAreaCode").length;
  /** Rings and gives the event. */
  const ring = async (got: { payload?: unknown }[], caller: string) => {
    const before = got.length;
    box.hangUp(box.ring(caller));
    await until("both events", () => got.length === before + 2);
    return got[before]?.payload as CallEvent;
  };
  /** Rings until the place is known: what the box says of it may still be on its way. */
  const ringPlaced = async (got: { payload?: unknown }[], caller: string) => {
    let event = await ring(got, caller);
    for (let tries = 0; tries < 300 && event.caller.e164 === undefined; tries++) {
      await pause(50);
      event = await ring(got, caller);
    }
    return event;
  };

  it("adds the international form to the parties, from what the box says of its place", async () => {
    await load(flow(), login);
    const got = collect("out");
    await until("the connection", () => box.monitor.connections === 1 && asked() >= 1);
    const { caller, called } = await ringPlaced(got, "03023125001");
    assert.deepEqual(caller, { number: "03023125001", presentation: "allowed", e164: "+493023125001" });
    assert.deepEqual(called, { number: "732123", presentation: "allowed", e164: "+497191732123" });
    const hidden = await ring(got, "");
    assert.deepEqual(hidden.caller, { number: "", presentation: "restricted" });
  });

  it("guesses nothing without a login, and asks nothing of the box", async () => {
    await load(flow());
    const got = collect("out");
    await until("the connection", () => box.monitor.connections === 1);
    assert.deepEqual((await ring(got, "03023125001")).caller, { number: "03023125001", presentation: "allowed" });
    assert.equal(box.tr064.requests.length, 0);
  });

  it("takes numbers, null and objects in the place of texts, as imported flows and the environment bring them", async () => {
    for (const extra of [
      { areaCode: 30, countryCode: 49, timeZone: 1, fingerprint: 5, name: 7, areaCodeFile: 3 },
      { areaCode: null, countryCode: null, timeZone: null, fingerprint: null, name: null, areaCodeFile: null },
      { areaCode: {}, countryCode: [], timeZone: true, fingerprint: {}, name: {}, monitorPort: {}, host: "127.0.0.1" },
    ]) {
      await load(flow(extra), login);
      await new Promise(setImmediate);
      await helper.unload();
    }
    await load(flow({ areaCode: 30, countryCode: 49 }), login);
    const got = collect("out");
    await until("the connection", () => box.monitor.connections === 1);
    assert.equal((await ring(got, "23125001")).caller.e164, "+493023125001");
  });

  it("takes what the user has set", async () => {
    await load(flow({ countryCode: "0043", areaCode: "01" }));
    const got = collect("out");
    await until("the connection", () => box.monitor.connections === 1);
    assert.equal((await ring(got, "0316123456")).caller.e164, "+43316123456");
  });

  it("learns it later if the box was not up yet", async () => {
    await box.tr064.refuse();
    await load(flow(), login);
    const got = collect("out");
    await until("the connection", () => box.monitor.connections === 1);
    assert.equal((await ring(got, "03023125001")).caller.e164, undefined);
    await box.tr064.accept();
    box.monitor.resetAll(); // the box has restarted
    await until("the answer", () => asked() >= 1);
    await until("the connection", () => box.monitor.connections === 1);
    assert.equal((await ringPlaced(got, "03023125001")).caller.e164, "+493023125001");
  });

  for (const scope of [null, ["p2"]]) {
    it(`says it once to a Catch node for ${scope?.join() ?? "all"}, without a call monitor, too`, async () => {
      const userDir = mkdtempSync(join(tmpdir(), "fritz-stores-"));
      helper.settings({ userDir });
      try {
        writeFileSync(join(userDir, "fritz-calls"), "in the way");
        const [config] = flow().filter(({ type }) => type === "fritz-config");
        const own = { type: "fritz-phonebook", box: "box1" };
        await load(
          [
            ...(config ? [config] : []),
            ...[
              { ...own, id: "p1" },
              { ...own, id: "p2" },
              { ...own, id: "p3" },
            ],
            { id: "c", type: "catch", scope, wires: [["caught"]] },
            { id: "caught", type: "helper" },
          ],
          login,
        );
        const caught = collect("caught");
        await until("the error", () => caught.length > 0);
        await pause(50);
        assert.equal(caught.length, 1);
        assert.match(String(messageOf(caught[0] ?? {})), /error\.box-store$/);
      } finally {
        await helper.unload();
        helper.settings({});
        removeFolder(userDir);
      }
    });
  }

  it("says once that what the box said cannot be kept, and goes on", async () => {
    const userDir = mkdtempSync(join(tmpdir(), "fritz-stores-"));
    helper.settings({ userDir });
    try {
      writeFileSync(join(userDir, "fritz-calls"), "in the way");
      await load([...flow(), { id: "p1", type: "fritz-phonebook", box: "box1", wires: [["out"]] }], login);
      const caught = collect("caught");
      const reported = () => caught.filter((msg) => /error\.box-store$/.test(String(messageOf(msg))));
      await until("the error", () => reported().length === 1);
      const got = collect("out");
      for (let i = 0; i < 2; i++)
        helper.getNode("p1").receive({ operation: "lookup", payload: "0309988", refresh: true });
      await until("the look-ups", () => got.length === 2);
      await pause(50);
      assert.equal(reported().length, 1, "several stores, and each write fails");
    } finally {
      await helper.unload();
      helper.settings({});
      removeFolder(userDir);
    }
  });

  it("takes the user's own area codes, and says what is wrong with a bad file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fritz-codes-"));
    try {
      const file = join(folder, "NVONB.ONB");
      writeFileSync(file, "Ortsnetzkennzahl;Ortsnetzname;KennzeichenAktiv\r\n30;Berlin;1\r\nx;Nirgendwo;1\r\n\x1a");
      await load(flow({ areaCodeFile: file }));
      const caught = collect("caught");
      await until("the complaint", () => caught.length === 1);
      const { error } = caught[0] as unknown as { error: { message: string } };
      assert.match(error.message, /onb-line/);
      assert.ok(!loggedErrors().join().includes(PASSWORD));
    } finally {
      await useAreaCodeFile("");
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
