// Restarts of the box: seconds until a listener hears again, counted from the moment at which the box can be reached again.
import { monitorBox, monitorObstacle } from "../lib/boxes.mjs";
import { figure, THIS } from "../lib/figures.mjs";
import { monitorFlow } from "../lib/flows.mjs";
import { startNodeRed } from "../lib/node-red.mjs";
import { CONTRIB_FRITZ, FRITZ_CALLMONITOR } from "../lib/peers.mjs";
import { nowMs, pause, until } from "../lib/stats.mjs";
import { Subject } from "../lib/subject.mjs";

export const title = "Restarts of the box";
const TALK_MS = 100;
const LINE = "18.03.26 22:35:21;RING;0;03023125123;732123;SIP0;";

export async function run({ quick }) {
  const obstacle = await monitorObstacle();
  const [rebootS, limitS] = quick ? [[4, 7, 10], 35] : [[63, 69, 81, 87, 105], 65];
  const trials = [
    ...[1, 2, 3].map(() => ({ kind: "close", downS: 0 })),
    ...[1, 2, 3].map(() => ({ kind: "reset", downS: 0 })),
    ...rebootS.map((downS) => ({ kind: "reboot", downS })),
  ];
  const listening = [];
  let talking;
  try {
    for (const [i, trial] of trials.entries()) Object.assign(trial, { key: `box${i}`, box: await monitorBox() });
    const boxes = trials.map(({ key, box }) => ({ key, host: box.monitor.host, port: box.monitor.port }));
    for (const subject of obstacle ? [THIS] : [THIS, CONTRIB_FRITZ]) {
      listening.push(await startNodeRed(subject, { flows: monitorFlow(subject, boxes) }));
    }
    for (const where of boxes) listening.push(await listenAlone(where)); // an end of one is not the end of all
    talking = setInterval(() => trials.forEach(({ box }) => box.monitor.send(LINE)), TALK_MS);
    await allHear(listening, trials);
    await Promise.all(trials.map((trial) => restart(trial)));
    const back = (one, trial) => one.ended || !hears(one, trial) || heardAgain(one, trial) !== undefined;
    await until(() => listening.every((one) => trials.every((trial) => back(one, trial))), limitS * 1000);
    return report(listening, trials, limitS, obstacle);
  } finally {
    clearInterval(talking);
    for (const one of listening) await one.stop();
    for (const { box } of trials) await box?.monitor.stop();
  }
}

async function listenAlone(where) {
  const library = Subject.listener(FRITZ_CALLMONITOR);
  library.only = where.key;
  await library.ask("listen", where);
  return library;
}

const hears = ({ only }, { key }) => only === undefined || only === key;

async function allHear(listening, trials) {
  for (const one of listening) await one.mode({ tick: true });
  const heard = ({ ticks }, { key }) => ticks.some((tick) => tick.key === key);
  const all = () => listening.every((one) => trials.every((trial) => !hears(one, trial) || heard(one, trial)));
  if (!(await until(all))) throw new Error("not everybody hears the boxes before they are restarted");
  for (const one of listening) one.ticks = [];
}

async function restart(trial) {
  const { kind, downS, box } = trial;
  if (kind === "close") box.monitor.closeAll();
  if (kind === "reset") box.monitor.resetAll();
  if (kind === "reboot") {
    await box.monitor.refuse();
    box.monitor.resetAll();
    await pause(downS * 1000);
    await box.monitor.accept();
  }
  trial.backMs = nowMs();
}

/** The first line that came over a new connection; what was still under way when the box went does not count. */
const heardAgain = ({ ticks }, { key, backMs }) => ticks.find((tick) => tick.key === key && tick.tick > backMs + 2);

function report(listening, trials, limitS, obstacle) {
  const told = (kind) => {
    const values = {};
    for (const one of listening) {
      for (const trial of trials.filter((some) => some.kind === kind && hears(one, some))) {
        const again = heardAgain(one, trial);
        (values[one.name] ??= []).push(
          again ? (again.tick - trial.backMs) / 1000 : one.ended ? "ended" : "not reconnected",
        );
      }
    }
    const runs = Object.entries(values).map(([name, seconds]) => [name, explain(seconds, limitS)]);
    return { ...Object.fromEntries(runs), ...(obstacle && { [CONTRIB_FRITZ]: obstacle }) };
  };
  const downS = trials.filter(({ kind }) => kind === "reboot").map((trial) => trial.downS);
  const how = (what) =>
    `${what}; from then to the first line heard, the box says one each ${TALK_MS} ms. In a real Node-RED, ${FRITZ_CALLMONITOR} ` +
    `as a library, as its documentation shows`;
  const row = (kind, name, what) => figure(name, { unit: "s", better: "less", how: how(what) }, told(kind));
  return [
    row("close", "hears again after the box closed the connection", "the port stays open, 3 boxes"),
    row("reset", "hears again after the box broke the connection off", "TCP reset, the port stays open, 3 boxes"),
    row(
      "reboot",
      "hears again after a reboot",
      `TCP reset, the port refuses for ${downS.join(", ")} s, then it is open; a box each`,
    ),
  ];
}

function explain(seconds, limitS) {
  const count = (what) => seconds.filter((one) => one === what).length;
  if (count("ended") > 0)
    return `its process ended with an unhandled error, ${count("ended")} of ${seconds.length} times`;
  if (count("not reconnected") === 0) return seconds;
  return `did not reconnect in the ${limitS} s that were waited, ${count("not reconnected")} of ${seconds.length} times`;
}
