/** Finds which entry of a box's call list is which call that was reported to flows. Pure. */
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

type Fits = (entry: Entry, reported: ReportedCall) => boolean;

/** The surest of all: a call whose end was reported has its length, and what it leaves may be any other's. */
const KNOWN_PASSES: readonly Fits[] = [
  (entry, reported) => isKnown(reported) && isExact(entry, reported) && isAsReported(entry, reported),
  // The list is late.
  (entry, reported) => isKnown(reported) && isExact(entry, reported) && entry.running,
];

/** The surest first: each takes the pairs that it finds, the rest is left to the next one. Times are compared before numbers: that is cheap. */
const PASSES: readonly Fits[] = [
  (entry, reported) => isExact(entry, reported) && isAsReported(entry, reported),
  // Its end was reported, and the list is late.
  (entry, reported) => isExact(entry, reported) && entry.running && reported.state === "ended",
  (entry, reported) => isExact(entry, reported),
  (entry, reported) => apart(entry, reported) <= 1 && isSame(entry, reported) && isAsReported(entry, reported),
  (entry, reported) => apart(entry, reported) <= 1 && isSame(entry, reported),
  // A box that notes another moment of the call than its beginning.
  (entry, reported) =>
    entry.minute >= reported.beganMin - 1 &&
    entry.minute <= (reported.endedMin ?? reported.beganMin) + 1 &&
    isSame(entry, reported),
  (entry, reported) => reported.remote !== "" && fitsPartial(entry, reported) && isAsLong(entry, reported),
  // Its length is not known, and another telephone has taken it over.
  (entry, reported) => reported.remote !== "" && reported.talked === undefined && fitsPartial(entry, reported),
  (entry, reported) => fitsPartial(entry, reported) && isAsLong(entry, reported),
  // The line of an end may have been of a later call with the same id.
  (entry, reported) => reported.remote !== "" && fitsPartial(entry, reported),
];
/** From this pass on calls are assigned whose beginning was not heard. */
const PARTIAL_PASS = PASSES.length - 4;

/** Each call to at most one entry; `mayBe` says which pairs are possible at all. By the entries' ids. */
export function assign(
  entries: readonly Entry[],
  { calls, beforeGap }: Pick<CallMemory, "calls" | "beforeGap">,
  mayBe: Fits,
): Map<number, ReportedCall> {
  const reported = new Map<number, ReportedCall>();
  const free = new Set(calls);
  const take: Fits = (entry, call) => {
    if (reported.has(entry.id) || !free.has(call) || !mayBe(entry, call)) return false;
    reported.set(entry.id, call);
    return free.delete(call);
  };
  const assignFree = (some: readonly Entry[], fits: Fits) => {
    for (const entry of some) {
      if (reported.has(entry.id)) continue;
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
  return reported;
}

/** Calls stay the entries that they were found to be. The list may have been cleared meanwhile. */
function assignAgain(entries: readonly Entry[], calls: readonly ReportedCall[], take: Fits): void {
  for (const reported of calls) {
    const entry = entries.find(({ id }) => id === reported.listId);
    if (entry && apart(entry, reported) <= 1 && isSame(entry, reported)) take(entry, reported);
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
  const fits: Fits = (entry, reported) => isExact(entry, reported) && isAsEnded(entry, reported);
  for (const reported of early) entries.some((entry) => fits(entry, reported) && take(entry, reported));
  for (const reported of late) entries.findLast((entry) => fits(entry, reported) && take(entry, reported));
}

/** An open call may have ended by now. */
const isAsEnded: Fits = (entry, reported) => reported.state === "open" || isAsReported(entry, reported);

const isKnown = ({ state, talked }: ReportedCall) => state === "ended" && talked !== undefined;

const byOrder = (a: ReportedCall, b: ReportedCall) => (a.order ?? 0) - (b.order ?? 0);

const apart = (entry: Entry, reported: ReportedCall) => Math.abs(entry.minute - reported.beganMin);

const isExact: Fits = (entry, reported) => apart(entry, reported) === 0 && isSame(entry, reported);

function isSame(entry: Entry, reported: ReportedCall): boolean {
  if (reported.partial || entry.incoming !== reported.incoming) return false;
  const ownFits = entry.own === "" || reported.own === "" || sameNumber(entry.own, reported.own);
  return ownFits && sameNumber(entry.remote, reported.remote);
}

/** Whether the list says of the end what was reported: of calls of one number within a minute. */
function isAsReported({ call, running }: Entry, reported: ReportedCall): boolean {
  if (reported.state === "open") return running;
  if (running) return false;
  return reported.talked === undefined || minutesOf(reported.talked) === call.durationSeconds / 60;
}

const minutesOf = (seconds: number) => Math.ceil(seconds / 60);

/** A call whose beginning is unknown: by its number if a CONNECT gave it, and when it can have begun. */
function fitsPartial(entry: Entry, reported: ReportedCall): boolean {
  if (!reported.partial || (reported.state !== "open" && entry.running)) return false;
  const before = reported.beganMin - entry.minute;
  if (before < -1 || before > LONGEST_WAIT_MIN) return false;
  return reported.remote === "" || sameNumber(entry.remote, reported.remote);
}

function isAsLong({ call }: Entry, reported: ReportedCall): boolean {
  const sameLength = reported.talked === undefined || minutesOf(reported.talked) === call.durationSeconds / 60;
  return sameLength && (reported.port === undefined || call.port === undefined || reported.port === call.port);
}
