/** Nodes that show a failure of their box turn green when the box answers again, whichever of them asked. */
import assert from "node:assert/strict";
import { SimulatedBox } from "../../simulator";
import { helper, lastStatus, load, node, until } from "../support/flow";

const PASSWORD = "gehe!m-42";

describe("the status of nodes whose box is back", function () {
  let box: SimulatedBox;

  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  beforeEach(async () => {
    box = new SimulatedBox();
    box.tr064.state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
    await box.monitor.listen();
    await box.tr064.listen();
    const { port, tlsPort } = box.tr064;
    const config = { host: "127.0.0.1", monitorPort: box.monitor.port, port, tlsPort, tls: false };
    await load(
      [
        { id: "box", type: "fritz-config", name: "", ...config },
        { id: "rules", type: "fritz-deflection", box: "box", operation: "list" },
        { id: "books", type: "fritz-phonebook", box: "box", operation: "books" },
        { id: "monitor", type: "fritz-callmonitor", box: "box" },
      ],
      { box: { username: "nodered", password: PASSWORD } },
    );
    // Its first connection, too, says that the box is there.
    await until("the call monitor", () => lastStatus("monitor").fill === "green");
    await box.tr064.refuse();
    for (const id of ["rules", "books"]) {
      node(id).receive({ payload: "" });
      await until(`${id} to fail`, () => lastStatus(id).fill === "red");
      assert.match(lastStatus(id).text ?? "", /^\d\d:\d\d .*brief\.box$/);
    }
    await box.tr064.accept();
  });
  afterEach(async () => {
    await helper.unload();
    await Promise.all([box.monitor.stop(), box.tr064.stop()]);
  });

  const green = (id: string) =>
    lastStatus(id).fill === "green" && lastStatus(id).text?.endsWith("acting.back") === true;

  it("is green after another node was answered", async () => {
    node("rules").receive({ payload: "" });
    await until("the answer", () => ["green", "grey"].includes(lastStatus("rules").fill ?? ""));
    await until("the other", () => green("books"));
    assert.ok(!green("rules"), "it shows its own answer");
  });

  it("is green after the call monitor is connected again", async () => {
    await box.monitor.refuse();
    box.monitor.resetAll();
    await until("the outage", () => lastStatus("monitor").fill === "red");
    await box.monitor.accept();
    await until("both", () => green("rules") && green("books"));
  });
});
