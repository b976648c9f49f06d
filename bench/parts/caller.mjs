// From the ring to the name and to the decision, over the wire and through real flows; services outside are simulated.
import { monitorBox, monitorObstacle } from "../lib/boxes.mjs";
import { figure, THIS } from "../lib/figures.mjs";
import { BOX_LOGIN, nameFlow } from "../lib/flows.mjs";
import { startNodeRed } from "../lib/node-red.mjs";
import { CONTRIB_FRITZ, simulator } from "../lib/peers.mjs";
import { callerNumber, fillBook, nameOf } from "../lib/phonebook.mjs";
import { nowMs, pause, percentile, randomFrom, shuffled, until } from "../lib/stats.mjs";

export const title = "Who is calling, who gets through";
const CONTACTS = 200;
/** Answer time of each service, ms. */
const SERVICES = { phoneblock: 20, tellows: 50, dasoertliche: 100, cleverdialer: 200, shouldianswer: 300 };
const HANGS = "werruft";
const DEADLINE_MS = 1_000;
/** Pages are asked so often and not more. */
const MOST_A_DAY = 50;
const NO_SERVICES = "asks the phonebook only";
const NO_DECISION = "decides nothing";

export async function run({ quick, runs }) {
  const { PHONEBLOCK_TOKEN, TELLOWS_KEY, WebServices } = simulator();
  const obstacle = await monitorObstacle();
  const web = new WebServices();
  await web.listen();
  for (const [site, ms] of Object.entries(SERVICES)) web.fail(site, { kind: "slow", ms });
  web.fail(HANGS, { kind: "hang" });
  const outside = (ids) => ids.map((id) => ({ id, baseUrl: web.base(id), allowPrivate: true, minIntervalMs: 0 }));
  const secrets = { name: { phoneblockToken: PHONEBLOCK_TOKEN, tellowsKey: TELLOWS_KEY } };
  const chains = [];
  const start = async (subject, key, options = {}) => chains.push(await startChain(subject, key, options, secrets));
  try {
    await start(THIS, "book");
    if (!obstacle) await start(CONTRIB_FRITZ, "book");
    await start(THIS, "asked", { sources: outside(Object.keys(SERVICES)) });
    await start(THIS, "hang", { sources: outside([...Object.keys(SERVICES), HANGS]), deadlineMs: DEADLINE_MS });
    const [calls, asked] = quick ? [5, 5] : [20, Math.floor(MOST_A_DAY / (runs + 1))];
    const blank = obstacle && { [CONTRIB_FRITZ]: obstacle };
    const booked = chains.filter(({ key }) => key === "book");
    return [
      ...report(
        "name from the phonebook",
        await ring(booked, calls, runs, web),
        { name: blank, decision: { [CONTRIB_FRITZ]: NO_DECISION } },
        [`${CONTACTS} contacts, ${calls} callers who stand there, one after the other`, runs],
      ),
      ...report("five services outside", await ring([chains.at(-2)], asked, runs, web), NOT_OFFERED, [
        `callers whom the services know, which answer after ${Object.values(SERVICES).join(", ")} ms; ${asked} callers`,
        runs,
      ]),
      ...report("one more that hangs", await ring([chains.at(-1)], asked, runs, web), NOT_OFFERED, [
        `the same five, a sixth that accepts and says nothing, deadline ${DEADLINE_MS} ms: the first callers wait for it (the warm-up), ` +
          `then it is left out for a while; ${asked} callers`,
        runs,
      ]),
    ];
  } finally {
    for (const { server, box } of chains) {
      await server.stop();
      await box.monitor.stop();
      await box.tr064.stop();
    }
    await web.stop();
  }
}

const NOT_OFFERED = { name: { [CONTRIB_FRITZ]: NO_SERVICES }, decision: { [CONTRIB_FRITZ]: NO_DECISION } };

async function startChain(subject, key, options, secrets) {
  const box = await monitorBox();
  fillBook(box, CONTACTS);
  await box.tr064.listen({ port: 0, host: box.monitor.host });
  const flows = nameFlow(subject, {
    key,
    ...options,
    host: box.monitor.host,
    port: box.monitor.port,
    tr064: box.tr064.port,
  });
  const server = await startNodeRed(subject, {
    flows,
    credentials: { ...BOX_LOGIN, ...(subject === THIS && secrets) },
  });
  if (!(await until(() => box.monitor.connections === 1))) throw new Error(`${subject} did not connect`);
  await pause(1_000); // the peer reads the box's description first
  return { subject, key, server, box, next: 0 };
}

/** Lets callers ring; ms from the box's write to the name and to the decision, for each chain and run. */
async function ring(chains, calls, runs, web) {
  const results = chains.map(() => []);
  for (let run = 0; run <= runs; run++) {
    for (const [i, chain] of shuffled([...chains.entries()], randomFrom(run))) {
      const times = { name: [], decision: [] };
      for (let call = 0; call < calls; call++) await ringOnce(chain, web, times, run > 0);
      if (run > 0) results[i].push(times);
    }
  }
  return chains.map(({ subject }, i) => [subject, results[i]]);
}

/** `warm`: readers of pages are loaded, so that all services are in time. */
async function ringOnce(chain, web, times, warm) {
  const { subject, key, server, box } = chain;
  const known = key === "book";
  const i = known ? chain.next++ % CONTACTS : CONTACTS + chain.next++;
  const number = callerNumber(i);
  if (!known)
    web.callers = [{ number: `+49${number.slice(1)}`, name: nameOf(i), city: "Berlin", score: 8, reports: 20 }];
  await server.mode({ keep: true, tick: true });
  const sent = nowMs();
  box.monitor.send(`18.03.26 22:35:21;RING;0;${number};732123;SIP0;`);
  const wanted = subject === THIS ? ["name", "decision"] : ["name"];
  const at = (what) => server.ticks.find((tick) => tick.key === `${key} ${what}`);
  if (!(await until(() => wanted.every(at), 10_000))) throw new Error(`${subject} said no ${wanted.join(" or no ")}`);
  for (const what of wanted) times[what].push(at(what).tick - sent);
  const { kept } = await server.ask("take");
  check(subject, kept, nameOf(i), { known, warm });
  const heard = server.ticks.length;
  box.monitor.send("18.03.26 22:35:22;DISCONNECT;0;0;");
  if (subject !== THIS) await until(() => server.ticks.length > heard); // it looks up the end of a call, too
}

function check(subject, kept, name, { known, warm }) {
  const found = kept[0].record;
  const right =
    subject === THIS ? found.callerInfo.name === name : found.payload.caller_contacts[0]?.person.realName === name;
  if (!right) throw new Error(`${subject} named somebody else: ${JSON.stringify(found)}`);
  if (subject === THIS && !known && warm) {
    const hits = found.callerInfo.sources.filter(({ id, status }) => id in SERVICES && status === "hit");
    if (hits.length < Object.keys(SERVICES).length)
      throw new Error(`not asked: ${JSON.stringify(found.callerInfo.sources)}`);
  }
  const decision = kept.map(({ record }) => record.decision).find((one) => one !== undefined);
  if (subject === THIS && warm && decision.verdict !== (known ? "allow" : "block"))
    throw new Error(`wrong: ${JSON.stringify(decision)}`);
}

function report(what, results, missing, [scene, runs]) {
  const how =
    `from the box's write on the wire to the message that carries it, in a real Node-RED, through call monitor, caller info and block ` +
    `node; ${scene}, each run; ${runs} runs, one to warm up. Every name is checked, after the warm-up every decision`;
  const rows = [
    ["name", 0.5, "median"],
    ["name", 0.99, "99 %"],
    ["decision", 0.5, "median"],
    ["decision", 0.99, "99 %"],
  ];
  return rows.map(([until, p, label]) => {
    const values = results
      .filter(([, measured]) => measured[0][until].length > 0)
      .map(([subject, measured]) => [subject, measured.map((times) => percentile(times[until], p))]);
    return figure(
      `ring to ${until}, ${what}, ${label}`,
      { unit: "ms", better: "less", how },
      { ...Object.fromEntries(values), ...missing[until] },
    );
  });
}
