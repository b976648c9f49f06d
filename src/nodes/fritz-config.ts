/** L5 nodes: `fritz-config`, one Fritz!Box. Owns its connection; other nodes register and deregister. */
import { isTimeZone } from "../lib/domain/box-time";
import { type BoxHandle, Boxes } from "../lib/services/box";
import { cleanHost, MONITOR_PORT } from "../lib/services/call-monitor";
import { deployGate } from "./shared/deploy-gate";
import { sharedText } from "./shared/messages";
import type { Node, NodeDef, Runtime } from "./shared/red";
import { type Speaker, townCrier } from "./shared/town-crier";

interface FritzConfigDef extends NodeDef {
  host?: string;
  monitorPort?: number | string;
  timeZone?: string;
}

/** `label` is what events call this box; `users` are the nodes whose Catch nodes hear of its outages. */
export interface FritzConfigNode extends Speaker {
  timeZone: string;
  /** The box, connected from the first user on. */
  register(user: Node): BoxHandle;
  deregister(user: Node): void;
}

/** All boxes of this process: configurations of the same box share its connection, also over a deploy. */
const boxes = new Boxes();

export default function (RED: Runtime): void {
  RED.nodes.registerType("fritz-config", function (this: FritzConfigNode, def: FritzConfigDef) {
    RED.nodes.createNode(this, def);
    setUp(RED, this, def);
  });
}

function setUp(RED: Runtime, node: FritzConfigNode, def: FritzConfigDef): void {
  const host = cleanHost(String(def.host ?? ""));
  const port = def.monitorPort === undefined || def.monitorPort === "" ? MONITOR_PORT : Number(def.monitorPort);
  const timeZone = def.timeZone?.trim() ?? "";
  const known = timeZone === "" || isTimeZone(timeZone);
  let handle: BoxHandle | undefined;
  node.users = {};
  node.label = def.name?.trim() || host;
  node.timeZone = known ? timeZone : "";
  if (!known) complain(RED, node, sharedText(RED, "error.time-zone", { timeZone }));

  const release = (forGood: boolean) => {
    const held = handle;
    handle = undefined;
    if (!held) return;
    townCrier(RED, held.monitor).remove(node);
    // A deploy takes as long as its slowest node; the box is kept until the new nodes are there.
    if (forGood) held.release(true);
    else deployGate(RED.events).afterStop(() => held.release());
  };
  node.register = (user) => {
    node.users[user.id] = user;
    if (!handle) {
      handle = boxes.acquire({ host, port, timeZone: node.timeZone });
      townCrier(RED, handle.monitor).add(node);
    }
    return handle;
  };
  node.deregister = (user) => {
    if (node.users[user.id] !== user) return;
    delete node.users[user.id];
    if (Object.keys(node.users).length === 0) release(false);
  };
  node.on("close", (removed: boolean, done: () => void) => {
    release(removed);
    done();
  });
}

/** A fault of the configuration: told when the flows are started and the Catch nodes are there. */
function complain(RED: Runtime, node: FritzConfigNode, text: string): void {
  const speak = () => {
    deployGate(RED.events).remove(reader);
    node.error(text, {});
  };
  const reader = { hold: () => undefined, flow: speak };
  deployGate(RED.events).add(reader);
  node.on("close", () => deployGate(RED.events).remove(reader));
}
