/** What is kept of a box's calls over restarts: what was reported, the calls in progress, the ends in between. */
import type { CallEvent } from "../calls/types";
import type { OpenCall } from "../calls/call-tracker";
import {
  type CallMemory,
  NO_MEMORY,
  readCall,
  readMemory,
  type ReportedCall,
  ReportedCalls,
} from "../calls/reported-calls";
import type { Store } from "../core/store";
import { propertiesOf } from "../core/unknown";
import type { Clock, Timer } from "../core/clock";

/** Plain JSON. */
export interface RecoveryState {
  memory: CallMemory;
  open: [connectionId: number, call: OpenCall][];
  held: CallEvent[];
  /** Ends that were sent a moment ago. */
  sent: CallEvent[];
  /** When it was saved, ms since 1970; absent: nothing was ever kept. */
  aliveMs?: number;
}

/** What an event changes: a call as it was reported, an end that was sent with it, and what goes on. Plain JSON. */
export interface RecoveryChange extends Pick<RecoveryState, "open" | "held"> {
  call?: ReportedCall | undefined;
  end?: CallEvent | undefined;
  aliveMs: number;
}

/** By then a flow has handled an end that it was sent, ms. */
export const HANDLED_MS = 2_000;

const NOTHING_KEPT: RecoveryState = { memory: NO_MEMORY, open: [], held: [], sent: [] };

/** More than any box has at the same time; a bound for a damaged file. */
const MOST_OPEN = 256;

/** Reads what was kept; nothing if the store fails, which is reported when it cannot be written either. */
export async function loadState(store: Store): Promise<RecoveryState> {
  const stored = propertiesOf(await store.load().catch(() => undefined));
  const { open, held, sent, aliveMs } = stored;
  if (typeof aliveMs !== "number") return NOTHING_KEPT;
  return {
    memory: readMemory(stored["memory"]),
    open: Array.isArray(open) ? open.filter(isTracked).slice(0, MOST_OPEN) : [],
    held: endsOf(held),
    sent: endsOf(sent),
    aliveMs,
  };
}

/** A stored state after changes, or whole states that were noted instead; see `Store.note`. */
export function applyChanges(stored: unknown, changes: readonly unknown[]): unknown {
  let { reported, sent } = sentIn(stored);
  for (const change of changes) {
    const { call, end, aliveMs, memory: whole } = propertiesOf(change);
    if (whole !== undefined) ({ reported, sent } = sentIn(change));
    for (const one of readCall(call)) reported.noteCall(one);
    if (isEnd(end)) sent.push({ event: end, sentMs: Number(aliveMs) });
  }
  const { open, held, aliveMs } = propertiesOf(changes.at(-1));
  const unhandled = sent.filter(({ sentMs }) => Number(aliveMs) - sentMs < HANDLED_MS).map(({ event }) => event);
  return { memory: reported.memory, open, held, sent: unhandled, aliveMs };
}

/** What changes add to. */
function sentIn(state: unknown) {
  const { memory, sent, aliveMs } = propertiesOf(state);
  const reported = new ReportedCalls(readMemory(memory));
  return { reported, sent: endsOf(sent).map((event) => ({ event, sentMs: Number(aliveMs) })) };
}

const endsOf = (value: unknown) => (Array.isArray(value) ? value.filter(isEnd).slice(0, MOST_OPEN) : []);

function isTracked(value: unknown): value is [number, OpenCall] {
  if (!Array.isArray(value) || typeof value[0] !== "number") return false;
  const { callId, startedMs, connected, direction, caller, called } = propertiesOf(value[1]);
  const isKnown = typeof callId === "string" && typeof startedMs === "number" && typeof connected === "boolean";
  return isKnown && isDirection(direction) && isParty(caller) && isParty(called);
}

function isEnd(value: unknown): value is CallEvent {
  const { event, callId, at, direction, caller, called } = propertiesOf(value);
  const isKnown = event === "disconnect" && typeof callId === "string" && typeof at === "string";
  return isKnown && isDirection(direction) && isParty(caller) && isParty(called);
}

const isDirection = (value: unknown) => value === "incoming" || value === "outgoing";
const isParty = (value: unknown) => typeof propertiesOf(value)["number"] === "string";

// Keeps what a restart needs of a box's calls: changes at once, as a kill must not lose them, and all of it a moment later.

/** A change that was noted is safe after this: the disk has time, and a power cut undoes little, ms. */
const SAFE_MS = 500;

/** Saves one state after the other; of those that come while it writes only the last. */
export class StateWriter {
  private writing: Promise<void> | undefined;
  private next: (() => RecoveryState) | undefined;
  private reported = false;
  private later: Timer | undefined;
  /** Since the last save: something was noted; something ended of which nothing is noted yet; so much changed that all is to be saved. */
  private noted = false;
  private stale = false;
  private saveIsDue = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly state: () => RecoveryState,
    /** Once until it works again. */
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Resolves when the change, or all of the state if the store notes nothing, is on the disk, or could not be written. */
  note(change: RecoveryChange | RecoveryState): Promise<void> {
    if (!this.store.note) return this.save();
    this.noted = true;
    this.saveIsDue ||= "memory" in change;
    this.makeSafeSoon();
    return this.store.note(change).catch((error: unknown) => this.missed(error));
  }

  /** Something is over, such as the time of an end that was sent: kept a moment later. */
  noteSoon(): void {
    this.stale = true;
    this.makeSafeSoon();
  }

  private makeSafeSoon(): void {
    this.later ??= this.clock.after(SAFE_MS, () => {
      this.later = undefined;
      void this.makeSafe().catch((error: unknown) => this.missed(error));
    });
  }

  /** Without a rewrite of all that is kept: the card of a small computer wears out. */
  private async makeSafe(): Promise<void> {
    if (this.saveIsDue || !this.store.note || !this.store.sync) return this.save();
    const { open, held, aliveMs = this.clock.now() } = this.state();
    if (this.stale) await this.store.note({ open, held, aliveMs } satisfies RecoveryChange);
    this.noted ||= this.stale;
    this.stale = false;
    if (await this.store.sync()) await this.save();
  }

  /** What the disk did not take is in the next save. */
  private missed(error: unknown): void {
    this.saveIsDue = true;
    this.report(error);
  }

  /** Resolves when the state, as it is then, is on the disk, or could not be written. */
  save(): Promise<void> {
    return this.write(this.state);
  }

  /** Nothing more is kept. */
  forget(): void {
    void this.write(() => NOTHING_KEPT);
  }

  stop(): void {
    if (this.later || this.noted) void this.save();
  }

  private write(state: () => RecoveryState): Promise<void> {
    this.later?.cancel();
    this.later = undefined;
    this.next = state;
    return (this.writing ??= this.writeAll());
  }

  private async writeAll(): Promise<void> {
    while (this.next) {
      const state = this.next();
      this.next = undefined;
      this.noted = this.stale = this.saveIsDue = false;
      try {
        await this.store.save(state);
        this.reported = false;
      } catch (error) {
        this.missed(error);
      }
    }
    this.writing = undefined;
  }

  private report(error: unknown): void {
    if (!this.reported) this.failed(error);
    this.reported = true;
  }
}
