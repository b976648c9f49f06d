/**
 * A box that vanishes without a word: cable pulled, power gone. In two network namespaces with a packet filter that drops
 * everything, because on loopback a peer cannot vanish.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CabledNetwork, namespacesMissing, sh } from "../support/namespaces";
import { nodeRedAt, root } from "../support/node-red-server";
import { until } from "../support/wait";

const network = new CabledNetwork("10.77.12");
const NOTICED_WITHIN_S = 60;

interface Watcher {
  child: ChildProcess;
  reported: { atMs: number; what: string }[];
}

/** A program in the home's namespace that listens to the box with the built package and writes down what it notices. */
function watch(node: string, namespace: string): Watcher {
  const program = `
    const { CallMonitor } = require(${JSON.stringify(join(root, "dist/lib/index.js"))});
    const note = (what) => console.log(Date.now() + " " + what);
    const monitor = new CallMonitor({ host: "${network.boxAddress}" });
    monitor.listen({
      event: ({ event, caller }) => note(event + " " + caller.number),
      outage: ({ code }) => note("outage " + code),
      recovered: () => note("recovered"),
      state: ({ phase }) => note("phase " + phase),
    });
    monitor.start();`;
  const child = spawn("ip", ["netns", "exec", namespace, node, "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const reported: Watcher["reported"] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [at, ...words] = line.split(" ");
    reported.push({ atMs: Number(at), what: words.join(" ") });
  });
  return { child, reported };
}

describe("a box that vanishes without a word", function () {
  this.timeout(240_000);
  const why = namespacesMissing();
  if (why !== undefined) {
    it.skip(`is not tried: ${why}`);
    return;
  }
  const { home, far } = network;
  const nodes = (["4.1", "5.0"] as const).map(nodeRedAt).filter(({ missing }) => missing === undefined);
  let watchers: Watcher[] = [];
  let box: ChildProcess | undefined;
  const type = (command: string) => box?.stdin?.write(`${command}\n`);
  const cutCable = () =>
    network.filter(
      far,
      `table inet cut {
  chain in { type filter hook input priority 0; policy drop; }
  chain out { type filter hook output priority 0; policy drop; }
}`,
    );
  const mendCable = () => sh(`ip netns exec ${far} nft delete table inet cut`);
  const all = (what: RegExp) => watchers.every(({ reported }) => reported.some((word) => what.test(word.what)));
  const count = (what: RegExp) =>
    watchers.map(({ reported }) => reported.filter((word) => what.test(word.what)).length);
  const each = <T>(value: T) => watchers.map(() => value);

  before(async () => {
    network.build();
    box = await network.switchOn();
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
    network.remove();
  });

  it("is noticed within a minute, told once, and heard again when it is back", async () => {
    const cutAt = Date.now();
    cutCable();
    type("ring 0711222"); // no listener can hear this one
    await until("everybody to notice", () => all(/^outage silent/), 90_000);
    for (const { reported } of watchers) {
      const noticed = reported.find(({ what }) => what === "outage silent")?.atMs ?? Infinity;
      assert.ok((noticed - cutAt) / 1000 < NOTICED_WITHIN_S, `noticed after ${(noticed - cutAt) / 1000} s`);
    }
    assert.equal(mendCable().status, 0);
    await until("everybody to be back", () => all(/^recovered/), 90_000);
    type("ring 0711333");
    await until("the next ring", () => all(/^ring 0711333/));
    assert.deepEqual(count(/^outage/), each(1));
    assert.deepEqual(count(/^recovered/), each(1));
  });

  it("is noticed when it was switched off and on meanwhile and has forgotten its connections", async () => {
    const before = count(/^phase connected/);
    cutCable();
    // Without power there is no goodbye, not even a late one: the system's own memory of the connection goes, too.
    const forgotten = sh(`ip netns exec ${far} ss -HK state established "sport = :1012"`);
    assert.match(forgotten.stdout, /:1012/, forgotten.stderr);
    const old = box as ChildProcess;
    old.kill("SIGKILL");
    await once(old, "exit");
    assert.equal(mendCable().status, 0);
    box = await network.switchOn();
    const back = () => count(/^phase connected/).every((times, i) => times > (before[i] ?? 0));
    await until("everybody to be back", back, 90_000);
    type("ring 0711444");
    await until("the ring", () => all(/^ring 0711444/));
  });
});
