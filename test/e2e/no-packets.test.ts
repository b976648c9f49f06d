/**
 * Out of the box nothing leaves the house: a real Node-RED with the nodes as they are dragged in, in a network namespace whose
 * packet filter counts every packet, and every look-up of a name, that is not for the Fritz!Box.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { CabledNetwork, namespacesMissing, sh } from "../support/namespaces";
import { readNodeHtmls } from "../support/node-html";
import { type FlowNode, type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";
import { pause, until } from "../support/wait";

const network = new CabledNetwork("10.77.13");
const BOX_ADDRESS = network.boxAddress;
const CALLERS = ["03023125042", "01713920001", "0041440000000", "", "anonymous", "**610", "112", "0900123456", "12345"];

describe("out of the box", function () {
  const why = namespacesMissing();
  if (why !== undefined) {
    it.skip(`is not tried: ${why}`);
    return;
  }
  const { home } = network;
  let box: ChildProcess;
  let server: NodeRedServer | undefined;

  before(async () => {
    // Everything else is reachable, too, as far as the house can tell: its router is the box.
    network.build();
    const route = sh(`ip -n ${home} route add default via ${BOX_ADDRESS}`);
    assert.equal(route.status, 0, route.stderr);
    network.filter(
      home,
      `table inet watch {
  counter stray {}
  counter box {}
  chain out {
    type filter hook output priority 0; policy accept;
    meta l4proto != { tcp, udp } accept
    meta l4proto { tcp, udp } th dport 53 counter name stray drop
    oif lo accept
    ip daddr ${BOX_ADDRESS} counter name box accept
    counter name stray drop
  }
}`,
    );
    box = await network.switchOn("--tr064", "49000");
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  after(async () => {
    box.kill();
    if (box.exitCode === null && box.signalCode === null) await once(box, "exit");
    network.remove();
  });

  const packets = (counter: string) => {
    const { stdout } = sh(`ip netns exec ${home} nft reset counter inet watch ${counter}`);
    return Number(/packets (\d+)/.exec(stdout)?.[1] ?? NaN);
  };
  /** "Started flows" comes before the connection, and a box does not repeat what happened before. */
  const connected = async () => {
    let output = "";
    const append = (data: unknown) => (output += String(data));
    box.stdout?.on("data", append);
    for (let tries = 0; tries < 300 && !output.includes("1 clients"); tries++) {
      box.stdin?.write("status\n");
      await pause(100);
    }
    box.stdout?.off("data", append);
    assert.match(output, /1 clients/);
  };
  const ring = (caller: string) => box.stdin?.write(`ring ${caller === "" ? "-" : caller}\nhangup\n`);

  /** The nodes as the editor makes them, with all that they are set to from the start. */
  function flow(providers?: object[]): FlowNode[] {
    const fresh = (type: string, over: { id: string } & Record<string, unknown>): FlowNode => {
      const html = readNodeHtmls().find(({ definition }) => definition.type === type);
      return { ...html?.definition.defaults, type, ...over };
    };
    const place = { x: 10, y: 10, z: "tab" };
    const out = { active: true, console: true, complete: "callerInfo.display", wires: [] };
    return [
      { id: "tab", type: "tab", label: "t" },
      fresh("fritz-config", { id: "box", host: BOX_ADDRESS, tls: false }),
      fresh("fritz-callmonitor", { id: "monitor", ...place, box: "box", events: ["ring"], wires: [["who"]] }),
      fresh("fritz-caller-info", {
        id: "who",
        ...place,
        box: "box",
        wires: [["out"], []],
        ...(providers && { providers }),
      }),
      { id: "out", type: "debug", ...place, ...out },
    ];
  }
  const answers = () => server?.log.filter((line) => line.includes("[debug:")).length ?? 0;

  onEachNodeRed((version) => {
    it("no packet leaves for any host but the box", async () => {
      packets("stray");
      packets("box");
      server = await startNodeRed({ version, namespace: home, flows: flow() });
      await connected();
      for (const caller of CALLERS) ring(caller);
      await until("all answers", () => answers() === CALLERS.length);
      await pause(500);
      assert.ok(packets("box") > 0);
      assert.equal(packets("stray"), 0);
    });

    it("a source that is switched on is seen by the same counter", async () => {
      packets("stray");
      server = await startNodeRed({
        version,
        namespace: home,
        flows: flow([{ id: "phoneblock-number", enabled: true }]),
      });
      await connected();
      ring("03023125042");
      await until("the answer", () => answers() === 1);
      assert.ok(packets("stray") > 0);
    });
  });
});
