// The call monitor: lines told right, speed, latency, processor time; in a real Node-RED and as a library.
import { monitorBox, monitorObstacle } from "../lib/boxes.mjs";
import { bytesOf, countRight, cutAnywhere, oneByOne, scriptOfCalls } from "../lib/calls.mjs";
import { effort } from "../lib/effort.mjs";
import { figure, THIS } from "../lib/figures.mjs";
import { monitorFlow } from "../lib/flows.mjs";
import { latencies } from "../lib/latencies.mjs";
import { startNodeRed } from "../lib/node-red.mjs";
import { BARE, CONTRIB_FRITZ, FRITZ_CALLMONITOR } from "../lib/peers.mjs";
import { nowMs, pause, randomFrom, shuffled, until } from "../lib/stats.mjs";
import { Subject } from "../lib/subject.mjs";

export const title = "Call monitor";
const NO_NODE = "a library, no Node-RED node";
const NO_LIBRARY = "a Node-RED node, no library";
const SEGMENT = 1460;

/** A listener at a box of its own, so that no listener slows down another one's lines. */
async function startListening(subject, kind) {
  const box = await monitorBox();
  const where = { key: "box", host: box.monitor.host, port: box.monitor.port };
  const process =
    kind === "node" ? await startNodeRed(subject, { flows: monitorFlow(subject, [where]) }) : Subject.listener(subject);
  if (kind === "library") await process.ask("listen", where);
  if (!(await until(() => box.monitor.connections === 1))) throw new Error(`${subject} did not connect`);
  return { subject, kind, box, process };
}

export async function run({ quick, runs }) {
  const obstacle = await monitorObstacle();
  const nodes = obstacle ? [THIS] : [THIS, CONTRIB_FRITZ];
  const listening = [];
  try {
    for (const subject of nodes) listening.push(await startListening(subject, "node"));
    for (const subject of [THIS, FRITZ_CALLMONITOR]) listening.push(await startListening(subject, "library"));
    const bare = await startNodeRed(BARE, { flows: [{ id: "tab", type: "tab", label: "empty" }] });
    listening.push({ subject: BARE, process: bare });
    const inNodeRed = listening.filter(({ kind }) => kind === "node");
    const libraries = listening.filter(({ kind }) => kind === "library");
    const blank = (missing) => ({ ...missing, ...(obstacle && { [CONTRIB_FRITZ]: obstacle }) });
    const told = [...inNodeRed, ...libraries.filter(({ subject }) => subject !== THIS)];
    return [
      ...(await toldRight(told, blank({}), quick ? 60 : 200, runs)),
      ...(await bursts(
        inNodeRed,
        blank({ [FRITZ_CALLMONITOR]: NO_NODE }),
        "in Node-RED",
        quick ? 5_000 : 20_000,
        runs,
      )),
      ...(await bursts(libraries, { [CONTRIB_FRITZ]: NO_LIBRARY }, "as a library", quick ? 10_000 : 50_000, runs)),
      ...(await latencies(
        inNodeRed,
        blank({ [FRITZ_CALLMONITOR]: NO_NODE }),
        "line to message in Node-RED",
        quick ? 100 : 300,
        runs,
      )),
      ...(await latencies(
        libraries,
        { [CONTRIB_FRITZ]: NO_LIBRARY },
        "line to event as a library",
        quick ? 100 : 300,
        runs,
      )),
      ...(await effort(
        inNodeRed,
        bare,
        blank({ [FRITZ_CALLMONITOR]: NO_NODE }),
        quick ? 3_000 : 10_000,
        quick ? 2 : 3,
      )),
    ];
  } finally {
    for (const { process, box } of listening) {
      await process.stop();
      await box?.monitor.stop();
    }
  }
}

const RIGHT = { unit: "%", better: "more" };

async function toldRight(listening, missing, lines, runs) {
  const how = (segments) =>
    `${lines} lines of calls of all kinds, ${segments}; right = told once, in order, with the box's time and every field of the ` +
    `line. In a real Node-RED, ${FRITZ_CALLMONITOR} as a library. ${runs} runs with other calls`;
  const kinds = [
    [
      "lines told right, one call at a time",
      1,
      oneByOne,
      "each line in a segment of its own, the next after the last was told",
    ],
    [
      "lines told right, up to 5 calls at a time",
      5,
      oneByOne,
      "each line in a segment of its own, the next after the last was told",
    ],
    [
      "lines told right, segments cut anywhere",
      5,
      cutAnywhere,
      "up to 5 calls at a time, cut by chance into segments of 1 to 300 bytes",
    ],
  ];
  const figures = [];
  for (const [what, parallel, cut, segments] of kinds) {
    const values = Object.fromEntries(listening.map(({ subject }) => [subject, []]));
    for (let seed = 1; seed <= runs; seed++) {
      const script = scriptOfCalls({ lines, parallel, seed });
      const all = listening.map((one) => tellRight(one, script, cut(script, seed)));
      for (const [i, right] of (await Promise.all(all)).entries())
        values[listening[i].subject].push((100 * right) / script.length);
    }
    figures.push(figure(what, { ...RIGHT, how: how(segments) }, { ...values, ...missing }));
  }
  return figures;
}

async function tellRight({ subject, box, process }, script, segments) {
  await process.mode({ keep: true, tick: true, subject });
  for (const segment of segments) {
    const before = process.ticks.length;
    box.monitor.sendBytes(segment);
    await until(() => process.ticks.length > before, 25);
  }
  await quiet(process);
  const { kept } = await process.ask("take");
  return countRight(script, kept);
}

/** Until nothing more is told. */
async function quiet(process) {
  for (let seen = -1, now = 0; seen !== now;) {
    seen = now;
    await pause(300);
    now = process.ticks.length;
  }
}

async function bursts(listening, missing, where, lines, runs) {
  const values = Object.fromEntries(listening.map(({ subject }) => [subject, []]));
  const random = randomFrom(lines);
  for (let seed = 0; seed <= runs; seed++) {
    const script = scriptOfCalls({ lines, parallel: 5, seed });
    for (const one of shuffled(listening, random)) {
      const rate = await burst(one, script);
      if (seed > 0) values[one.subject].push(rate); // the first one warms up
    }
  }
  const how =
    `${lines.toLocaleString("en-US")} lines at once in segments of ${SEGMENT} bytes; right ones divided by the time to the last one. ` +
    `${runs} runs, one after the other in turn, one to warm up`;
  return [figure(`right events a second, ${where}`, { unit: "1/s", better: "more", how }, { ...values, ...missing })];
}

async function burst({ subject, box, process }, script) {
  const bytes = bytesOf(script);
  await process.mode({ keep: true, subject });
  const from = nowMs();
  for (let i = 0; i < bytes.length; i += SEGMENT) box.monitor.sendBytes(bytes.subarray(i, i + SEGMENT));
  let taken = { kept: [], lastMs: 0 };
  let count = -1;
  const kept = [];
  while (count !== kept.length && kept.length < script.length) {
    count = kept.length;
    await pause(500);
    taken = await process.ask("take");
    kept.push(...taken.kept);
  }
  return countRight(script, kept) / ((taken.lastMs - from) / 1000);
}
