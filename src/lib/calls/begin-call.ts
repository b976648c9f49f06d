/** The state of a call at its first lines. */
import { sameNumber } from "../numbers/index";
import type { BoxTime, ReadBoxTime } from "./box-time";
import type { ConnectLine, RingLine, DialLine } from "./monitor-line";
import { type TrackerState, type OpenCall, toParty, type EventContext } from "./open-call";
import type { CallEvent } from "./types";

export interface TrackerContext extends EventContext {
  readTime: ReadBoxTime;
  /** A new unique call id. */
  newId: () => string;
  /** When the line arrived (ms); absent in a replay. */
  arrivedMs?: number;
}

/** The result of a line: the missed ends of earlier calls, then the line's own event. */
export interface Tracked {
  state: TrackerState;
  ended: CallEvent[];
  event: CallEvent;
}

/**
 * A CONNECT without RING or CALL. If another call rings at this number, it is the caller's leg of an internal
 * call; else the direction is unknown and set to "incoming".
 */
export function guess(line: ConnectLine, state: TrackerState): Partial<OpenCall> {
  for (const other of state.values()) {
    const inHouse =
      other.direction === "incoming" && line.remote !== "" && sameNumber(other.called.number, line.remote);
    if (inHouse) return { direction: "outgoing", caller: other.caller, called: toParty(line.remote, "unavailable") };
  }
  return { caller: toParty(line.remote, "restricted") };
}

/** A call whose beginning was missed. */
export function joined(what: Partial<OpenCall>, time: BoxTime, context: TrackerContext): OpenCall {
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

/** A call at its RING or CALL. */
export function begin(line: RingLine | DialLine, time: BoxTime, context: TrackerContext): OpenCall {
  const call: OpenCall = {
    callId: context.newId(),
    direction: line.event === "ring" ? "incoming" : "outgoing",
    caller: toParty(line.caller, line.event === "ring" ? "restricted" : "unavailable"),
    called: toParty(line.called, "unavailable"),
    startedMs: time.ms,
    arrivedMs: context.arrivedMs,
    connected: false,
    machine: false,
  };
  if (line.line !== undefined) call.line = line.line;
  return line.event === "call" ? withTelephone(call, line) : call;
}

/** Adds the telephone of a line to the call. */
export function withTelephone(
  call: OpenCall,
  { extension, device }: { extension?: number; device?: string },
): OpenCall {
  if (extension !== undefined) call.extension = extension;
  if (device !== undefined) call.device = device;
  return call;
}
