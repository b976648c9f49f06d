/**
 * Compares what was reported of a box's calls with the box's call list. Pure.
 *
 * The list has no seconds, counts talk in minutes rounded up, and shows running calls with their final id. Both sides carry the
 * clock of the box, so they are compared by its wall clock.
 */
import { defined } from "../core/defined";
import type { Call } from "./types";
import { assign, type Entry, toEntry } from "./match-calls";
import { type Bookmark, type CallMemory, type ReportedCall, wallMinute } from "./reported-calls";

/** How far back missed calls are reported. */
export interface RecoverLimits {
  /** The oldest minute, see `wallMinute`. */
  sinceMin: number;
  /** The most calls of one comparison; the youngest count. */
  most: number;
}

/** A call of the list whose end was not reported; `reported`: what was. */
export interface Missed {
  call: Call;
  reported?: ReportedCall;
}

export interface Comparison {
  /** Oldest first. */
  missed: Missed[];
  /** Calls that have ended by the list, though their end was not heard and nothing else says so. */
  over: Missed[];
  /** The ids of calls without an end that the list shows as running. */
  running: string[];
  /** How many were too old or too many to be reported. */
  skipped: number;
  memory: CallMemory;
}

/** A call that is listed as running for longer is not waited for. */
const LONGEST_CALL_MIN = 24 * 60;
/** So many ids below the newest are waited for if they are not in the list yet. */
const MOST_HOLES = 20;

/** `list` in any order; `memory` is left as it was. */
export function compareCallList(memory: CallMemory, list: readonly Call[], limits: RecoverLimits): Comparison {
  const entries = list
    .map(toEntry)
    .filter(({ id }) => Number.isInteger(id) && id >= 0)
    .sort((a, b) => a.id - b.id);
  const isNew = newEntries(memory.bookmark, entries);
  const isFirst = memory.bookmark === undefined;
  // On the first reading what is listed was before our time, but for the calls that have no end yet.
  const reported = assign(entries, memory, (entry, { state }) => (isFirst ? state !== "ended" : isNew(entry)));

  const missed: Missed[] = [];
  const over: Missed[] = [];
  const running: string[] = [];
  for (const entry of entries) {
    const mine = reported.get(entry.id);
    if (entry.running) {
      if (mine?.state === "open") running.push(mine.callId);
    } else if (mine?.state === "open") over.push({ call: entry.call, reported: mine });
    else if (mine?.state === "held") missed.push({ call: entry.call, reported: mine });
    else if (!mine && isNew(entry)) missed.push({ call: entry.call });
  }
  const finished = new Set(entries.filter(({ running }) => !running).map(({ id }) => reported.get(id)?.callId));
  const found = new Map([...reported].map(([id, { callId }]) => [callId, id]));
  const calls = memory.calls
    .filter(({ callId, state }) => state !== "ended" || !finished.has(callId))
    .map((call) => ({ ...call, ...defined({ listId: found.get(call.callId) ?? call.listId }) }));
  const bookmark = nextBookmark(memory.bookmark, entries, over);
  return { ...withinLimits(missed, limits), over, running, memory: { ...memory, bookmark, calls } };
}

/** The memory once these calls are reported: their entries are done with, and are no other call's. */
export function settleMissed({ bookmark, calls, ...order }: CallMemory, reported: readonly Missed[]): CallMemory {
  const ids = new Set(reported.map(({ call }) => Number(call.id)));
  const ended = new Set(reported.map((one) => one.reported?.callId));
  const awaited = bookmark?.awaited.filter((id) => !ids.has(id)) ?? [];
  return {
    ...order,
    ...(bookmark && { bookmark: { ...bookmark, awaited } }),
    calls: calls.filter(({ callId }) => !ended.has(callId)),
  };
}

/** Whether an entry may be of a call that was missed. On the first reading none is. */
function newEntries(bookmark: Bookmark | undefined, entries: readonly Entry[]): (entry: Entry) => boolean {
  if (!bookmark) return () => false;
  const { through, minute, awaited } = bookmark;
  const newest = entries.at(-1)?.id ?? through;
  // The list was cleared and counts anew, or its newest calls were deleted by hand.
  if (newest < through) return (entry) => entry.minute > minute;
  return ({ id }) => id > through || awaited.includes(id);
}

function withinLimits(missed: Missed[], { sinceMin, most }: RecoverLimits): Pick<Comparison, "missed" | "skipped"> {
  const inTime = missed.filter(({ call, reported }) => reported || wallMinute(call.at) >= sinceMin);
  const tooMany = Math.max(0, inTime.length - most);
  // The end of a call that was begun is always reported.
  const wanted = inTime.filter(({ reported }, i) => reported || i >= tooMany);
  return { missed: wanted, skipped: missed.length - wanted.length };
}

/** It passes no running call: ids are given when calls begin, and a lower one may end later. */
function nextBookmark(before: Bookmark | undefined, entries: readonly Entry[], over: readonly Missed[]): Bookmark {
  const newest = entries.at(-1);
  if (!newest) return before ?? { through: -1, minute: 0, awaited: [] };
  const { id: through, minute } = newest;
  const isOver = new Set(over.map(({ call }) => call));
  const isRunning = (entry: Entry) => entry.running && minute - entry.minute < LONGEST_CALL_MIN;
  const awaited = entries.filter((entry) => isRunning(entry) || isOver.has(entry.call));
  return { through, minute, awaited: [...awaited.map(({ id }) => id), ...holes(before, entries, through)] };
}

function holes(before: Bookmark | undefined, entries: readonly Entry[], newest: number): number[] {
  if (!before || newest < before.through) return [];
  const there = new Set(entries.map(({ id }) => id));
  const from = Math.max(before.through + 1, newest - MOST_HOLES);
  const missing = Array.from({ length: Math.max(0, newest - from) }, (_, i) => from + i).filter((id) => !there.has(id));
  const still = before.awaited.filter((id) => !there.has(id) && id > newest - MOST_HOLES);
  return [...new Set([...still, ...missing])];
}
