/** L5 nodes: `fritz-callmonitor`, one message per event of a call, live from the box or replayed from the input. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CallEvent, CallEventName } from "../lib/model/call-event";
import { FritzError } from "../lib/model/errors";
import type { LineFailure } from "../lib/model/monitor-line";
import { anonymizeLine } from "../lib/protocol/anonymize-line";
import { Announcer, type AnnouncerOptions } from "../lib/services/announcer";
import { oneAtATime } from "../lib/services/one-at-a-time";
import { partiesWithE164 } from "../lib/services/party-number";
import { playedCall, readPlayedCall } from "../lib/services/played-call";
import { Replay, replayInput } from "../lib/services/replay";
import type { FritzConfigNode } from "./fritz-config";
import { adminRoute } from "./shared/admin-route";
import { boxOf } from "./shared/box-of";
import { deployGate } from "./shared/deploy-gate";
import { guarded, onInput } from "./shared/input";
import { MonitorStatus } from "./shared/monitor-status";
import type { Message, Node, NodeDef, Runtime, Send } from "./shared/red";

interface CallMonitorDef extends NodeDef {
  box?: string;
  events?: CallEventName[];
  numbers?: string[] | string;
  settleMs?: number | string;
}

const ALL_EVENTS: CallEventName[] = ["ring", "call", "connect", "disconnect"];
/** No telephone rings longer; a slip of the finger must not hold rings for days. */
const LONGEST_SETTLE_MS = 600_000;
/** After so many replayed lines the rest of Node-RED gets its turn. */
const LINES_A_TURN = 250;

/** In a played call, where the user has set no own number. */
const PLAYED_OWN_NUMBER = "732123";

/** What the editor's "play a call" reaches. */
interface PlayingNode extends Node {
  playCall(number: unknown, outcome: unknown): void;
}

export default function (RED: Runtime): void {
  adminRoute(RED, "play", "fritz-callmonitor.write", ({ id, number, outcome }: Record<string, unknown>) => {
    const node = RED.nodes.getNode(String(id)) as PlayingNode | null;
    if (node?.type !== "fritz-callmonitor") throw new FritzError("play-not-deployed");
    node.playCall(number, outcome);
    return Promise.resolve({});
  });
  RED.nodes.registerType("fritz-callmonitor", function (this: PlayingNode, def: CallMonitorDef) {
    RED.nodes.createNode(this, def);
    const options: AnnouncerOptions = {
      events: Array.isArray(def.events) ? def.events : ALL_EVENTS,
      numbers: [def.numbers ?? []]
        .flat()
        .map((number) => String(number).trim())
        .filter((number) => number !== ""),
      settleMs: Math.min(LONGEST_SETTLE_MS, Math.max(0, Number(def.settleMs) || 0)),
    };
    const config = boxOf(RED, def.box);
    const status = new MonitorStatus(RED, this, config?.timeZone ?? "");
    if (config) hear(RED, this, config, new Announcer(options), status);
    else status.noBox();
    replayOnInput(RED, this, config, options);
    const own = options.numbers[0] ?? PLAYED_OWN_NUMBER;
    offerPlay(RED, this, own, config?.timeZone ?? "");
    this.on("close", () => status.close());
  });
}

/** A call to try the flow with goes in like a replay, but in real time. */
function offerPlay(RED: Runtime, node: PlayingNode, own: string, timeZone: string): void {
  const timers = new Set<NodeJS.Timeout>();
  node.playCall = (number, outcome) => {
    for (const { afterMs, line } of playedCall(readPlayedCall(number, outcome), own, Date.now(), timeZone)) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        guarded(RED, node, () => node.receive({ payload: line }));
      }, afterMs);
      timers.add(timer);
    }
  };
  node.on("close", () => timers.forEach(clearTimeout));
}

/** Live: the box's events, with rings that are held back sent by a timer. */
function hear(RED: Runtime, node: Node, config: FritzConfigNode, announcer: Announcer, status: MonitorStatus): void {
  const { monitor, events } = config.register(node);
  const gate = deployGate(RED.events);
  let timer: NodeJS.Timeout | undefined;

  const send = (sent: CallEvent[]) => {
    for (const event of sent) guarded(RED, node, () => node.send(toMessage({}, event, config)));
    clearTimeout(timer);
    const dueMs = announcer.nextDueMs;
    if (dueMs !== undefined) timer = setTimeout(() => send(announcer.due(Date.now())), Math.max(1, dueMs - Date.now()));
  };
  const reader = events.join(node.id, (event) => {
    guarded(RED, node, () => status.heard(event));
    send(announcer.take(event, Date.now()));
  });
  gate.add(reader);
  status.link(monitor.state);
  const stopListening = monitor.listen({ state: (state) => status.link(state) });
  node.on("close", () => {
    clearTimeout(timer);
    gate.remove(reader);
    reader.leave(announcer.unsent); // a ring that is held back goes on waiting in the node that comes instead
    stopListening();
    config.deregister(node);
  });
}

/** Replay: what a message brings goes the same way, in the time of the events themselves. */
function replayOnInput(RED: Runtime, node: Node, config: FritzConfigNode | null, options: AnnouncerOptions): void {
  const box = config?.label ?? "";
  const replay = new Replay(box, config?.timeZone ?? "");
  const announcer = new Announcer(options);
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  /** What sends an event with the message that brought it, also if it is held back meanwhile. */
  const senders = new WeakMap<CallEvent, () => void>();
  const sendAll = (events: CallEvent[]) => {
    for (const event of events) senders.get(event)?.();
  };
  const flush = () => guarded(RED, node, () => sendAll(announcer.due(Infinity)));

  const run = async (msg: Message, send: Send) => {
    const { payload, ...others } = msg;
    const lines = replayInput(payload);
    if (lines.length === 0) throw new FritzError("replay-input");
    clearTimeout(timer);
    const failures: { line: number; failure: LineFailure }[] = [];
    for (const [i, recorded] of lines.entries()) {
      if (closed) return;
      const { event, failure, line } = replay.next(recorded);
      if (event) {
        senders.set(event, () => send(toMessage(RED.util.cloneMessage(others), event, config)));
        sendAll(announcer.take(event, Date.parse(event.at)));
      }
      if (failure) failures.push({ line, failure });
      if (i % LINES_A_TURN === LINES_A_TURN - 1) await nextTurn();
    }
    timer = setTimeout(flush, options.settleMs);
    if (failures.length > 0) throw replayError(lines.length, failures);
  };
  onInput(RED, node, (msg, send) => oneAtATime(node, () => run(msg, send)));
  node.on("close", () => {
    closed = true;
    clearTimeout(timer);
    flush();
  });
}

function replayError(total: number, failures: { line: number; failure: LineFailure }[]): FritzError {
  const [first] = failures;
  return new FritzError("replay-lines", {
    failed: failures.length,
    total,
    line: first?.line ?? 0,
    text: anonymizeLine(first?.failure.raw ?? "").slice(0, 100),
  });
}

/** A message of its own for each event and node: nobody shares an object. */
function toMessage(base: Record<string, unknown>, event: CallEvent, config: FritzConfigNode | null): Message {
  const parties = partiesWithE164(event, config?.telephony().knownPlan);
  const payload: CallEvent = { ...event, ...parties, box: config?.label ?? "" };
  return { ...base, topic: event.event, payload };
}
