/** Persistent state of `fritz-block`: bounded, validated on loading, saved in sequence. */
import { FritzError } from "../core/errors";
import { propertiesOf } from "../core/unknown";
import type { NumberRating } from "./rating-types";
import type { AllowedNumber, BlockState, JournalEntry, OwnEntry, PendingWrite, Decision } from "./types";
import type { Store } from "../core/store";
import { MINUTE_MS } from "../core/clock";
import { type DialPlan, lookupKeys, sameNumber } from "../numbers/index";
import type { CallEvent } from "../calls/types";

/** Size of the journal; older entries are dropped. The other lists are bounded, too. */
export const JOURNAL_SIZE = 500;
const MOST = 2_000;
const VERSION = 1;

/** Called when the store cannot be read or written. */
export type OnStoreError = (error: unknown) => void;

/** The state of one node. Change it only through its methods, so that it is saved. */
export class BlockMemory {
  private saving: Promise<void> = Promise.resolve();
  private unsaved = false;
  /** The store did not take what was saved last. */
  private refused = false;

  private constructor(
    private readonly store: Store,
    private readonly trouble: OnStoreError,
    private readonly state: BlockState,
    /**
     * The saved state could not be read, so the allow list is not known. Such a store is never overwritten,
     * as it may be repairable.
     */
    readonly isUnreadable: boolean,
  ) {}

  /** Loads the saved state; empty if nothing was saved yet. Never rejects: see `isUnreadable`. */
  static async open(store: Store, trouble: OnStoreError): Promise<BlockMemory> {
    const saved = await load(store).catch((error: unknown) => void trouble(error));
    return new BlockMemory(store, trouble, toState(saved ?? {}), saved === undefined);
  }

  /** Newest first. */
  get journal(): JournalEntry[] {
    return [...this.state.journal].reverse();
  }

  /** Own entries at the box; oldest first. */
  get entries(): readonly OwnEntry[] {
    return this.state.entries;
  }

  get pending(): readonly PendingWrite[] {
    return this.state.pending;
  }

  get allowed(): readonly AllowedNumber[] {
    return this.state.allowed;
  }

  get writes(): readonly number[] {
    return this.state.writes;
  }

  /** Oldest first. */
  get ratings(): readonly NumberRating[] {
    return this.state.ratings;
  }

  note(entry: JournalEntry): void {
    this.state.journal = [...this.state.journal, entry].slice(-JOURNAL_SIZE);
    this.save();
  }

  change(update: Partial<Omit<BlockState, "version" | "journal">>): void {
    Object.assign(this.state, update);
    this.save();
  }

  /** Resolves when everything is saved, or was refused; what was refused before is tried once more. */
  async saved(): Promise<void> {
    if (this.refused) this.save();
    await this.saving;
  }

  /** Saves once for several changes in a row. */
  private save(): void {
    if (this.unsaved || this.isUnreadable) return;
    this.unsaved = true;
    this.saving = this.saving.then(async () => {
      this.unsaved = false;
      this.refused = false;
      await this.store.save(structuredClone(this.state)).catch((error: unknown) => {
        this.refused = true;
        this.trouble(error);
      });
    });
  }
}

/** Rejects if the store holds anything but a state with a readable allow list. */
async function load(store: Store): Promise<object> {
  const saved = await store.load();
  if (saved === undefined) return {};
  const { version, allowed } = propertiesOf(saved);
  if (typeof version === "number" && version > VERSION)
    throw new FritzError("block-state", { detail: `version ${version}` });
  const isSound = version === VERSION && Array.isArray(allowed) && allowed.every(isAllowed);
  if (!isSound) throw new FritzError("block-state", { detail: "content" });
  return saved as object;
}

function toState(saved: object): BlockState {
  const { journal, entries, pending, allowed, writes, ratings } = propertiesOf(saved);
  const list = <T>(value: unknown, isSound: (item: T) => boolean): T[] =>
    Array.isArray(value) ? (value as T[]).filter(isSound) : [];
  return {
    version: VERSION,
    journal: list<JournalEntry>(journal, hasTexts("at", "what", "number")).slice(-JOURNAL_SIZE),
    entries: list<OwnEntry>(entries, hasTexts("key", "number", "name", "book", "at", "because")).slice(-MOST),
    pending: list<PendingWrite>(pending, isPending).slice(-MOST),
    allowed: list<AllowedNumber>(allowed, isAllowed),
    writes: list<number>(writes, (ms) => typeof ms === "number").slice(-MOST),
    ratings: list<NumberRating>(ratings, isRating).slice(-MOST),
  };
}

const hasTexts =
  (...names: string[]) =>
  (item: unknown) =>
    names.every((name) => typeof propertiesOf(item)[name] === "string");

const isAllowed = hasTexts("key", "number", "at");

const isRating = (item: unknown) =>
  hasTexts("number", "rating", "at")(item) && ["spam", "fine", "none"].includes(String(propertiesOf(item)["rating"]));

/** An unknown operation would stay pending forever. */
const isPending = (item: unknown) =>
  hasTexts("key", "number", "at", "name", "because")(item) &&
  ["bar", "release", "learn"].includes(String(propertiesOf(item)["op"]));

// Calls that `fritz-hangup` ended, as the journal keeps them: the box itself lists them as answered.

/** So far apart are the beginning of a call in the box's list and its end in the journal, ms: an ended call is short. */
const APART_MS = 5 * MINUTE_MS;

/** Notes the end of a call once; replayed events are no calls. */
export function noteEnded(memory: BlockMemory, event: CallEvent, decision: Decision | undefined): void {
  const { at, callId, caller, outcome, replayed } = event;
  if (outcome !== "hungup" || replayed) return;
  if (memory.journal.some((entry) => entry.what === "hungup" && entry.callId === callId)) return;
  const reason = decision && { because: decision.because };
  memory.note({ at, what: "hungup", number: caller.number, callId, ...reason });
}

/** Whether the last that happened to a number's calls is that one was ended: the user has not said anything about it since. */
export function endedLast(journal: readonly JournalEntry[], key: string, plan: DialPlan): boolean {
  const last = journal.find(
    ({ what, number }) =>
      (what === "hungup" || what === "false-alarm" || what === "revoked") && lookupKeys(number, plan)[0] === key,
  );
  return last?.what === "hungup";
}

/** Whether a call of the box's list is one that was ended. */
export function wasEnded(journal: readonly JournalEntry[], { number, at }: { number: string; at: string }): boolean {
  return journal.some(
    (entry) =>
      entry.what === "hungup" &&
      Math.abs(Date.parse(entry.at) - Date.parse(at)) < APART_MS &&
      sameNumber(entry.number, number),
  );
}
