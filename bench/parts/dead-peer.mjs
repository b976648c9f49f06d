// A box that vanishes without a word, as when the power goes: seconds until a listener notices, and until it hears again.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { figure, THIS } from "../lib/figures.mjs";
import { monitorFlow } from "../lib/flows.mjs";
import { startNodeRed } from "../lib/node-red.mjs";
import { CONTRIB_FRITZ, FRITZ_CALLMONITOR, root } from "../lib/peers.mjs";
import { nowMs, pause, until } from "../lib/stats.mjs";
import { Subject } from "../lib/subject.mjs";

export const title = "A box without power";
const [HOME, FAR] = [`benchhome${process.pid}`, `benchbox${process.pid}`];
const BOXES = [2, 3, 4].map((n) => ({ key: `box${n}`, host: `10.77.13.${n}` }));
/** The boxes have been silent for so many seconds when the power goes. */
const SILENT_S = [1, 6, 11];
const LINE = "18.03.26 22:35:21;RING;0;03023125123;732123;SIP0;";

const sh = (command) => spawnSync("sh", ["-ec", command], { encoding: "utf8" });
const inside = (namespace) => ["ip", "netns", "exec", namespace];

/** Why this cannot be tried here, or undefined. */
function obstacle() {
  if (process.platform !== "linux") return "network namespaces exist on Linux only";
  for (const tool of ["ip", "nft", "ss"])
    if (sh(`command -v ${tool}`).status !== 0) return `the command ${tool} is missing`;
  const trial = sh(
    "ip netns add benchtrial && ip netns exec benchtrial nft add table inet t; s=$?; ip netns del benchtrial; exit $s",
  );
  return trial.status === 0 ? undefined : "this machine does not allow network namespaces with a packet filter";
}

export async function run({ quick }) {
  const why = obstacle();
  const [offS, limitS] = quick ? [40, 60] : [45, 180];
  if (why) return report([], why, offS, limitS);
  const listening = [];
  let boxes = [];
  process.once("exit", removeNetwork);
  try {
    makeNetwork();
    boxes = await Promise.all(BOXES.map(switchOn));
    for (const subject of [THIS, CONTRIB_FRITZ]) {
      listening.push(
        await startNodeRed(subject, { flows: monitorFlow(subject, BOXES, { status: true }), through: inside(HOME) }),
      );
    }
    const library = Subject.listener(FRITZ_CALLMONITOR, inside(HOME));
    listening.push(library);
    for (const { key, host } of BOXES) await library.ask("listen", { key, host, port: 1012 });
    await allHear(listening, boxes);
    await silence(boxes);
    const cutMs = nowMs();
    powerOff();
    for (const box of boxes) await end(box);
    await pause(offS * 1000 - (nowMs() - cutMs));
    boxes = await Promise.all(BOXES.map(switchOn));
    sh(`ip netns exec ${FAR} nft delete table inet cut`);
    const backMs = nowMs();
    const talking = setInterval(() => boxes.forEach(say), 250);
    const back = ({ ticks }) => BOXES.every(({ key }) => heard(ticks, key, backMs));
    await until(() => listening.every(back), limitS * 1000 - (nowMs() - cutMs));
    clearInterval(talking);
    return report(
      listening.map((one) => ({ name: one.name, ...summary(one.ticks, cutMs, backMs) })),
      undefined,
      offS,
      limitS,
    );
  } finally {
    for (const one of listening) await one.stop();
    for (const box of boxes) await end(box);
    removeNetwork();
  }
}

const removeNetwork = () => sh(`for n in ${HOME} ${FAR}; do ip netns del $n 2>/dev/null || true; done`);

function makeNetwork() {
  const made = sh(`
    ip netns add ${HOME}; ip netns add ${FAR}
    ip link add bench0 netns ${HOME} type veth peer name bench1 netns ${FAR}
    ip -n ${HOME} addr add 10.77.13.1/24 dev bench0
    ${BOXES.map(({ host }) => `ip -n ${FAR} addr add ${host}/24 dev bench1`).join("\n")}
    for n in ${HOME} ${FAR}; do ip -n $n link set lo up; done
    ip -n ${HOME} link set bench0 up; ip -n ${FAR} link set bench1 up`);
  if (made.status !== 0) throw new Error(made.stderr);
}

async function switchOn({ host }) {
  const [command, ...args] = [
    ...inside(FAR),
    process.execPath,
    join(root, "dist", "simulator", "cli.js"),
    "--host",
    host,
  ];
  const box = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  await once(box.stdout, "data"); // it says where it listens
  return box;
}

/** Nothing gets through, and the boxes' system forgets its connections: without power there is no good-bye, not even a late one. */
function powerOff() {
  const cut = sh(`ip netns exec ${FAR} nft -f - <<'END'
table inet cut {
  chain in { type filter hook input priority 0; policy drop; }
  chain out { type filter hook output priority 0; policy drop; }
}
END
ip netns exec ${FAR} ss -HK state established "sport = :1012"`);
  if (cut.status !== 0 || !cut.stdout.includes(":1012")) throw new Error(`the power could not be cut: ${cut.stderr}`);
}

async function end(box) {
  if (box.exitCode !== null || box.signalCode !== null) return;
  box.kill("SIGKILL");
  await once(box, "exit");
}

const say = (box) => box.stdin.write(`line ${LINE}\n`);
const heard = (ticks, key, fromMs) => ticks.find((one) => one.key === key && one.tick > fromMs);

async function allHear(listening, boxes) {
  for (const one of listening) await one.mode({ tick: "told" });
  const all = () => listening.every(({ ticks }) => BOXES.every(({ key }) => heard(ticks, key, 0)));
  for (let i = 0; i < 40 && !all(); i++) {
    boxes.forEach(say);
    await pause(250);
  }
  if (!all()) throw new Error("not everybody hears the boxes before the power goes");
}

/** Each box says its last word at another time: the listeners' clocks don't run in step. */
async function silence(boxes) {
  const longest = Math.max(...SILENT_S);
  const last = boxes.map((box, i) => pause((longest - SILENT_S[i]) * 1000).then(() => say(box)));
  await Promise.all([...last, pause(longest * 1000)]);
}

/** Noticed = the status is no longer green, or the library told that the connection is gone. Infinity = never. */
function summary(ticks, cutMs, backMs) {
  const isAlarm = ({ key, told }, box) =>
    key === `${box} lost` ||
    (key === `${box} status` && told.status.fill !== undefined && told.status.fill !== "green");
  const noticed = BOXES.map(({ key }) => ticks.find((one) => one.tick > cutMs && isAlarm(one, key)));
  const back = BOXES.map(({ key }) => heard(ticks, key, backMs));
  const seconds = (found, fromMs) => found.map((one) => ((one?.tick ?? Infinity) - fromMs) / 1000);
  return { noticed: seconds(noticed, cutMs), back: seconds(back, backMs) };
}

function report(told, why, offS, limitS) {
  const values = (what, limit) =>
    Object.fromEntries([
      [CONTRIB_FRITZ, why],
      [FRITZ_CALLMONITOR, why],
      [THIS, why],
      ...told.map((one) => [
        one.name,
        one[what].every((value) => value !== Infinity) ? one[what] : `not within the ${limit} s that were waited`,
      ]),
    ]);
  const how = (what) =>
    `network namespaces: all packets of the box are dropped and its connections forgotten, ${offS} s later it is on again and ` +
    `has forgotten its connections. ${what}. 3 boxes that had been silent for ${SILENT_S.join(", ")} s; in a real Node-RED, ${FRITZ_CALLMONITOR} as a library`;
  const scale = (what) => ({ unit: "s", better: "less", how: how(what) });
  return [
    figure(
      "notices that the box is gone",
      scale("From the power cut to a status that is not green, or an event of the library"),
      values("noticed", limitS),
    ),
    figure(
      "hears again",
      scale("From power on to the first line heard, the box says four a second"),
      values("back", limitS - offS),
    ),
  ];
}
