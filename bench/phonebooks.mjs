// Phonebooks measured: reading and indexing them from a simulated box, how long that keeps others waiting, look-ups, memory.
import { createRequire } from "node:module";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { runs, writeResults } from "./lib/own-results.mjs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const require = createRequire(import.meta.url);
const dist = join(import.meta.dirname, "..", "dist");

const RUNS = runs(3);
const LOOKUPS = 50_000;
const number = (i) => `030 23125${String(i).padStart(5, "0")}`;

/** The box has a thread of its own: what it needs must not be counted. */
async function box(count) {
  const { SimulatedBox } = require(join(dist, "simulator"));
  const simulated = new SimulatedBox();
  const book = simulated.tr064.state.books.named("Telefonbuch");
  for (let i = 0; i < count; i++) book.add(`Meier & Söhne ${i}`, number(i), `+49 171 39200${i}`);
  await simulated.tr064.listen();
  parentPort.postMessage({ port: simulated.tr064.port, tlsPort: simulated.tr064.tlsPort });
}

const seconds = (from) => Number(process.hrtime.bigint() - from) / 1e9;
const heap = () => (global.gc?.(), process.memoryUsage().heapUsed);

async function measure(count) {
  const { Telephony } = require(join(dist, "lib"));
  const worker = new Worker(new URL(import.meta.url), { workerData: count });
  const ports = await new Promise((resolve) => worker.once("message", resolve));
  const telephony = new Telephony({ host: "127.0.0.1", ...ports, username: "fritz1234", password: "secret" });
  await telephony.dialPlan(); // the login and what the box can are not part of it
  await telephony.books();
  const before = heap();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = process.hrtime.bigint();
  await telephony.refresh();
  const load = seconds(start);
  delay.disable();
  const memory = heap() - before;
  const from = process.hrtime.bigint();
  for (let i = 0; i < LOOKUPS; i++) {
    const { contacts } = await telephony.find(number(i % count));
    if (contacts.length !== 1) throw new Error(`${number(i % count)} was not found`);
  }
  const rate = LOOKUPS / seconds(from);
  telephony.close();
  await worker.terminate();
  return { load: load * 1000, blocked: delay.max / 1e6, rate, memory: memory / 1024 / 1024 };
}

async function main() {
  const results = {};
  for (const count of [100, 1_000, 10_000]) {
    const measured = [];
    for (let i = 0; i < RUNS; i++) measured.push(await measure(count));
    const of = (key) => measured.map((run) => run[key]);
    results[`${count} contacts`] = {
      "read and indexed, ms": of("load"),
      "longest wait of others, ms": of("blocked"),
      "look-ups/s": of("rate"),
      "memory, MB": of("memory"),
    };
  }
  const flat = Object.entries(results).flatMap(([count, measured]) =>
    Object.entries(measured).map(([what, value]) => [`${count}: ${what}`, value]),
  );
  writeResults(Object.fromEntries(flat));
}

await (isMainThread ? main() : box(workerData));
