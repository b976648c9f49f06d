/** A `fritz-block` whose protection is off is never green: a word in the status, one sentence in the log. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { caller, spam } from "../support/callers";
import { callEvent, party } from "../support/events";
import { coreNode, deploy, helper, lastStatus, load, loggedErrors, node, statuses, until } from "../support/flow";
import { removeFolder } from "../support/wait";

const LOGIN = { username: "fritz1234", password: "secret" };
const PHONEBLOCK = [
  { id: "phonebook", enabled: true },
  { id: "phoneblock", enabled: true },
];

describe("fritz-block: what keeps it from protecting", () => {
  let simulator: SimulatedBox;
  let userDir: string;

  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  beforeEach(async () => {
    userDir = mkdtempSync(join(tmpdir(), "fritz-protection-"));
    helper.settings({ userDir });
    simulator = new SimulatedBox();
    await simulator.tr064.listen({ port: 0 });
  });
  afterEach(async () => {
    await helper.unload();
    await simulator.tr064.stop();
    removeFolder(userDir);
  });

  const flow = (block: object, info: object = {}) => [
    {
      ...{ id: "box", type: "fritz-config", host: "127.0.0.1", tls: false },
      ...{ port: simulator.tr064.port, monitorPort: 1 },
    },
    { id: "info", type: "fritz-caller-info", box: "box", wires: [["out"], []], ...info },
    { id: "out", type: "link out", links: ["in"] },
    { id: "in", type: "link in", links: ["out"], wires: [["block"]] },
    { id: "block", type: "fritz-block", box: "box", wires: [[], []], ...block },
  ];
  const start = (block: object, info: object = {}, credentials: object = { box: LOGIN }) =>
    load(flow(block, info), credentials as Record<string, object>, [coreNode("common/60-link")]);
  const gap = (name: string) => until(name, () => lastStatus("block").text === `fritz-block.status.gap.${name}`);
  const warnings = () => loggedErrors().filter((line) => line.startsWith("fritz-block.gap."));
  const neverGreen = () => assert.ok(statuses("block").every(({ fill }) => fill !== "green"));

  it("without a box, without a login, without a rule that can apply", async () => {
    await start({ box: "" });
    await gap("no-box");
    await helper.unload();
    await start({}, {}, {});
    await gap("no-login");
    await helper.unload();
    await start({});
    await gap("no-rule");
    neverGreen();
  });

  it("a ticked source without its key, over a link; with the key it is ready, and says so no more", async () => {
    await start({}, { providers: PHONEBLOCK });
    await gap("no-key");
    assert.equal(lastStatus("info").text, "fritz-caller-info.status.no-key");
    await helper.unload();
    await start({ dryRun: false }, { providers: PHONEBLOCK }, { box: LOGIN, info: { phoneblockToken: "pbt_test" } });
    await until("the start", () => statuses("block").length > 0);
    assert.ok(!statuses("block").some(({ text = "" }) => text.includes("gap")), JSON.stringify(statuses("block")));
  });

  it("warns once in the log, not at each deploy", async () => {
    await start({ blockFake: true });
    await gap("no-scores");
    assert.deepEqual(warnings(), ["fritz-block.gap.no-scores"]);
    await deploy(flow({ blockFake: true, perHour: 5 }));
    await gap("no-scores");
    assert.equal(warnings().length, 1);
  });

  it("an allowed call does not make it green, a score that comes from elsewhere does", async () => {
    await start({ blockFake: true, dryRun: false });
    await gap("no-scores");
    const send = (callerInfo: object) =>
      node("block").receive({
        payload: callEvent({ callId: JSON.stringify(callerInfo), caller: party("03023125001") }),
        callerInfo,
      });
    const before = statuses("block").length;
    send(caller({ number: "03023125001" }));
    await until("the decision", () => statuses("block").length > before);
    await gap("no-scores");
    neverGreen();
    send(caller(spam(3, 9)));
    await until("green", () => lastStatus("block").fill === "green");
  });

  it("armed with a phonebook that has no rule at the box, until there is one", async () => {
    const book = simulator.tr064.state.books.addLocal("Spam");
    book.add("Gewinnspiel", "0900*");
    const armed = { action: "phonebook", dryRun: false, minScore: 0, blockFake: true };
    await start(armed);
    await gap("no-box-rule");
    neverGreen();
    await helper.unload();
    const rule = {
      number: "",
      toNumber: "",
      mode: "eNoSignal",
      outgoing: "",
      phonebookId: 1,
      type: "fromPB",
      enable: true,
    };
    simulator.tr064.state.deflections = [rule];
    await start(armed);
    await until("the question", () => simulator.tr064.state.deflections.length === 1 && statuses("block").length > 0);
    assert.ok(!statuses("block").some(({ text = "" }) => text.includes("gap")), JSON.stringify(statuses("block")));
  });
});
