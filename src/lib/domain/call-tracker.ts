/**
 * L1 domain: lines without memory -> events of calls. A pure reducer: one understood line gives exactly one event, in order.
 *
 * The box hands its small connection ids to the next call at once, CONNECT and DISCONNECT say little, and a listener may
 * join in the middle or miss an end. So the tracker keeps what each id is busy with and doubts it where the lines disagree.
 */
import type { CallEvent, Party } from "../model/call-event";
import type { ConnectLine, DialLine, DisconnectLine, MonitorLine, RingLine } from "../model/monitor-line";
import { presentationOf } from "../model/number-text";
import type { BoxTime, ReadBoxTime } from "./box-time";
import { sameNumber } from "./same-number";

/** A call in progress, as far as it was heard. */
interface OpenCall extends Pick<CallEvent, "callId" | "direction" | "caller" | "called" | "partial"> {
  line?: string;
  extension?: number;
  device?: string;
  startedMs: number;
  arrivedMs: number | undefined;
  connected: boolean;
  machine: boolean;
  ringSeconds?: number;
}

/** Calls in progress by connection id. Treat it as opaque; start with `NO_CALLS`. */
export type TrackerState = ReadonlyMap<number, OpenCall>;
export const NO_CALLS: TrackerState = new Map();

export interface TrackerContext {
  /** The box's name for the events. */
  box: string;
  readTime: ReadBoxTime;
  /** A new unique call id. */
  newId: () => string;
  /** When the line arrived (ms); absent in a replay. */
  arrivedMs?: number;
  replayed?: true;
}

/** The longest that a network lets ring, seconds. The same line within it is the same call again. */
const RING_LIMIT_S = 180;
/** A call that nobody answered for so long, or that talked so much longer than the box says, ended unheard, seconds. */
const DEAD_AFTER_S = 600;
const TALK_TOLERANCE_S = 3_700; // the hour of summer time, and some
/** More ids than any box has: a bound, so that garbage cannot fill the memory. */
const MOST_OPEN_CALLS = 256;
/** RING and DISCONNECT of a barred call arrive 3 ms apart; the second may still turn between the two. */
const AT_ONCE_MS = 500;

/** Takes the next line. Returns the new state and the line's event; `state` itself is left as it was. */
export function trackLine(
  state: TrackerState,
  line: MonitorLine,
  context: TrackerContext,
): { state: TrackerState; event: CallEvent } {
  const time = context.readTime(line.localTime, context.arrivedMs);
  const next = new Map(state);
  const known = state.get(line.connectionId);
  switch (line.event) {
    case "ring":
    case "call": {
      const call = begin(line, known, time, context);
      remember(next, line.connectionId, call);
      return { state: next, event: toEvent(line, call, time, context) };
    }
    case "connect": {
      const call = answer(line, known, time, state, context);
      remember(next, line.connectionId, call);
      return { state: next, event: toEvent(line, call, time, context) };
    }
    case "disconnect": {
      next.delete(line.connectionId);
      const call = known && !endedUnheard(known, line, time) ? known : joined({}, time, context);
      return { state: next, event: { ...toEvent(line, call, time, context), ...ending(line, call, time, context) } };
    }
  }
}

function remember(calls: Map<number, OpenCall>, id: number, call: OpenCall): void {
  calls.delete(id); // to the end of the order, as the youngest
  calls.set(id, call);
  const oldest = calls.keys().next();
  if (calls.size > MOST_OPEN_CALLS && !oldest.done) calls.delete(oldest.value);
}

function begin(
  line: RingLine | DialLine,
  known: OpenCall | undefined,
  time: BoxTime,
  context: TrackerContext,
): OpenCall {
  const call: OpenCall = {
    callId: context.newId(),
    direction: line.event === "ring" ? "incoming" : "outgoing",
    caller: toParty(line.caller, line.event === "ring" ? "restricted" : "unavailable"),
    called: toParty(line.called, "unavailable"),
    ...(line.line !== undefined && { line: line.line }),
    ...(line.event === "call" && telephone(line)),
    startedMs: time.ms,
    arrivedMs: context.arrivedMs,
    connected: false,
    machine: false,
  };
  return known && isRepetition(known, call) ? known : call;
}

function isRepetition(known: OpenCall, call: OpenCall): boolean {
  const seconds = (call.startedMs - known.startedMs) / 1000;
  return (
    !known.connected &&
    known.direction === call.direction &&
    known.caller.number === call.caller.number &&
    known.called.number === call.called.number &&
    seconds >= 0 &&
    seconds <= RING_LIMIT_S
  );
}

function answer(
  line: ConnectLine,
  known: OpenCall | undefined,
  time: BoxTime,
  state: TrackerState,
  context: TrackerContext,
): OpenCall {
  const call = known && fits(known, line, time) ? known : joined(guess(line, state), time, context);
  return {
    ...call,
    ...telephone(line),
    machine: line.machine === true,
    connected: true,
    ...(!call.partial && !call.connected && { ringSeconds: secondsBetween(call.startedMs, time.ms) }),
  };
}

/** Whether a CONNECT belongs to what its id was busy with: if its number is another one, the end of that call was lost. */
function fits(known: OpenCall, line: ConnectLine, time: BoxTime): boolean {
  if (!known.connected && time.ms - known.startedMs > DEAD_AFTER_S * 1000) return false;
  const remote = known.direction === "incoming" ? known.caller : known.called;
  const { number } = toParty(line.remote, "restricted");
  return number === "" || sameNumber(remote.number, number);
}

/** Whether a DISCONNECT is not the end of what its id was busy with, but of a later call that was not heard. */
function endedUnheard(known: OpenCall, line: DisconnectLine, time: BoxTime): boolean {
  const seconds = (time.ms - known.startedMs) / 1000;
  if (!known.connected) return seconds > DEAD_AFTER_S;
  return seconds - (known.ringSeconds ?? 0) - line.durationSeconds > TALK_TOLERANCE_S;
}

/**
 * A CONNECT whose beginning was not heard. If its number is the one that another call is ringing at, this is the caller's
 * leg of a call inside the house; else the direction is not known and "incoming" the guess.
 */
function guess(line: ConnectLine, state: TrackerState): Partial<OpenCall> {
  for (const other of state.values()) {
    const inHouse =
      other.direction === "incoming" && line.remote !== "" && sameNumber(other.called.number, line.remote);
    if (inHouse) return { direction: "outgoing", caller: other.caller, called: toParty(line.remote, "unavailable") };
  }
  return { caller: toParty(line.remote, "restricted") };
}

function joined(what: Partial<OpenCall>, time: BoxTime, context: TrackerContext): OpenCall {
  return {
    callId: context.newId(),
    direction: "incoming",
    caller: toParty("", "unavailable"),
    called: toParty("", "unavailable"),
    startedMs: time.ms,
    arrivedMs: context.arrivedMs,
    connected: false,
    machine: false,
    partial: true,
    ...what,
  };
}

function ending(line: DisconnectLine, call: OpenCall, time: BoxTime, context: TrackerContext): Partial<CallEvent> {
  const outcome = outcomeOf(line, call, time, context);
  const ringSeconds = call.connected || call.partial ? call.ringSeconds : secondsBetween(call.startedMs, time.ms);
  return {
    durationSeconds: line.durationSeconds,
    ...(ringSeconds !== undefined && { ringSeconds }),
    ...(outcome !== undefined && { outcome }),
  };
}

/** Decided by whether there was a CONNECT: a talk of less than a second has the duration 0, too. */
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

function toEvent(line: MonitorLine, call: OpenCall, time: BoxTime, context: TrackerContext): CallEvent {
  return {
    event: line.event,
    callId: call.callId,
    connectionId: line.connectionId,
    at: time.at,
    direction: call.direction,
    caller: { ...call.caller },
    called: { ...call.called },
    ...(call.line !== undefined && { line: call.line }),
    ...telephone(call),
    ...(line.event === "connect" && call.ringSeconds !== undefined && { ringSeconds: call.ringSeconds }),
    ...(call.partial && { partial: true }),
    box: context.box,
    raw: line.raw,
    ...(context.replayed && { replayed: true }),
  };
}

function toParty(number: string, ifEmpty: "restricted" | "unavailable"): Party {
  if (number === "") return { number, presentation: ifEmpty };
  const presentation = presentationOf(number);
  return { number: presentation === "allowed" ? number : "", presentation };
}

function telephone(from: { extension?: number; device?: string }): Pick<OpenCall, "extension" | "device"> {
  return {
    ...(from.extension !== undefined && { extension: from.extension }),
    ...(from.device !== undefined && { device: from.device }),
  };
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) / 1000));
}
