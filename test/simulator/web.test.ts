/** The simulated services outside the house: what they know, how they fail, and how they are told to. */
import assert from "node:assert/strict";
import { PHONEBLOCK_TOKEN, SimulatedBox, WebServices } from "../../simulator/index";
import { runCommand } from "../../simulator/commands";

describe("simulator: the services outside", () => {
  const box = new SimulatedBox();
  const { web } = box;
  before(() => web.listen());
  after(() => web.stop());
  beforeEach(() => web.reset());
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${web.port}/${path}`, { headers, redirect: "manual" });
    return { status: answer.status, text: await answer.text() };
  };
  const authorized = { Authorization: `Bearer ${PHONEBLOCK_TOKEN}` };

  it("know numbers, each in its own way", async () => {
    assert.match((await get("dasoertliche/?form_name=search_inv&ph=08999998001")).text, /Erika Muster/);
    assert.equal((await get("dasoertliche/?form_name=search_inv&ph=08999998002")).status, 410);
    assert.match((await get("cleverdialer/telefonnummer/03023125042")).text, /1,5 von 5 Sternen/);
    assert.equal((await get("phoneblock/check-prefix?sha1=1303&prefix10=F5AA&prefix100=D050")).status, 401);
    assert.equal((await get("phoneblock/check-prefix?sha1=13&prefix10=F5AA&prefix100=D050", authorized)).status, 400);
    const { text } = await get("phoneblock/check-prefix?sha1=1303&prefix10=F5AA&prefix100=D050", authorized);
    assert.deepEqual(
      (JSON.parse(text) as { numbers: { phone: string }[] }).numbers.map(({ phone }) => phone),
      ["+493023125042"],
    );
    assert.equal((await get("missing/x")).status, 404);
    assert.equal((await get("phoneblock/x", authorized)).status, 404);
    assert.deepEqual(
      web.requests.map(({ site }) => site),
      [
        "dasoertliche",
        "dasoertliche",
        "cleverdialer",
        "phoneblock",
        "phoneblock",
        "phoneblock",
        "missing",
        "phoneblock",
      ],
    );
  });

  it("fail as they are told to at the prompt, so often or until they are told otherwise", async () => {
    assert.match(await runCommand(box, "web"), /phoneblock tellows[\s\S]*faults: status/);
    assert.equal(await runCommand(box, "web tellows status 503"), "ok");
    assert.equal((await get("tellows/basic/num/1")).status, 503);
    assert.equal(await runCommand(box, "web tellows captcha"), "ok");
    assert.match((await get("tellows/basic/num/1")).text, /captcha/);
    assert.equal(await runCommand(box, "web tellows loop"), "ok");
    assert.equal((await get("tellows/basic/num/1")).status, 302);
    assert.equal(await runCommand(box, "web tellows"), "ok");
    assert.equal((await get("tellows/basic/num/1")).status, 403);
    assert.match(await runCommand(box, "web missing"), /no service missing/);
    assert.match(await runCommand(box, "web tellows hiccup"), /no fault hiccup/);
    web.fail("tellows", { kind: "status", status: 500 }, 2);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await get("tellows/basic/num/1")).status);
    assert.deepEqual(statuses, [500, 500, 403]);
  });

  it("can be stopped in the middle of an answer", async () => {
    const other = new WebServices();
    await other.listen();
    other.fail("tellows", { kind: "hang" });
    const asked = fetch(`${other.base("tellows")}/basic/num/1`).then(
      () => "answered",
      () => "broken off",
    );
    while (other.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await other.stop();
    assert.equal(await asked, "broken off");
  });
});
