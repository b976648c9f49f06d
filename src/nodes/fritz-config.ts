/** L5 nodes: `fritz-config`, one Fritz!Box. Owns its connection; other nodes register and deregister. */
import { isTimeZone } from "../lib/domain/box-time";
import { type BoxHandle, Boxes } from "../lib/services/box";
import { cleanHost, MONITOR_PORT } from "../lib/services/call-monitor";
import { FailureReports } from "../lib/services/failure-reports";
import type { LineFailure } from "../lib/model/monitor-line";
import type { MonitorProblem } from "../lib/model/problems";
import { anonymizeLine } from "../lib/protocol/anonymize-line";
import { systemClock } from "../lib/transport/system-clock";
import { guarded } from "./shared/input";
import { problemText, sharedText } from "./shared/messages";
import type { Node, NodeDef, Runtime } from "./shared/red";

interface FritzConfigDef extends NodeDef {
  host?: string;
  monitorPort?: number | string;
  timeZone?: string;
}

export interface FritzConfigNode extends Node {
  /** Whom errors and outages concern: Node-RED hands a global node's errors to the Catch nodes of its users. */
  users: Record<string, Node>;
  /** What events call this box. */
  label: string;
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
  const host = cleanHost(def.host ?? "");
  const port = def.monitorPort === undefined || def.monitorPort === "" ? MONITOR_PORT : Number(def.monitorPort);
  const timeZone = def.timeZone?.trim() ?? "";
  const known = timeZone === "" || isTimeZone(timeZone);
  let handle: BoxHandle | undefined;
  let stopListening: (() => void) | undefined;
  node.users = {};
  node.label = def.name?.trim() || host;
  node.timeZone = known ? timeZone : "";
  if (!known) node.error(sharedText(RED, "error.time-zone", { timeZone }), {});

  const release = (forGood: boolean) => {
    stopListening?.();
    handle?.release(forGood);
    stopListening = handle = undefined;
  };
  node.register = (user) => {
    node.users[user.id] = user;
    if (!handle) {
      handle = boxes.acquire({ host, port, timeZone: node.timeZone });
      stopListening = listen(RED, node, handle);
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

/** One line an outage, one when it is over; lines that nobody understands are counted, not poured into the log. */
function listen(RED: Runtime, node: FritzConfigNode, { monitor }: BoxHandle): () => void {
  const reports = new FailureReports(systemClock);
  const tell = (text: string, topic: string, payload: MonitorProblem | LineFailure) => {
    guarded(RED, node, () => node.error(text, { topic, payload }));
  };
  return monitor.listen({
    outage: (problem) => tell(problemText(RED, problem), "outage", problem),
    recovered: (downMs) => {
      node.log(sharedText(RED, "recovered", { box: node.label, seconds: Math.round(downMs / 1000) }));
    },
    failure: (failure) => {
      const unreported = reports.next();
      if (unreported === undefined) return;
      const line = anonymizeLine(failure.raw).slice(0, 100);
      tell(sharedText(RED, "line-failure", { line, reason: failure.reason, unreported }), "failure", failure);
    },
  });
}
