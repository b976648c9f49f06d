/** From the ring to the hang-up, and barring alone where SIP is not there: real Node-RED, the simulated box with telephones. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { SimulatedBox } from "../../simulator";
import { exampleFile } from "../support/examples/files";
import { type FlowNode, nodeRedAt, type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { until } from "../support/wait";

const EXAMPLE = exampleFile("Stop spam at the first ring");
const PASSWORD = "gehe!m-42";
const PHONE = { sipUsername: "hangup", sipPassword: "h4ngup-pass" };

onEachNodeRed((version) => {
  describe("ring, caller info, block, hang-up", function () {
    let server: NodeRedServer;
    let box: SimulatedBox;

    before(async () => {
      box = new SimulatedBox();
      box.tr064.state.users = [{ name: "nodered", password: PASSWORD, rights: { phone: "readwrite" } }];
      box.tr064.state.sipClients = [{ name: "x", username: PHONE.sipUsername, password: PHONE.sipPassword }];
      await Promise.all([box.monitor.listen(), box.tr064.listen(), box.sip.listen()]);
      server = await startNodeRed({ version });
    });
    after(async () => {
      await server.stop();
      await Promise.all([box.monitor.stop(), box.tr064.stop(), box.sip.stop()]);
    });

    const barredAtBox = (digits: string) =>
      box.tr064.state.books.barring.contacts.some(({ xml }) => xml.replace(/\D/g, "").includes(digits));

    it("ends the first call, bars the number, and bars alone when the box has no SIP", async () => {
      assert.equal(nodeRedAt(version).missing, undefined);
      const from = server.log.length;
      const said = () => server.log.slice(from).join("\n");
      await server.deploy(armed(JSON.parse(readFileSync(EXAMPLE, "utf8")) as FlowNode[], box));
      await until("the connection", () => box.monitor.connections === 1);
      await until("registered", () => box.sip.registered.length === 1);
      box.ring("09001234567");
      await until("the hang-up", () => /event: 'hungup'/.test(said()));
      await until("silence", () => box.openCalls.length === 0);
      await until("the entry", () => barredAtBox("9001234567"));

      await box.sip.stop();
      box.ring("09001234568");
      await until("the entry, without SIP", () => barredAtBox("9001234568"));
      assert.equal(box.openCalls.length, 1, "the phones ring as ever");
      for (const call of box.openCalls) box.hangUp(call);
      assert.ok(!said().includes(PHONE.sipPassword) && !said().includes(PASSWORD));
    });
  });
});

/** The example with both dry runs off, connected to the simulated box. */
function armed(flow: FlowNode[], box: SimulatedBox): FlowNode[] {
  const { port, tlsPort } = box.tr064;
  const credentials = { username: "nodered", password: PASSWORD };
  const home = { id: "home", type: "fritz-config", name: "", host: "127.0.0.1", port, tlsPort, tls: true, credentials };
  const nodes = flow.map((node) => {
    const placed = node["box"] === "" ? { ...node, box: home.id } : node;
    if (node.type === "debug") return { ...node, console: true };
    if (node.type === "fritz-block") return { ...placed, action: "barring", dryRun: false };
    if (node.type !== "fritz-hangup") return placed;
    return { ...placed, registrarPort: box.sip.port, credentials: PHONE, dryRun: false };
  });
  return [...nodes, { ...home, monitorPort: box.monitor.port }];
}
