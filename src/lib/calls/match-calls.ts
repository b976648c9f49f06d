/** Finds which entry of a box's call list is which call that flows were told of. Pure. */
import type { Call } from "./types";
import { sameNumber } from "../numbers/index";
import { type CallMemory, type ReportedCall, wallMinute } from "./reported-calls";

/** An entry of the list, with what is compared. */
export interface Entry {
  call: Call;
  id: number;
  minute: number;
  incoming: boolean;
  running: boolean;
  remote: string;
  own: string;
}

/** A dialled call may wait in a queue for so long before it is connected, minutes. */
const LONGEST_WAIT_MIN = 61;

/** What is compared of an entry. */
export function toEntry(call: Call): Entry {
  const { kind } = call;
  const incoming = kind !== "outgoing" && kind !== "active-outgoing";
  return {
    ...{ call, incoming, id: call.id === "" ? NaN : Number(call.id), minute: wallMinute(call.at) },
    running: kind === "active" || kind === "active-outgoing",
    remote: (incoming ? call.caller : call.called).number,
    own: (incoming ? call.called : call.caller).number,
  };
}

type Fits = (entry: Entry, told: ReportedCall) => boolean;

/** The surest of all: a call whose end was told has its length, and what it leaves may be any other's. */
const KNOWN_PASSES: readonly Fits[] = [
  (entry, told) => isKnown(told) && isExact(entry, told) && isAsReported(entry, told),
  // The list is late.
  (entry, told) => isKnown(told) && isExact(entry, told) && entry.running,
];

/** The surest first: each takes the pairs that it finds, the rest is left to the next one. Times are compared before numbers: that is cheap. */
const PASSES: readonly Fits[] = [
  (entry, told) => isExact(entry, told) && isAsReported(entry, told),
  // Its end was told, and the list is late.
  (entry, told) => isExact(entry, told) && entry.running && told.state === "told",
  (entry, told) => isExact(entry, told),
  (entry, told) => apart(entry, told) <= 1 && isSame(entry, told) && isAsReported(entry, told),
  (entry, told) => apart(entry, told) <= 1 && isSame(entry, told),
  // A box that notes another moment of the call than its beginning.
  (entry, told) =>
    entry.minute >= told.beganMin - 1 && entry.minute <= (told.endedMin ?? told.beganMin) + 1 && isSame(entry, told),
  (entry, told) => told.remote !== "" && fitsPartial(entry, told) && isAsLong(entry, told),
  // Its length is not known, and another telephone has taken it over.
  (entry, told) => told.remote !== "" && told.talked === undefined && fitsPartial(entry, told),
  (entry, told) => fitsPartial(entry, told) && isAsLong(entry, told),
  // The line of an end may have been of a later call with the same id.
  (entry, told) => told.remote !== "" && fitsPartial(entry, told),
];
/** From this pass on calls are assigned whose beginning was not heard. */
const PARTIAL_PASS = PASSES.length - 4;

/** Each call to at most one entry; `mayBe` says which pairs are possible at all. By the entries' ids. */
export function assign(
  entries: readonly Entry[],
  { calls, beforeGap }: Pick<CallMemory, "calls" | "beforeGap">,
  mayBe: Fits,
): Map<number, ReportedCall> {
  const told = new Map<number, ReportedCall>();
  const free = new Set(calls);
  const take: Fits = (entry, call) => {
    if (told.has(entry.id) || !free.has(call) || !mayBe(entry, call)) return false;
    told.set(entry.id, call);
    return free.delete(call);
  };
  const assignFree = (some: readonly Entry[], fits: Fits) => {
    for (const entry of some) {
      if (told.has(entry.id)) continue;
      for (const call of free) if (fits(entry, call) && take(entry, call)) break;
    }
  };
  for (const fits of KNOWN_PASSES) assignFree(entries, fits);
  assignAgain(entries, calls, (entry, call) => isAsEnded(entry, call) && take(entry, call));
  if (beforeGap !== undefined) assignByOrder(entries, calls, beforeGap, take);
  // Of what fits a call whose beginning was not heard the youngest is the likeliest.
  for (const [pass, fits] of PASSES.entries()) assignFree(pass >= PARTIAL_PASS ? entries.toReversed() : entries, fits);
  // Another length may be the better guess, but none is left for it.
  assignAgain(entries, calls, take);
  return told;
}

/** Calls stay the entries that they were found to be. The list may have been cleared meanwhile. */
function assignAgain(entries: readonly Entry[], calls: readonly ReportedCall[], take: Fits): void {
  for (const told of calls) {
    const entry = entries.find(({ id }) => id === told.listId);
    if (entry && apart(entry, told) <= 1 && isSame(entry, told)) take(entry, told);
  }
}

/**
 * Calls of one number in one minute. What was not heard fell into the gap: the calls that began before it have the lowest ids, and
 * those that began after it the highest.
 */
function assignByOrder(entries: readonly Entry[], calls: readonly ReportedCall[], beforeGap: number, take: Fits): void {
  const ordered = calls.filter(({ order, partial }) => order !== undefined && !partial).sort(byOrder);
  const early = ordered.filter(({ order = 0 }) => order <= beforeGap);
  const late = ordered.filter(({ order = 0 }) => order > beforeGap).reverse();
  const fits: Fits = (entry, told) => isExact(entry, told) && isAsEnded(entry, told);
  for (const told of early) entries.some((entry) => fits(entry, told) && take(entry, told));
  for (const told of late) entries.findLast((entry) => fits(entry, told) && take(entry, told));
}

/** An open call may have ended by now. */
const isAsEnded: Fits = (entry, told) => told.state === "open" || isAsReported(entry, told);

const isKnown = ({ state, talked }: ReportedCall) => state === "told" && talked !== undefined;

const byOrder = (a: ReportedCall, b: ReportedCall) => (a.order ?? 0) - (b.order ?? 0);

const apart = (entry: Entry, told: ReportedCall) => Math.abs(entry.minute - told.beganMin);

const isExact: Fits = (entry, told) => apart(entry, told) === 0 && isSame(entry, told);

function isSame(entry: Entry, told: ReportedCall): boolean {
  if (told.partial || entry.incoming !== told.incoming) return false;
  const ownFits = entry.own === "" || told.own === "" || sameNumber(entry.own, told.own);
  return ownFits && sameNumber(entry.remote, told.remote);
}

/** Whether the list says of the end what was told: of calls of one number within a minute. */
function isAsReported({ call, running }: Entry, told: ReportedCall): boolean {
  if (told.state === "open") return running;
  if (running) return false;
  return told.talked === undefined || minutesOf(told.talked) === call.durationSeconds / 60;
}

const minutesOf = (seconds: number) => Math.ceil(seconds / 60);

/** A call whose beginning was not heard: by its number if a CONNECT told it, and when it can have begun. */
function fitsPartial(entry: Entry, told: ReportedCall): boolean {
  if (!told.partial || (told.state !== "open" && entry.running)) return false;
  const before = told.beganMin - entry.minute;
  if (before < -1 || before > LONGEST_WAIT_MIN) return false;
  return told.remote === "" || sameNumber(entry.remote, told.remote);
}

function isAsLong({ call }: Entry, told: ReportedCall): boolean {
  const sameLength = told.talked === undefined || minutesOf(told.talked) === call.durationSeconds / 60;
  return sameLength && (told.port === undefined || call.port === undefined || told.port === call.port);
}
