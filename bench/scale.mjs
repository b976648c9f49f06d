// Ten times and a hundred times as much: what an event, a line of the log and a call of the history cost then, beside the usual size.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesOf, scriptOfCalls } from "./lib/calls.mjs";
import { THIS } from "./lib/figures.mjs";
import { startNodeRed } from "./lib/node-red.mjs";
import { runs, writeResults } from "./lib/own-results.mjs";
import { until } from "./lib/stats.mjs";

const require = createRequire(import.meta.url);
const dist = join(import.meta.dirname, "..", "dist");
const { Replay } = require(join(dist, "lib/calls/replay.js"));
const { LogFiles } = require(join(dist, "lib/log/file.js"));
const { SimulatedBox } = require(join(dist, "simulator"));

const RUNS = runs(3);
const LINES = 1_000;
const cpuMs = () => Object.values(process.cpuUsage()).reduce((sum, us) => sum + us / 1000, 0);

/** Boxes with nodes that listen to them: processor time of Node-RED for a message, µs, and its memory, MB. */
async function listeners(boxes, nodesEach) {
  const all = await Promise.all(
    Array.from({ length: boxes }, async () => {
      const box = new SimulatedBox();
      await box.monitor.listen();
      return box;
    }),
  );
  const node = (id, type, more) => ({ id, type, z: "tab", x: 100, y: 100, wires: [], ...more });
  const flows = [
    { id: "tab", type: "tab", label: "bench" },
    node("sink", "bench-sink", { name: "all" }),
    ...all.flatMap(({ monitor: { port } }, i) => [
      { id: `box${i}`, type: "fritz-config", host: "127.0.0.1", monitorPort: port, countryCode: "49", areaCode: "30" },
      ...Array.from({ length: nodesEach }, (_, k) =>
        node(`monitor${i}-${k}`, "fritz-callmonitor", { box: `box${i}`, wires: [["sink"]] }),
      ),
    ]),
  ];
  const server = await startNodeRed(THIS, { flows });
  try {
    await until(() => all.every(({ monitor }) => monitor.connections === 1));
    const figures = [];
    for (let run = 0; run <= RUNS; run++) {
      await server.mode();
      const before = await server.ask("cpuMs");
      const lines = scriptOfCalls({ lines: LINES / boxes, parallel: 2, seed: run });
      for (const { line } of lines) {
        for (const { monitor } of all) monitor.send(line);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      let count = 0;
      await until(() => {
        void server.ask("take").then((taken) => (count = taken.count));
        return count >= lines.length * boxes * nodesEach; // a call that the last run left open ends, too
      });
      if (run > 0) figures.push((((await server.ask("cpuMs")) - before) * 1000) / count);
    }
    return { us: figures, mb: [(await server.ask("memory")).rss / 1e6] };
  } finally {
    await server.stop();
    for (const { monitor } of all) await monitor.stop();
  }
}

/** Recorded lines of so many calls: processor time for a call, µs. */
function history(calls) {
  const lines = scriptOfCalls({ lines: calls * 3, parallel: 3, seed: 1 }).map(({ line }, i) => ({
    number: i + 1,
    text: line,
  }));
  const replay = new Replay("box", "Europe/Berlin");
  const from = cpuMs();
  for (const line of lines) replay.next(line);
  return ((cpuMs() - from) * 1000) / calls;
}

/** A line more in a log that has so many already: processor time, µs. */
async function log(lines) {
  const folder = mkdtempSync(join(tmpdir(), "fritz-bench-log-"));
  const file = join(folder, "calls.log");
  try {
    writeFileSync(file, bytesOf(scriptOfCalls({ lines: Math.max(1, lines), parallel: 3, seed: 2 })));
    const files = new LogFiles();
    const from = cpuMs();
    for (let i = 0; i < LINES; i++) await files.append(file, "18.03.26 22:35:21;RING;0;03023125xxx;732xxx;SIP0;");
    return ((cpuMs() - from) * 1000) / LINES;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const times = async (work) => {
  const values = [];
  for (let run = 0; run <= RUNS; run++) values.push(await work());
  return values.slice(1); // the first one warms up
};

const small = await listeners(1, 1);
const large = await listeners(10, 5);
const results = {
  "a message, 1 box with 1 node, µs": small.us,
  "a message, 10 boxes with 5 nodes each, µs": large.us,
  "memory of Node-RED, 1 box with 1 node, MB": small.mb,
  "memory of Node-RED, 10 boxes with 5 nodes each, MB": large.mb,
  "a call of 1000 replayed, µs": await times(() => history(1_000)),
  "a call of 100000 replayed, µs": await times(() => history(100_000)),
  "a line more in an empty log, µs": await times(() => log(0)),
  "a line more in a log of five years, µs": await times(() => log(5 * 365 * 40)),
};
writeResults(results);
process.exit(0);
