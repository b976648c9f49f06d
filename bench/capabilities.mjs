// What a peer cannot do: messages' sound, deflections, calls of the list decided, and found again after an outage.
import { createRequire } from "node:module";
import { join } from "node:path";
import { runs, writeResults } from "./lib/own-results.mjs";

const require = createRequire(import.meta.url);
const dist = join(import.meta.dirname, "..", "dist");
const {
  buildSources,
  CallerInfoService,
  decide,
  normalizeNumber,
  CircuitBreakers,
  systemClock,
  Telephony,
  webFetch,
} = require(join(dist, "lib"));
const { compareCallList } = require(join(dist, "lib/calls/compare-call-list.js"));
const { SimulatedBox } = require(join(dist, "simulator"));

const RUNS = runs(5);
/** 8,000 samples a second of 2 bytes: 5 MB. */
const MESSAGE_SECONDS = 313;
const CALLS = 400;
const PLAN = { countryCode: "49", areaCode: "30" };
const DAY_MS = 24 * 3_600_000;

const box = new SimulatedBox();
const { state } = box.tr064;
const left = state.tam.leave(0, { number: "03023125001", date: new Date(2026, 0, 5, 12), seconds: MESSAGE_SECONDS });
state.files.set(left.path, state.tam.file(left.path)); // made once: the tone takes longer than the way
state.deflections = [
  ...[{ enable: false, type: "fromAll", number: "", toNumber: "", mode: "eNoSignal", outgoing: "", phonebookId: "" }],
];
await box.tr064.listen();
const { port, tlsPort } = box.tr064;
const telephony = new Telephony({ host: "127.0.0.1", port, tlsPort, username: "fritz1234", password: "secret" });
await telephony.dialPlan(); // the login and what the box can are not part of it

async function timed(work) {
  const times = [];
  for (let run = 0; run <= RUNS; run++) {
    const from = performance.now();
    await work(run);
    times.push(performance.now() - from);
  }
  return times.slice(1); // the first one warms up
}

const [message] = await telephony.machines.messages();
async function sound() {
  const { bytes } = await telephony.machines.sound(message);
  if (bytes.length < 5_000_000) throw new Error(`${bytes.length} bytes of the message came`);
}

async function deflection(run) {
  const { rule } = await telephony.deflections.set("do-not-disturb", run % 2 === 0);
  if (state.deflections[0].enable !== rule.enabled) throw new Error("the box has another state");
}

/** Of so many callers: kind, place, flags, block lists and the decision, by the local sources. */
async function decideAll() {
  const tools = {
    ...{ fetch: webFetch, secrets: {}, boxKey: "bench", language: "de", resolve: (path) => path },
    finder: { find: () => Promise.resolve({ contacts: [] }) },
    keep: () => ({ load: () => Promise.resolve(undefined), save: () => Promise.resolve() }),
  };
  const service = new CallerInfoService({
    sources: buildSources([{ id: "phonebook" }, { id: "numbers" }], tools),
    normalize: normalizeNumber,
    guards: new CircuitBreakers(systemClock),
    store: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    clock: systemClock,
  });
  for (let i = 0; i < CALLS; i++) {
    const written = ["030 23125", "+43 1 555", "0900 5", "0171 39200"][i % 4] + String(1000 + i);
    const info = await service.ask({ written, plan: PLAN }, 4_000).first;
    const { verdict } = decide(info, { blockPatterns: ["0900*"] }, { plan: PLAN });
    if ((verdict === "block") !== (i % 4 === 2)) throw new Error(`${written}: ${verdict}`);
  }
  await service.close();
}

/** A full list beside what was told of it: every tenth call was missed. */
const began = Date.UTC(2026, 10, 20, 12);
const list = Array.from({ length: CALLS }, (_, i) => ({
  ...{ id: String(1000 + i), kind: "answered", at: new Date(began + i * 600_000).toISOString(), durationSeconds: 60 },
  caller: { number: `030231${i}`, presentation: "allowed" },
  called: { number: "732123", presentation: "allowed" },
}));
const told = list.map(({ id, at, caller }) => ({
  ...{ callId: `c${id}`, state: "ended", incoming: true, remote: caller.number, own: "732123", talked: 60 },
  beganMin: Math.floor(Date.parse(at) / 60_000),
  endedMin: Math.floor(Date.parse(at) / 60_000) + 1,
}));
const memory = { bookmark: { through: 999, minute: 0, awaited: [] }, calls: told.filter((_, i) => i % 10 !== 0) };
function recovered() {
  const sinceMin = (began - DAY_MS) / 60_000;
  const { missed } = compareCallList(memory, list, { sinceMin, most: CALLS });
  if (missed.length !== CALLS / 10) throw new Error(`${missed.length} calls were found`);
}

const results = {
  "a message of 5 MB read and made a WAV file, ms": await timed(sound),
  "a deflection switched and read back, ms": await timed(deflection),
  "400 calls of the list decided, ms": await timed(decideAll),
  "40 missed calls found in a list of 400, ms": await timed(recovered),
};
telephony.close();
await box.tr064.stop();
writeResults(results);
