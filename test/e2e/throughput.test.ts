/** A box that talks much faster than any real one, into a real Node-RED. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SimulatedBox } from "../../simulator";
import { startNodeRed, type NodeRedServer } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { until } from "../support/wait";

const LINES = 100_000;

describe("100,000 lines through a real socket", () => {
  onEachNodeRed((version) => {
    let server: NodeRedServer | undefined;
    const box = new SimulatedBox();
    after(async () => {
      await server?.stop();
      await box.monitor.stop();
    });

    it("arrive complete and in order, in segments of random sizes", async function () {
      this.timeout(180_000);
      await box.monitor.listen();
      server = await startNodeRed({
        version,
        flows: [
          { id: "tab", type: "tab", label: "t" },
          { id: "box", type: "fritz-config", host: "127.0.0.1", monitorPort: box.monitor.port },
          { id: "m", type: "fritz-callmonitor", z: "tab", x: 1, y: 1, box: "box", wires: [["l"]] },
          { id: "l", type: "fritz-log", z: "tab", x: 1, y: 1, file: "calls.log", anonymize: false, wires: [[]] },
        ],
      });
      await until("the connection", () => box.monitor.connections === 1);
      const lines = Array.from({ length: LINES }, (_, i) => line(i));
      const bytes = Buffer.from(lines.map((text, i) => `${text}${i % 3 === 0 ? "\n" : "\r\n"}`).join(""));
      for (let from = 0; from < bytes.length;) {
        const size = randomInt(4) === 0 ? randomInt(1, 40) : randomInt(1, 9000);
        box.monitor.sendBytes(bytes.subarray(from, from + size));
        from += size;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const file = join(server.userDir, "calls.log");
      // Without the ends that were not heard: the ids of these lines are used again.
      const read = () => (existsSync(file) ? readFileSync(file, "utf8").replace(/^# .*\n/gm, "") : "");
      const size = lines.join("\n").length + 1;
      // The size first: reading a file of megabytes again and again would slow down what writes it.
      let seen = 0;
      const written = () => (existsSync(file) ? statSync(file).size : 0);
      const isWhole = () => written() >= size && written() !== seen && ((seen = written()), read().length >= size);
      await until("the last line", isWhole, 120_000);
      assert.ok(read() === `${lines.join("\n")}\n`, "the log is exactly what was sent");
      assert.equal(box.monitor.accepted, 1);
    });
  });
});

/** Every kind of line, each with its own number in it. */
function line(i: number): string {
  const stamp = "16.06.20 12:25:42";
  const id = i % 5;
  switch (i % 4) {
    case 0:
      return `${stamp};RING;${id};0711${i};732123;SIP0;`;
    case 1:
      return `${stamp};CONNECT;${id};11;0711${i};`;
    case 2:
      return `${stamp};CALL;${id};11;732123;0172${i};SIP${i % 20};`;
    default:
      return `${stamp};DISCONNECT;${id};${i};`;
  }
}
