/**
 * A pure reducer from parsed lines to call events. Each valid line gives exactly one event of its own, in
 * order; ends of calls whose DISCONNECT was missed come before it. The box reuses a connection id at once,
 * CONNECT and DISCONNECT carry few fields, and a connection may begin in the middle of a call or miss an end
 * (docs/protocol/call-monitor.md#connection-ids). So the tracker keeps a state for each id and ends it where
 * a line contradicts it.
 */
import type { CallEvent } from "./types";
import type { ConnectLine, DisconnectLine, MonitorLine } from "./monitor-line";
import type { BoxTime } from "./box-time";
import {
  type EventContext,
  type OpenCall,
  secondsBetween,
  toEvent,
  type TrackerState,
  unheardEndEvent,
} from "./open-call";
import { dueMs, type Sign, unheardEnd } from "./unheard-end";
import { type Tracked, type TrackerContext, begin, guess, joined, withTelephone } from "./begin-call";

export { NO_CALLS, type OpenCall, type TrackerState } from "./open-call";

/** Upper bound of ids, more than any box has, so that invalid input cannot fill the memory. */
const MOST_OPEN_CALLS = 256;
/** Of a barred call's lines; a new second may begin between them: docs/protocol/call-monitor.md#order-and-outcome. */
const AT_ONCE_MS = 500;

/** Applies the next line. Returns the new state and the events; `state` is not changed. */
export function trackLine(state: TrackerState, line: MonitorLine, context: TrackerContext): Tracked {
  const time = context.readTime(line.localTime, context.arrivedMs);
  const next = new Map(state);
  const ended: CallEvent[] = [];
  const id = line.connectionId;
  let known = next.get(id);
  if (known && unheardEnd(known, { line, boxMs: time.ms }) !== undefined) {
    next.delete(id);
    ended.push(unheardEndEvent(id, known, time.at, next, context));
    known = undefined;
  }
  const call = callOf(line, known, time, next, context);
  next.delete(id);
  if (line.event !== "disconnect") {
    makeRoom(next, time.at, context, ended);
    next.set(id, call); // at the end of the order, as the youngest
  }
  const { event: name, raw } = line;
  const event = toEvent({ event: name, connectionId: id, at: time.at, raw }, call, next, context);
  if (line.event === "disconnect") addEnding(event, line, call, time, context);
  return { state: next, ended, event };
}

/** Ends the calls to which a sign applies. `at`: ISO 8601, the time of the ends. */
export function endUnheard(
  state: TrackerState,
  sign: Exclude<Sign, { line: MonitorLine }>,
  at: string,
  context: EventContext,
): Omit<Tracked, "event"> {
  const next = new Map(state);
  const ended: CallEvent[] = [];
  for (const [id, call] of state) {
    if (unheardEnd(call, sign) === undefined) continue;
    next.delete(id);
    ended.push(unheardEndEvent(id, call, at, next, context));
  }
  return { state: ended.length > 0 ? next : state, ended };
}

/** When the first time limit of an open call is reached, ms since 1970 by this computer's clock. */
export function nextDueMs(state: TrackerState): number {
  let next = Infinity;
  for (const call of state.values()) next = Math.min(next, dueMs(call));
  return next;
}

function makeRoom(calls: Map<number, OpenCall>, at: string, context: EventContext, ended: CallEvent[]): void {
  if (calls.size < MOST_OPEN_CALLS) return;
  for (const [id, call] of calls) {
    calls.delete(id);
    ended.push(unheardEndEvent(id, call, at, calls, context));
    return;
  }
}

function callOf(
  line: MonitorLine,
  known: OpenCall | undefined,
  time: BoxTime,
  state: TrackerState,
  context: TrackerContext,
): OpenCall {
  switch (line.event) {
    case "ring":
    case "call":
      return known ?? begin(line, time, context); // a known one is rung again
    case "connect":
      return answer(line, known, time, state, context);
    case "disconnect":
      return known ?? joined({}, time, context);
  }
}

function answer(
  line: ConnectLine,
  known: OpenCall | undefined,
  time: BoxTime,
  state: TrackerState,
  context: TrackerContext,
): OpenCall {
  const call = known ?? joined(guess(line, state), time, context);
  const { callId, direction, caller, called, startedMs, arrivedMs, partial, ringSeconds } = call;
  const machine = line.machine === true;
  const answered: OpenCall = { callId, direction, caller, called, startedMs, arrivedMs, connected: true, machine };
  if (partial) answered.partial = true;
  if (call.line !== undefined) answered.line = call.line;
  if (!partial && !call.connected) answered.ringSeconds = secondsBetween(startedMs, time.ms);
  else if (ringSeconds !== undefined) answered.ringSeconds = ringSeconds;
  return withTelephone(withTelephone(answered, call), line);
}

function addEnding(
  event: CallEvent,
  line: DisconnectLine,
  call: OpenCall,
  time: BoxTime,
  context: TrackerContext,
): void {
  const outcome = outcomeOf(line, call, time, context);
  const ringSeconds = call.connected || call.partial ? call.ringSeconds : secondsBetween(call.startedMs, time.ms);
  event.durationSeconds = line.durationSeconds;
  if (ringSeconds !== undefined) event.ringSeconds = ringSeconds;
  if (outcome !== undefined) event.outcome = outcome;
}

/** Depends on whether there was a CONNECT: a call shorter than a second has the duration 0, too. */
function outcomeOf(line: DisconnectLine, call: OpenCall, time: BoxTime, context: TrackerContext): CallEvent["outcome"] {
  if (call.machine) return "machine";
  if (call.connected || line.durationSeconds > 0) return "answered";
  if (call.partial) return undefined;
  if (call.direction === "outgoing") return "unreached";
  const seconds = (time.ms - call.startedMs) / 1000;
  if (seconds === 0) return "rejected";
  const { arrivedMs = Infinity } = context;
  return seconds === 1 && arrivedMs - (call.arrivedMs ?? -Infinity) < AT_ONCE_MS ? "rejected" : "missed";
}
