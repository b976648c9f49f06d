// A month at high speed: calls, restarts of the box, deploys, phonebook refreshes. Nothing may be lost, nothing may grow.
import { monitorBox, monitorObstacle } from "../lib/boxes.mjs";
import { countRight, scriptOfCalls } from "../lib/calls.mjs";
import { figure, THIS } from "../lib/figures.mjs";
import { BOX_LOGIN, houseFlow } from "../lib/flows.mjs";
import { startNodeRed } from "../lib/node-red.mjs";
import { CONTRIB_FRITZ } from "../lib/peers.mjs";
import { callerNumber, fillBook } from "../lib/phonebook.mjs";
import { median, pause, until } from "../lib/stats.mjs";

export const title = "A month at high speed";
const CONTACTS = 200;
const LINES_A_DAY = 42;
const REFRESHES_A_DAY = 24;
const DEPLOYS = ["full", "nodes", "flows"];
/** Until all is loaded, tried, compiled, and what is remembered of calls has its size. */
const WARM_UP_DAYS = 10;

export async function run({ quick }) {
  const days = WARM_UP_DAYS + (quick ? 5 : 30);
  const obstacle = await monitorObstacle();
  const subjects = obstacle ? [THIS] : [THIS, CONTRIB_FRITZ];
  const months = Object.fromEntries(await Promise.all(subjects.map(async (one) => [one, await month(one, days)])));
  const values = (what) => ({
    ...Object.fromEntries(Object.entries(months).map(([name, result]) => [name, [result[what]]])),
    ...(obstacle && { [CONTRIB_FRITZ]: obstacle }),
  });
  const how =
    `${days - WARM_UP_DAYS} days after ${WARM_UP_DAYS} to warm up, each with ${LINES_A_DAY} lines of up to 3 calls at a time, a deploy during which ` +
    `one of the lines comes, ${REFRESHES_A_DAY} look-ups with the phonebook (${CONTACTS} contacts) read anew, and a restart of the box; ${CONTRIB_FRITZ} ` +
    `without the restarts, after each of which it waits 30 s. In a real Node-RED, with caller info, block node and log for this package`;
  const scale = (unit, extra) => ({ unit, better: "less", how: extra ? `${extra}; the same month` : how });
  return [
    figure("lines lost or told wrong", scale(`of ${days * LINES_A_DAY}`), values("lost")),
    figure("lines told twice", scale(`of ${days * LINES_A_DAY}`), values("twice")),
    figure(
      "memory grown",
      scale("kB", "heap after garbage collection, median of the last days beside that of the first"),
      values("grownKB"),
    ),
    figure(
      "handles grown",
      scale("handles", "sockets, servers, timers, files that are open at the end of a day, the same way"),
      values("handles"),
    ),
    figure(
      "listeners grown",
      scale("listeners", "on Node-RED's events and on the process, the same way"),
      values("listeners"),
    ),
  ];
}

async function month(subject, days) {
  const box = await monitorBox();
  fillBook(box, CONTACTS);
  await box.tr064.listen({ port: 0, host: box.monitor.host });
  const where = { host: box.monitor.host, port: box.monitor.port, tr064: box.tr064.port };
  const server = await startNodeRed(subject, { flows: houseFlow(subject, where, 0), credentials: BOX_LOGIN });
  try {
    if (!(await until(() => box.monitor.connections === 1))) throw new Error(`${subject} did not connect`);
    await pause(1_000);
    const script = scriptOfCalls({ lines: days * LINES_A_DAY, parallel: 3, seed: 7 }).slice(0, days * LINES_A_DAY);
    const [told, evenings] = [[], []];
    await server.mode({ keep: true, tick: true, subject });
    for (let day = 0; day < days; day++) {
      const lines = script.slice(day * LINES_A_DAY, (day + 1) * LINES_A_DAY);
      await live({ subject, server, box, where, day, lines });
      evenings.push({ ...(await server.ask("memory")), listeners: await server.ask("listeners") });
      told.push(...(await server.ask("take")).kept.filter(({ key }) => key === "told"));
    }
    const times = told.map(({ record }) => record.at).filter((at) => at !== undefined);
    return {
      lost: script.length - countRight(script, told),
      twice: times.length - new Set(times).size,
      ...growth(evenings.slice(WARM_UP_DAYS)),
    };
  } finally {
    await server.stop();
    await box.monitor.stop();
    await box.tr064.stop();
  }
}

async function live({ subject, server, box, where, day, lines }) {
  const noon = Math.floor(lines.length / 2);
  for (const [i, { line }] of lines.entries()) {
    if (i === noon) {
      const deployed = server.deploy(houseFlow(subject, where, day + 1), DEPLOYS[day % DEPLOYS.length]);
      await pause(day % 30); // at another moment of each deploy
      await sayLine(server, box, line);
      await deployed;
      await until(() => box.monitor.connections === 1);
      await pause(subject === THIS ? 0 : 300); // the peer reads the box's description anew, and refuses messages meanwhile
    } else await sayLine(server, box, line);
  }
  const messages = Array.from({ length: REFRESHES_A_DAY }, (_, i) => ({ payload: callerNumber(i), refresh: true }));
  await server.ask("drive", { source: "numbers", messages });
  if (subject === THIS) await restart(box, day);
}

async function sayLine(server, box, line) {
  const heard = server.ticks.length;
  box.monitor.send(line);
  await until(() => server.ticks.length > heard, 500);
}

async function restart({ monitor }, day) {
  const accepted = monitor.accepted;
  if (day % 3 === 0) monitor.closeAll();
  else {
    if (day % 3 === 1) await monitor.refuse();
    monitor.resetAll();
    await pause(50);
    await monitor.accept();
  }
  if (!(await until(() => monitor.accepted > accepted && monitor.connections === 1)))
    throw new Error("it did not come back");
}

/** The last third of the days beside the first. */
function growth(evenings) {
  const third = Math.max(1, Math.floor(evenings.length / 3));
  const grown = (of) => Math.max(0, median(evenings.slice(-third).map(of)) - median(evenings.slice(0, third).map(of)));
  return {
    grownKB: grown(({ heapUsed }) => heapUsed) / 1e3,
    handles: grown(({ handles }) => handles.length),
    listeners: grown(({ listeners }) => listeners),
  };
}
