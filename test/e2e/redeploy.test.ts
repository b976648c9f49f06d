/** Deploys of all kinds while the box talks. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { type DeployType, startNodeRed, type NodeRedServer } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { pause, until } from "../support/wait";

const DEPLOYS = 50;
const KINDS: DeployType[] = ["full", "flows", "nodes"];

describe(`${DEPLOYS} deploys while lines arrive`, () => {
  onEachNodeRed((version) => {
    let server: NodeRedServer | undefined;
    const box = new SimulatedBox();
    after(async () => {
      await server?.stop();
      await box.monitor.stop();
    });

    const flows = (round: number) => [
      { id: "tab", type: "tab", label: `round ${round}` },
      { id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: box.monitor.port },
      { id: "m", type: "fritz-callmonitor", z: "tab", x: 1, y: 1, name: `${round}`, box: "box", wires: [["l"]] },
      {
        id: "l",
        type: "fritz-log",
        z: "tab",
        x: 1,
        y: 1,
        name: `${round}`,
        file: "calls.log",
        anonymize: false,
        wires: [[]],
      },
    ];

    // A message that is between two nodes when a deploy stops them is dropped by Node-RED itself: one line at the most.
    it("leave exactly one connection, no duplicate, nothing out of order, and no gap longer than a line", async function () {
      this.timeout(180_000);
      await box.monitor.listen();
      server = await startNodeRed({ version, flows: flows(0) });
      await until("the connection", () => box.monitor.connections === 1);
      let sent = 0;
      let talking = true;
      const talk = (async () => {
        while (talking) {
          box.monitor.send(`16.06.20 12:25:42;RING;${sent % 5};0711${sent};732123;SIP0;`);
          sent++;
          await pause(2);
        }
      })();
      for (let round = 1; round <= DEPLOYS; round++) {
        await server.deploy(flows(round), KINDS[round % KINDS.length]);
        assert.equal(box.monitor.connections, 1);
      }
      talking = false;
      await talk;
      const file = join(server.userDir, "calls.log");
      const numbers = () =>
        existsSync(file)
          ? readFileSync(file, "utf8")
              .trimEnd()
              .split("\n")
              .map((line) => Number(line.split(";")[3]?.slice(4)))
          : [];
      await until("the last line", () => numbers().at(-1) === sent - 1, 20_000);
      assert.ok(sent > DEPLOYS, `only ${sent} lines`);
      const got = numbers();
      const steps = got.map((number, i) => number - (i === 0 ? -1 : (got[i - 1] ?? NaN)));
      assert.ok(
        steps.every((step) => step === 1 || step === 2),
        `from line to line: ${steps.join(" ")}`,
      );
      assert.ok(sent - got.length <= DEPLOYS / 5, `${sent - got.length} of ${sent} lines are missing`);
      assert.equal(box.monitor.accepted, 1);
    });

    it("and when the box is no longer used, the connection ends", async () => {
      await server?.deploy([{ id: "tab", type: "tab", label: "empty" }]);
      await until("the end", () => box.monitor.connections === 0);
    });
  });
});
