// Who is calling, measured: 50 calls at once with five services of 300 ms each, one of them hanging, and none at all.
import { createRequire } from "node:module";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { runs, writeResults } from "./lib/own-results.mjs";

const require = createRequire(import.meta.url);
const dist = join(import.meta.dirname, "..", "dist");
const { buildSources, CallerInfoService, normalizeNumber, CircuitBreakers, systemClock, webFetch } = require(
  join(dist, "lib"),
);
const simulator = require(join(dist, "simulator"));

const RUNS = runs(5);
const CALLS = 50;
const SERVICE_MS = 300;
const DEADLINE_MS = 1_000;
const PLAN = { countryCode: "49", areaCode: "30" };
const SERVICES = ["phoneblock", "tellows", "dasoertliche", "cleverdialer", "shouldianswer"];

const percentile = (values, p) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];

const web = new simulator.WebServices();
await web.listen();
const tools = {
  fetch: webFetch,
  secrets: { phoneblockToken: simulator.PHONEBLOCK_TOKEN, tellowsKey: simulator.TELLOWS_KEY },
  finder: { find: () => Promise.resolve({ contacts: [] }) },
  ...{ boxKey: "bench", language: "de" },
  resolve: (path) => path,
  keep: () => ({ load: () => Promise.resolve(undefined), save: () => Promise.resolve() }),
};

/** A new service each time: nothing is remembered. */
function fresh(services) {
  const house = [{ id: "phonebook" }, { id: "numbers" }];
  const outside = services.map((id) => ({ id, baseUrl: web.base(id), allowPrivate: true, minIntervalMs: 0 }));
  return new CallerInfoService({
    sources: buildSources([...house, ...outside], tools),
    normalize: normalizeNumber,
    guards: new CircuitBreakers(systemClock),
    store: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    clock: systemClock,
  });
}

/** All rings in the same moment; gives ms from ring to answer, how many are whole, and the longest that the event loop stood still. */
async function ring(services, calls) {
  const service = fresh(services);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const from = performance.now();
  const answers = await Promise.all(
    Array.from({ length: calls }, async (_, i) => {
      const info = await service.ask({ written: `030 231250${String(i + 10)}`, plan: PLAN }, DEADLINE_MS).first;
      return { ms: performance.now() - from, complete: info.complete };
    }),
  );
  delay.disable();
  await service.close();
  const times = answers.map(({ ms }) => ms);
  const whole = answers.filter(({ complete }) => complete).length;
  return {
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    whole,
    stall: delay.max / 1e6,
  };
}

const scenes = {
  [`one call, five services of ${SERVICE_MS} ms`]: [SERVICES, 1],
  [`${CALLS} calls at once, five services of ${SERVICE_MS} ms`]: [SERVICES, CALLS],
  [`${CALLS} calls at once, the same and one that hangs, deadline ${DEADLINE_MS} ms`]: [
    [...SERVICES, "werruft"],
    CALLS,
  ],
  [`${CALLS} calls at once, only sources in the house`]: [[], CALLS],
};
for (const site of SERVICES) web.fail(site, { kind: "slow", ms: SERVICE_MS });
web.fail("werruft", { kind: "hang" });

const results = {};
for (const [name, [services, calls]] of Object.entries(scenes)) {
  await ring(services, calls); // threads and connections are there, as on a day with calls
  const measured = [];
  for (let i = 0; i < RUNS; i++) measured.push(await ring(services, calls));
  for (const [key, label] of [
    ["p50", "median, ms"],
    ["p95", "95 %, ms"],
    ["p99", "99 %, ms"],
    ["whole", "complete"],
    ["stall", "longest stop of the event loop, ms"],
  ]) {
    results[`${name}: ${label}`] = measured.map((run) => run[key]);
  }
}
await web.stop();
writeResults(results);
