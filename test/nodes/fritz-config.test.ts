/** What fritz-config knows of its box beyond the call monitor: where it stands, and the user's own area codes. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallEvent } from "../../src/lib/model/call-event";
import { useAreaCodeFile } from "../../src/lib/services/numbers";
import { SimulatedBox } from "../../simulator";
import { collect, complaints, helper, load, pause, until } from "../support/flow";

const PASSWORD = "gehe!m-42";

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
    await until("the event", () => got.length > before);
    return got[before]?.payload as CallEvent;
  };

  it("adds the international form to the parties, from what the box says of its place", async () => {
    await load(flow(), login);
    const got = collect("out");
    await until("the connection", () => box.monitor.connections === 1 && asked() >= 1);
    const { caller, called } = await ring(got, "03023125001");
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
    await until("the answer", () => asked() >= 1, 15_000);
    await until("the connection", () => box.monitor.connections === 1);
    await pause(100);
    assert.equal((await ring(got, "03023125001")).caller.e164, "+493023125001");
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
      assert.ok(!complaints().join().includes(PASSWORD));
    } finally {
      await useAreaCodeFile("");
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
