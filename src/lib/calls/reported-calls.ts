/** What was reported to flows of a box's calls: kept over restarts, to be compared with the box's call list. */
import { MINUTE_MS } from "../core/clock";
import type { CallEvent } from "./types";
import { propertiesOf } from "../core/unknown";

/**
 * `open`: begun, and no end was reported. `held`: an end that was estimated, or whose beginning is unknown, waits for the list.
 * `ended`: its end was reported.
 */
export type ReportState = "open" | "held" | "ended";

/** One call, as far as it was reported. Plain JSON. */
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
  /** The beginning is unknown: direction, numbers and `beganMin` may be guesses. */
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
  /** How many calls were reported, and how many of them before the last gap. */
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

/** The same while events come: noting one takes no longer with many calls than with few. */
export class ReportedCalls {
  /** By their ids, those noted last at the end. */
  private calls = new Map<string, ReportedCall>();
  private others: Omit<CallMemory, "calls"> = {};
  /** Nothing was noted since the beginning, or since all was forgotten. */
  isBlank = true;

  constructor(memory?: CallMemory) {
    if (memory) this.memory = memory;
  }

  get memory(): CallMemory {
    return { ...this.others, calls: [...this.calls.values()] };
  }

  set memory({ calls, ...others }: CallMemory) {
    this.calls = new Map(calls.map((call) => [call.callId, call]));
    this.others = others;
    this.isBlank = false;
  }

  forget(): void {
    this.memory = NO_MEMORY;
    this.isBlank = true;
  }

  /** Notes an event that is reported now, or held if `held`; returns what is known of its call. */
  noteEvent(event: CallEvent, held = false): ReportedCall {
    const before = this.calls.get(event.callId) ?? { order: (this.others.count ?? 0) + 1 };
    const call = toReported(event, before, held);
    this.noteCall(call);
    return call;
  }

  /** Notes a call, as the youngest, in place of what was noted of it. */
  noteCall(call: ReportedCall): void {
    this.isBlank = false;
    this.calls.delete(call.callId);
    this.calls.set(call.callId, call);
    if (this.calls.size > MOST_REPORTED) this.makeRoom();
    this.others.count = Math.max(this.others.count ?? 0, call.order ?? 0);
  }

  /** Takes one call out: the oldest that has ended, if there is one. */
  private makeRoom(): void {
    const [oldest] = this.calls.keys();
    for (const { callId, state } of this.calls.values()) {
      if (state === "ended") return void this.calls.delete(callId);
    }
    if (oldest !== undefined) this.calls.delete(oldest);
  }
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
  const state: ReportState = !ended ? "open" : held ? "held" : "ended";
  const known = ended && !estimated && durationSeconds !== undefined;
  const reported: ReportedCall = {
    callId,
    state,
    incoming,
    remote: (incoming ? caller : called).number,
    own: (incoming ? called : caller).number,
    beganMin: before.beganMin ?? minute - Math.ceil((durationSeconds ?? 0) / 60),
  };
  if (before.order !== undefined) reported.order = before.order;
  if (before.listId !== undefined) reported.listId = before.listId;
  if (ended) reported.endedMin = minute;
  if (known) reported.talked = durationSeconds;
  if (extension !== undefined) reported.port = extension;
  if (partial) reported.partial = partial;
  return reported;
}

/** What a store holds; anything that is no call is left out. */
export function readMemory(stored: unknown): CallMemory {
  const { bookmark, calls: kept, count, beforeGap } = propertiesOf(stored);
  const calls = Array.isArray(kept) ? kept.flatMap(readCall).slice(-MOST_REPORTED) : [];
  const order = { ...(isNumber(count) && { count }), ...(isNumber(beforeGap) && { beforeGap }) };
  const { through, minute, awaited } = propertiesOf(bookmark);
  if (!isNumber(through) || !isNumber(minute) || !Array.isArray(awaited)) return { calls, ...order };
  return { bookmark: { through, minute, awaited: awaited.filter(isNumber) }, calls, ...order };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === "string";

const STATES: readonly ReportState[] = ["open", "held", "ended"];

/** A stored call, or none; `told` is the former name of `ended`. */
export function readCall(value: unknown): ReportedCall[] {
  const { callId, state: kept, incoming, remote, own, beganMin } = propertiesOf(value);
  const state = kept === "told" ? "ended" : STATES.find((one) => one === kept);
  const isCall = [callId, remote, own].every(isText) && typeof incoming === "boolean" && isNumber(beganMin);
  return isCall && state !== undefined ? [{ ...(value as ReportedCall), state }] : [];
}
