/** What flows were told of a box's calls: kept over restarts, to be compared with the box's call list. */
import { MINUTE_MS } from "../core/clock";
import type { CallEvent } from "./types";
import { propertiesOf } from "../core/unknown";

/**
 * `open`: begun, and no end was told. `held`: an end that was estimated, or whose beginning was not heard, waits for the list.
 * `told`: has its end.
 */
export type ReportState = "open" | "held" | "told";

/** One call, as far as it was told. Plain JSON. */
export interface ReportedCall {
  callId: string;
  state: ReportState;
  incoming: boolean;
  /** The other side's number and the own one, as the box wrote them; "" = withheld or not known. */
  remote: string;
  own: string;
  /** By the wall clock of the box, minutes since 1970: no time zone is needed, both sides are read from the same clock. */
  beganMin: number;
  endedMin?: number;
  /** Seconds of talk; absent if not known. */
  talked?: number;
  port?: number;
  /** The beginning was not heard: direction, numbers and `beganMin` may be guesses. */
  partial?: true;
  /** The how manieth call it is; and the entry of the list that it was found to be. */
  order?: number;
  listId?: number;
}

/** How far the list was read: all entries up to the id `through` are done with, but for those `awaited`. */
export interface Bookmark {
  through: number;
  /** When the newest of them began, see `wallMinute`. */
  minute: number;
  /** Calls that were running, and ids that were not in the list yet. */
  awaited: number[];
}

/** Plain JSON; without a bookmark the list was never read. */
export interface CallMemory {
  bookmark?: Bookmark;
  calls: ReportedCall[];
  /** How many calls were told, and how many of them before the last gap. */
  count?: number;
  beforeGap?: number;
}

export const NO_MEMORY: CallMemory = { calls: [] };

/** More calls than a box keeps (about 400): what is older can be in no list. */
const MOST_REPORTED = 500;

/** "2026-11-24T14:19:05+01:00" -> minutes of the wall clock since 1970. */
export function wallMinute(at: string): number {
  return Math.floor(Date.parse(`${at.slice(0, 19)}Z`) / MINUTE_MS);
}

/** Notes an event that is told now, or held if `held`. */
export function noteEvent(memory: CallMemory, event: CallEvent, held = false): CallMemory {
  const place = placeOf(memory.calls, event.callId);
  const before = memory.calls[place] ?? { order: (memory.count ?? 0) + 1 };
  return noteCall(memory, toReported(event, before, held), place);
}

/** Notes a call, as the youngest, in place of what was noted of it. */
export function noteCall(
  memory: CallMemory,
  call: ReportedCall,
  place = placeOf(memory.calls, call.callId),
): CallMemory {
  const calls = memory.calls.slice();
  if (place >= 0) calls.splice(place, 1);
  calls.push(call);
  if (calls.length > MOST_REPORTED) makeRoom(calls);
  // Property by property: with each event, and a literal with a spread and more costs several times as much.
  const noted: CallMemory = { calls, count: Math.max(memory.count ?? 0, call.order ?? 0) };
  if (memory.bookmark) noted.bookmark = memory.bookmark;
  if (memory.beforeGap !== undefined) noted.beforeGap = memory.beforeGap;
  return noted;
}

/** -1 if it is not there. Nothing is noted of a call that was told to its end: the box's next call has an id of its own. */
function placeOf(calls: readonly ReportedCall[], callId: string): number {
  for (let place = calls.length - 1; place >= 0; place--) {
    const call = calls[place];
    if (call && call.state !== "told" && call.callId === callId) return place;
  }
  return -1;
}

/** The memory without a call that was no call of its own. */
export const forgetCall = (memory: CallMemory, callId: string): CallMemory => ({
  ...memory,
  calls: memory.calls.filter((call) => call.callId !== callId),
});

/** Notes that from here on lines may have been missed. */
export const noteGap = (memory: CallMemory): CallMemory => ({ ...memory, beforeGap: memory.count ?? 0 });

function toReported(event: CallEvent, before: Partial<ReportedCall>, held: boolean): ReportedCall {
  const { callId, direction, caller, called, at, extension, durationSeconds, partial, estimated } = event;
  const incoming = direction === "incoming";
  const minute = wallMinute(at);
  const ended = event.event === "disconnect";
  const state: ReportState = !ended ? "open" : held ? "held" : "told";
  const known = ended && !estimated && durationSeconds !== undefined;
  const told: ReportedCall = {
    callId,
    state,
    incoming,
    remote: (incoming ? caller : called).number,
    own: (incoming ? called : caller).number,
    beganMin: before.beganMin ?? minute - Math.ceil((durationSeconds ?? 0) / 60),
  };
  if (before.order !== undefined) told.order = before.order;
  if (before.listId !== undefined) told.listId = before.listId;
  if (ended) told.endedMin = minute;
  if (known) told.talked = durationSeconds;
  if (extension !== undefined) told.port = extension;
  if (partial) told.partial = partial;
  return told;
}

/** Takes one call out: the oldest that has ended, if there is one. */
function makeRoom(calls: ReportedCall[]): void {
  calls.splice(
    Math.max(
      0,
      calls.findIndex(({ state }) => state === "told"),
    ),
    1,
  );
}

/** What a store holds; anything that is no call is left out. */
export function readMemory(stored: unknown): CallMemory {
  const { bookmark, calls: kept, count, beforeGap } = propertiesOf(stored);
  const calls = Array.isArray(kept) ? kept.filter(isReportedCall).slice(-MOST_REPORTED) : [];
  const order = { ...(isNumber(count) && { count }), ...(isNumber(beforeGap) && { beforeGap }) };
  const { through, minute, awaited } = propertiesOf(bookmark);
  if (!isNumber(through) || !isNumber(minute) || !Array.isArray(awaited)) return { calls, ...order };
  return { bookmark: { through, minute, awaited: awaited.filter(isNumber) }, calls, ...order };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string";

/** Whether a stored value is one. */
export function isReportedCall(value: unknown): value is ReportedCall {
  const { callId, state, incoming, remote, own, beganMin } = propertiesOf(value);
  return (
    [callId, remote, own].every(isText) &&
    ["open", "held", "told"].includes(String(state)) &&
    typeof incoming === "boolean" &&
    isNumber(beganMin)
  );
}
