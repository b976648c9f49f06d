// The call monitor measured: parsing alone, the whole way from a socket to an event, latency, rest. Medians of several runs.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runs, writeResults } from "./lib/own-results.mjs";

const require = createRequire(import.meta.url);
const dist = join(import.meta.dirname, "..", "dist");
const { CallMonitor, LineFramer, parseLine } = require(join(dist, "lib"));
const { SimulatedBox } = require(join(dist, "simulator"));

const RUNS = runs(5);
const LINES = 100_000;
const CALLS = 500;

const percentile = (values, p) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];
const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;
const now = () => process.hrtime.bigint();

const lines = Array.from({ length: LINES }, (_, i) => `16.06.20 12:25:42;RING;${i % 5};0711${i};732123;SIP0;`);
const bytes = Buffer.from(`${lines.join("\r\n")}\r\n`);

function parsing() {
  const from = now();
  const framed = new LineFramer().push(bytes);
  if (framed.filter((line) => parseLine(line).ok).length !== LINES) throw new Error("lines are missing");
  return LINES / seconds(from);
}

async function listening() {
  const box = new SimulatedBox();
  await box.monitor.listen();
  const monitor = new CallMonitor({ host: "127.0.0.1", port: box.monitor.port });
  const events = [];
  let wake = () => undefined;
  monitor.listen({ event: (event) => (events.push(event), wake()) });
  monitor.start();
  while (box.monitor.connections === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const until = (count) => new Promise((resolve) => (wake = () => events.length >= count && resolve()));

  const from = now();
  const all = until(LINES);
  for (let i = 0; i < bytes.length; i += 1460) box.monitor.sendBytes(bytes.subarray(i, i + 1460));
  await all;
  const rate = LINES / seconds(from);

  const latencies = [];
  for (let i = 0; i < CALLS; i++) {
    const next = until(LINES + i + 1);
    const sent = now();
    box.monitor.send(lines[i]);
    await next;
    latencies.push(seconds(sent) * 1e6);
  }
  monitor.stop();
  await box.monitor.stop();
  return { rate, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

function loading() {
  const script = `const t=process.hrtime.bigint();require(${JSON.stringify(join(dist, "lib"))});console.log(Number(process.hrtime.bigint()-t)/1e6)`;
  return Number(spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout);
}

const measured = [];
for (let i = 0; i < RUNS; i++) measured.push({ parse: parsing(), ...(await listening()), load: loading() });
const of = (key) => measured.map((run) => run[key]);
const results = {
  "bytes to parsed lines, lines/s": of("parse"),
  "socket to event, lines/s": of("rate"),
  "line to event, median, µs": of("p50"),
  "line to event, 99 %, µs": of("p99"),
  "loading the library, ms": of("load"),
};
writeResults(results);
