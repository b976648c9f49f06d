/**
 * `fritz-callmonitor`: sends one message for each call event, live from the box or replayed from the input.
 */
import type { CallEvent } from "../../lib/calls/types";
import { FritzError } from "../../lib/core/errors";
import type { LineFailure } from "../../lib/calls/monitor-line";
import { anonymizeLine } from "../../lib/calls/anonymize";
import { type FilteredEvent, EventFilter, type EventFilterOptions, concerns } from "../../lib/calls/event-filter";
import { pacer, serialize } from "../../lib/core/async";
import { numberOr, textsOf } from "../../lib/core/unknown";
import { Replay, replayInput } from "../../lib/calls/replay";
import type { CallMonitor } from "../../lib/calls/call-monitor";
import type { FritzConfigNode } from "../fritz-config/fritz-config";
import { adminRoute } from "../shared/admin-route";
import { boxOf } from "../shared/box";
import { deployGate } from "../shared/deploy-gate";
import { LineCounter } from "../../lib/calls/line-state";
import { isoAt } from "../../lib/calls/box-time";
import { emit, guarded, keepOverDeploys, onInput, placeOf } from "../shared/input";
import { offerPlay, type PlayingNode } from "./play";
import { isForNode, recoveryUser } from "./missed";
import { MonitorStatus } from "./status";
import type { Message, Node, Runtime, Send } from "../shared/red";
import { type CallMonitorDef, DEFAULTS } from "./definition";
import { messagesOf } from "./messages";

interface Options extends EventFilterOptions {
  /** Tell what was missed in a gap; undefined: a flow of 0.2.0. */
  recover: boolean | undefined;
}

/** Upper bound of the settle time: no telephone rings longer. */
const LONGEST_SETTLE_MS = 600_000;

/** Own number of a test call, if none is configured. */
const PLAYED_OWN_NUMBER = "732123";

export default function (RED: Runtime): void {
  adminRoute(RED, "play", "fritz-callmonitor.write", ({ id, number, outcome }: Record<string, unknown>) => {
    const node = RED.nodes.getNode(String(id)) as PlayingNode | null;
    if (node?.type !== "fritz-callmonitor") throw new FritzError("play-not-deployed");
    node.playCall(number, outcome);
    return Promise.resolve({});
  });
  RED.nodes.registerType("fritz-callmonitor", function (this: PlayingNode, def: CallMonitorDef) {
    RED.nodes.createNode(this, def);
    const options: Options = {
      recover: def.recover,
      events: Array.isArray(def.events) ? def.events : DEFAULTS.events,
      numbers: textsOf([def.numbers ?? DEFAULTS.numbers].flat().map((number) => String(number).trim())),
      settleMs: Math.min(LONGEST_SETTLE_MS, Math.max(0, numberOr(def.settleMs, DEFAULTS.settleMs))),
    };
    const config = boxOf(RED, def.box);
    const status = new MonitorStatus(RED, this, config?.timeZone ?? "");
    if (config) listenLive(RED, this, config, options, status);
    else status.noBox();
    replayOnInput(RED, this, config, options);
    const own = options.numbers[0] ?? PLAYED_OWN_NUMBER;
    offerPlay(RED, this, own, config?.timeZone ?? "");
    this.on("close", () => status.close());
  });
}

/** Live: the box's events, with rings that are held back sent by a timer. */
function listenLive(RED: Runtime, node: Node, config: FritzConfigNode, options: Options, status: MonitorStatus): void {
  const { monitor, events, recovery, ready } = config.register(node);
  const gate = deployGate(RED.events);
  let filter: EventFilter | undefined;
  let timer: NodeJS.Timeout | undefined;

  const send = (announced: FilteredEvent[]) => {
    for (const one of announced) for (const msg of messagesOf(one, {}, config, options)) emit(RED, node, msg);
    clearTimeout(timer);
    const dueMs = filter?.nextDueMs;
    if (dueMs !== undefined)
      timer = setTimeout(() => send(filter?.due(Date.now()) ?? []), Math.max(1, dueMs - Date.now()));
  };
  let heard: LineCounter | undefined;
  const reader = events.join(placeOf(node), (event) => {
    if (!isForNode(event, options.recover, heard)) return;
    guarded(RED, node, () => status.heard(event));
    send(filter?.take(event, Date.now()) ?? []);
  });
  let closed = false;
  const leave =
    options.recover === false ? undefined : recovery.use(recoveryUser(RED, node, config, !!options.recover));
  // The calls that went on before a restart are counted before the first event is sent.
  void ready.then(() => {
    if (closed) return;
    heard = keepOverDeploys(RED, node, `line ${options.numbers.join()}`, () => countNow(monitor, options));
    filter = new EventFilter(options, heard);
    if (options.events.includes("state")) emit(RED, node, stateNow(heard, config));
    gate.add(reader);
  });
  status.link(monitor.state);
  const stopListening = monitor.listen({ state: (state) => status.link(state) });
  node.on("close", () => {
    closed = true;
    clearTimeout(timer);
    gate.remove(reader);
    reader.leave(filter?.unsent); // the node that replaces this one sends held rings
    stopListening();
    leave?.();
    config.deregister(node);
  });
}

function stateNow({ now }: LineCounter, { label, timeZone }: FritzConfigNode): Message {
  return { topic: "state", payload: { box: label, ...now, at: isoAt(Date.now(), timeZone) } };
}

/** The open calls when the node starts. */
function countNow(monitor: CallMonitor, options: EventFilterOptions): LineCounter {
  const counter = new LineCounter();
  for (const call of monitor.openCalls) if (concerns(call, options.numbers)) counter.count(call);
  return counter;
}

/** Replays the lines of a message, in the time of the events themselves. */
function replayOnInput(RED: Runtime, node: Node, config: FritzConfigNode | null, options: EventFilterOptions): void {
  const box = config?.label ?? "";
  const replay = new Replay(box, config?.timeZone ?? "");
  const filter = new EventFilter(options);
  let removed = false;
  let timer: NodeJS.Timeout | undefined;
  /** Sends an event based on the message that contained it, also if it was held meanwhile. */
  const senders = new WeakMap<CallEvent, (announced: FilteredEvent) => void>();
  const sendAll = (announced: FilteredEvent[]) => {
    for (const one of announced) senders.get(one.event)?.(one);
  };
  const flush = () => guarded(RED, node, () => sendAll(filter.due(Infinity)));

  const run = async (msg: Message, send: Send) => {
    const { payload, ...others } = msg;
    const lines = replayInput(payload);
    if (lines.length === 0) throw new FritzError("replay-input");
    clearTimeout(timer);
    const failures: { line: number; failure: LineFailure }[] = [];
    const pace = pacer();
    for (const recorded of lines) {
      if (removed) return;
      const { ended, event: own, failure, line } = replay.next(recorded);
      for (const event of own ? [...ended, own] : []) {
        senders.set(event, (announced) => {
          for (const message of messagesOf(announced, RED.util.cloneMessage(others), config, options)) send(message);
        });
        sendAll(filter.take(event, Date.parse(event.at)));
      }
      if (failure) failures.push({ line, failure });
      await pace();
    }
    timer = setTimeout(flush, options.settleMs);
    if (failures.length > 0) throw replayError(lines.length, failures);
  };
  onInput(RED, node, (msg, send) => serialize(node, () => run(msg, send)));
  node.on("close", (forGood: boolean, done: () => void) => {
    removed = forGood; // else the rest is sent by the node that replaces this one
    clearTimeout(timer);
    flush();
    done();
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
