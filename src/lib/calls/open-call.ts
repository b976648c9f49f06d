/** An open call, and the events made from it. */
import { presentationOf } from "../numbers/index";
import { lineStateOf } from "./line-state";
import type { CallEvent, CallEventName, LineCounts, Party } from "./types";

export interface OpenCall extends Pick<CallEvent, "callId" | "direction" | "caller" | "called" | "partial"> {
  line?: string;
  extension?: number;
  device?: string;
  /** By the box's clock, and by this computer's (undefined in a replay), ms since 1970. */
  startedMs: number;
  arrivedMs: number | undefined;
  connected: boolean;
  machine: boolean;
  ringSeconds?: number;
  /** The box seems to have restarted: the call ends then, by this computer's clock, unless something shows that it goes on. */
  doubtedUntilMs?: number;
}

/** Open calls by connection id. Treat it as opaque; start with `NO_CALLS`. */
export type TrackerState = ReadonlyMap<number, OpenCall>;
export const NO_CALLS: TrackerState = new Map();

/** Properties that all events of a box share. */
export interface EventContext {
  /** The box's name for the events. */
  box: string;
  replayed?: true;
}

/** How many of the calls are in which state. */
function countCalls(calls: TrackerState): LineCounts {
  const open: LineCounts = { ringing: 0, dialling: 0, talking: 0 };
  for (const call of calls.values()) {
    if (call.connected) open.talking++;
    else if (call.direction === "incoming") open.ringing++;
    else open.dialling++;
  }
  return open;
}

/** Properties of one event besides those of its call. */
export interface EventParts {
  event: CallEventName;
  connectionId: number;
  at: string;
  raw: string;
}

/** An event of a call; `calls`: the open calls after it. */
export function toEvent(parts: EventParts, call: OpenCall, calls: TrackerState, context: EventContext): CallEvent {
  const open = countCalls(calls);
  const event: CallEvent = {
    event: parts.event,
    callId: call.callId,
    connectionId: parts.connectionId,
    at: parts.at,
    direction: call.direction,
    caller: { ...call.caller },
    called: { ...call.called },
    box: context.box,
    raw: parts.raw,
    open,
    lineState: lineStateOf(open),
  };
  if (call.line !== undefined) event.line = call.line;
  if (call.extension !== undefined) event.extension = call.extension;
  if (call.device !== undefined) event.device = call.device;
  if (parts.event === "connect" && call.ringSeconds !== undefined) event.ringSeconds = call.ringSeconds;
  if (call.partial) event.partial = true;
  if (context.replayed) event.replayed = true;
  return event;
}

/** The end of a call whose DISCONNECT was missed: outcome `lost`, duration unknown. */
export function unheardEndEvent(
  connectionId: number,
  call: OpenCall,
  at: string,
  calls: TrackerState,
  context: EventContext,
): CallEvent {
  const event = toEvent({ event: "disconnect", connectionId, at, raw: "" }, call, calls, context);
  if (call.ringSeconds !== undefined) event.ringSeconds = call.ringSeconds;
  event.outcome = "lost";
  event.estimated = true;
  return event;
}

/** A party as the box wrote it. */
export function toParty(number: string, ifEmpty: "restricted" | "unavailable"): Party {
  if (number === "") return { number, presentation: ifEmpty };
  const presentation = presentationOf(number);
  return { number: presentation === "allowed" ? number : "", presentation };
}

/** Whole seconds from one instant to another, never negative. */
export function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) / 1000));
}

// Open calls after a suspected restart of the box: they may be over, or go on. Pure.

/** All calls end at `untilMs` unless a line or the call list shows that they go on. */
export function doubtCalls(state: TrackerState, untilMs: number): TrackerState {
  return new Map([...state].map(([id, call]) => [id, { ...call, doubtedUntilMs: untilMs }]));
}

/** Moves the end of those calls that are in doubt to `untilMs`; `which`: their call ids, default all. */
export function extendDoubt(state: TrackerState, untilMs: number, which?: ReadonlySet<string>): TrackerState {
  const extended = [...state].map(([id, call]): [number, typeof call] => {
    const isMeant = call.doubtedUntilMs !== undefined && (which?.has(call.callId) ?? true);
    return [id, isMeant ? { ...call, doubtedUntilMs: untilMs } : call];
  });
  return new Map(extended);
}
