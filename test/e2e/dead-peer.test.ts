/**
 * A box that vanishes without a word: cable pulled, power gone. In two network namespaces with a packet filter that drops
 * everything, because on loopback a peer cannot vanish.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { nodeRedAt, root } from "../support/node-red-server";
import { pause, until } from "../support/wait";

const BOX_ADDRESS = "10.77.12.2";
const NOTICED_WITHIN_S = 60;

const sh = (command: string) => spawnSync("sh", ["-ec", command], { encoding: "utf8" });

/** Why this cannot be tried here, or undefined. */
function obstacle(): string | undefined {
  if (process.platform !== "linux") return "network namespaces exist on Linux only";
  for (const tool of ["ip", "nft"]) if (sh(`command -v ${tool}`).status !== 0) return `the command ${tool} is missing`;
  const trial = sh(
    "ip netns add fritztrial && ip netns exec fritztrial nft add table inet t; s=$?; ip netns del fritztrial; exit $s",
  );
  return trial.status === 0 ? undefined : "this machine does not allow network namespaces with a packet filter";
}

interface Watcher {
  child: ChildProcess;
  told: { atMs: number; what: string }[];
}

/** A program in the home's namespace that listens to the box with the built package and writes down what it notices. */
function watch(node: string, namespace: string): Watcher {
  const program = `
    const { CallMonitor } = require(${JSON.stringify(join(root, "dist/lib/index.js"))});
    const say = (what) => console.log(Date.now() + " " + what);
    const monitor = new CallMonitor({ host: "${BOX_ADDRESS}" });
    monitor.listen({
      event: ({ event, caller }) => say(event + " " + caller.number),
      outage: ({ code }) => say("outage " + code),
      recovered: () => say("recovered"),
      state: ({ phase }) => say("phase " + phase),
    });
    monitor.start();`;
  const child = spawn("ip", ["netns", "exec", namespace, node, "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told: Watcher["told"] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [at, ...words] = line.split(" ");
    told.push({ atMs: Number(at), what: words.join(" ") });
  });
  return { child, told };
}

/** The simulated box in its namespace, told what to do through its prompt. */
function switchOn(namespace: string): ChildProcess {
  const args = [
    "netns",
    "exec",
    namespace,
    process.execPath,
    join(root, "dist/simulator/cli.js"),
    "--host",
    BOX_ADDRESS,
  ];
  return spawn("ip", args, { stdio: ["pipe", "ignore", "inherit"] });
}

describe("a box that vanishes without a word", function () {
  this.timeout(240_000);
  const why = obstacle();
  if (why !== undefined) {
    it.skip(`is not tried: ${why}`);
    return;
  }
  const [home, far] = [`fritzhome${process.pid}`, `fritzbox${process.pid}`];
  const nodes = (["4.1", "5.0"] as const).map(nodeRedAt).filter(({ missing }) => missing === undefined);
  let watchers: Watcher[] = [];
  let box: ChildProcess | undefined;
  const type = (command: string) => box?.stdin?.write(`${command}\n`);
  const cutCable = () =>
    sh(`ip netns exec ${far} nft -f - <<'END'
table inet cut {
  chain in { type filter hook input priority 0; policy drop; }
  chain out { type filter hook output priority 0; policy drop; }
}
END`);
  const mendCable = () => sh(`ip netns exec ${far} nft delete table inet cut`);
  const all = (what: RegExp) => watchers.every(({ told }) => told.some((word) => what.test(word.what)));
  const count = (what: RegExp) => watchers.map(({ told }) => told.filter((word) => what.test(word.what)).length);
  const each = <T>(value: T) => watchers.map(() => value);

  before(async () => {
    const made = sh(`
      ip netns add ${home}; ip netns add ${far}
      ip link add fzh netns ${home} type veth peer name fzb netns ${far}
      ip -n ${home} addr add 10.77.12.1/24 dev fzh; ip -n ${far} addr add ${BOX_ADDRESS}/24 dev fzb
      for n in ${home} ${far}; do ip -n $n link set lo up; done
      ip -n ${home} link set fzh up; ip -n ${far} link set fzb up`);
    assert.equal(made.status, 0, made.stderr);
    box = switchOn(far);
    await pause(500);
    watchers = nodes.map(({ node }) => watch(node, home));
    await until("the connection", () => all(/^phase connected/));
    type("ring 0711111");
    await until("the first ring", () => all(/^ring 0711111/));
  });

  after(async () => {
    for (const child of [box, ...watchers.map((watcher) => watcher.child)]) {
      child?.kill();
      if (child && child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    sh(`ip netns del ${home}; ip netns del ${far}`);
  });

  it("is noticed within a minute, told once, and heard again when it is back", async () => {
    const cutAt = Date.now();
    assert.equal(cutCable().status, 0);
    type("ring 0711222"); // nobody can hear this one
    await until("everybody to notice", () => all(/^outage silent/), 90_000);
    for (const { told } of watchers) {
      const noticed = told.find(({ what }) => what === "outage silent")?.atMs ?? Infinity;
      assert.ok((noticed - cutAt) / 1000 < NOTICED_WITHIN_S, `noticed after ${(noticed - cutAt) / 1000} s`);
    }
    assert.equal(mendCable().status, 0);
    await until("everybody to be back", () => all(/^recovered/), 90_000);
    type("ring 0711333");
    await until("the next ring", () => all(/^ring 0711333/));
    assert.deepEqual(count(/^outage/), each(1));
    assert.deepEqual(count(/^recovered/), each(1));
  });

  it("is noticed when it was switched off and on meanwhile and knows nobody any more", async () => {
    const before = count(/^phase connected/);
    assert.equal(cutCable().status, 0);
    // Without power there is no goodbye, not even a late one: the system's own memory of the connection goes, too.
    const forgotten = sh(`ip netns exec ${far} ss -HK state established "sport = :1012"`);
    assert.match(forgotten.stdout, /:1012/, forgotten.stderr);
    const old = box as ChildProcess;
    old.kill("SIGKILL");
    await once(old, "exit");
    assert.equal(mendCable().status, 0);
    box = switchOn(far);
    const back = () => count(/^phase connected/).every((times, i) => times > (before[i] ?? 0));
    await until("everybody to be back", back, 90_000);
    type("ring 0711444");
    await until("the ring", () => all(/^ring 0711444/));
  });
});
