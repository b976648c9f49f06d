/** `callerInfo.contact.image` in a real Node-RED with the simulated box. */
import assert from "node:assert/strict";
import type { CallerInfo } from "../../src/lib/callers/types";
import { SimulatedBox } from "../../simulator";
import { callEvent, party } from "../support/events";
import { collect, helper, load, node, until } from "../support/flow";

const LOGIN = { username: "nodered", password: "gehe!m-42" };
const CALLER = "03023125001";
const PATH = "/var/media/ftp/FRITZ/fonpix/1700000000-0.jpg";
const JPEG = Buffer.from("ffd8ffe000104a46494600", "hex");

describe("fritz-caller-info, pictures of contacts", function () {
  let box: SimulatedBox;

  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  beforeEach(async () => {
    box = new SimulatedBox();
    const { state } = box.tr064;
    state.users = [{ name: LOGIN.username, password: LOGIN.password, rights: { phone: "readwrite" } }];
    state.files.set(PATH, JPEG);
    const book = state.books.named("Telefonbuch");
    book.add("Karl Muster", "03023125002");
    book.write(
      "<contact><person><realName>Erika Muster</realName>" +
        `<imageURL>/download.lua?path=${PATH}</imageURL></person>` +
        `<telephony><number type="home" prio="1">${CALLER}</number></telephony></contact>`,
    );
    await box.tr064.listen();
  });
  afterEach(async () => {
    await helper.unload();
    await box.tr064.stop();
  });

  async function start(properties: object) {
    const { port, tlsPort } = box.tr064;
    await load(
      [
        { id: "box", type: "fritz-config", name: "", host: "127.0.0.1", port, tlsPort },
        { id: "n", type: "fritz-caller-info", box: "box", ...properties, wires: [["out"], []] },
        { id: "out", type: "helper" },
      ],
      { box: LOGIN },
    );
    const got = collect("out");
    return async (event: "ring" | "connect", callId: string, caller = CALLER): Promise<CallerInfo> => {
      const before = got.length;
      node("n").receive({ payload: callEvent({ event, callId, caller: party(caller) }) });
      await until("an answer", () => got.length > before);
      return got.at(-1)?.["callerInfo"] as CallerInfo;
    };
  }
  const downloads = () => box.tr064.requests.filter(({ path }) => path.startsWith("/download.lua")).length;

  it("come on wish, once for all calls, and with the later events of a call", async () => {
    const ask = await start({ image: true });
    const image = `data:image/jpeg;base64,${JPEG.toString("base64")}`;
    assert.equal((await ask("ring", "a")).contact?.image, image);
    assert.equal((await ask("connect", "a")).contact?.image, image);
    assert.equal((await ask("ring", "b")).contact?.image, image);
    assert.equal(downloads(), 1);
    assert.equal(JSON.stringify(await ask("ring", "c")).includes("sid="), false);
  });

  it("are not fetched unless wanted", async () => {
    const ask = await start({});
    const { contact } = await ask("ring", "a");
    assert.equal(contact?.name, "Erika Muster");
    assert.equal("image" in contact, false);
    assert.equal(downloads(), 0);
  });

  it("delay no answer beyond its deadline, nor the events of a call that goes on", async () => {
    const ask = await start({ image: true, deadlineMs: 500 });
    await ask("ring", "known", "03023125002"); // reads the books
    box.tr064.failNext({ kind: "slow", match: /download\.lua/, ms: 60_000, times: 2 });
    const since = performance.now();
    assert.equal("image" in ((await ask("ring", "a")).contact ?? {}), false);
    assert.ok(performance.now() - since < 30_000);
    await helper.unload();
    const again = await start({ image: true, deadlineMs: 60_000 });
    await again("ring", "known", "03023125002");
    const before = performance.now();
    void again("ring", "b");
    assert.equal((await again("connect", "b")).contact?.name, "Erika Muster");
    assert.ok(performance.now() - before < 30_000);
  });
});
