/** L3 services: keeps what `fritz-block` remembers: bounded, sound after any load, saved one at a time. */
import { propertiesOf } from "../model/properties";
import type { AllowedNumber, BlockState, JournalEntry, OwnEntry, PendingWrite } from "../model/block-memory";
import type { Store } from "../model/ports";

/** The journal forgets its oldest beyond this; so do the others, which are kept short by other means. */
export const JOURNAL_SIZE = 500;
const MOST = 2_000;

/** Told when the store cannot be read or written; nothing else depends on it. */
export type StoreTrouble = (error: unknown) => void;

/** The memory of one node. Change `state` only through its methods, so that it is saved. */
export class BlockMemory {
  private saving: Promise<void> = Promise.resolve();
  private unsaved = false;

  private constructor(
    private readonly store: Store,
    private readonly trouble: StoreTrouble,
    private readonly state: BlockState,
  ) {}

  /** What was saved last; empty if there is nothing, or nothing sound. Never rejects. */
  static async open(store: Store, trouble: StoreTrouble): Promise<BlockMemory> {
    const saved = await store.load().catch((error: unknown) => void trouble(error));
    return new BlockMemory(store, trouble, toState(saved));
  }

  /** Newest first. */
  get journal(): JournalEntry[] {
    return [...this.state.journal].reverse();
  }

  /** The entries at the box; oldest first. */
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

  note(entry: JournalEntry): void {
    this.state.journal = [...this.state.journal, entry].slice(-JOURNAL_SIZE);
    this.save();
  }

  change(update: Partial<Omit<BlockState, "version" | "journal">>): void {
    Object.assign(this.state, update);
    this.save();
  }

  /** Resolves when everything is saved. */
  async saved(): Promise<void> {
    await this.saving;
  }

  /** Several changes in a row become one. */
  private save(): void {
    if (this.unsaved) return;
    this.unsaved = true;
    this.saving = this.saving.then(async () => {
      this.unsaved = false;
      await this.store.save(structuredClone(this.state)).catch(this.trouble);
    });
  }
}

function toState(saved: unknown): BlockState {
  const { version, journal, entries, pending, allowed, writes } = propertiesOf(saved);
  const known = version === 1;
  const list = <T>(value: unknown, isSound: (item: T) => boolean): T[] =>
    known && Array.isArray(value) ? (value as T[]).filter(isSound).slice(-MOST) : [];
  return {
    version: 1,
    journal: list<JournalEntry>(journal, hasTexts("at", "what", "number")).slice(-JOURNAL_SIZE),
    entries: list<OwnEntry>(entries, hasTexts("key", "number", "name", "book", "at", "because")),
    pending: list<PendingWrite>(pending, isPending),
    allowed: list<AllowedNumber>(allowed, hasTexts("key", "number", "at")),
    writes: list<number>(writes, (ms) => typeof ms === "number"),
  };
}

const hasTexts =
  (...names: string[]) =>
  (item: unknown) =>
    names.every((name) => typeof propertiesOf(item)[name] === "string");

/** An unknown job would be waited for for ever. */
const isPending = (item: unknown) =>
  hasTexts("key", "number", "at", "name", "because")(item) &&
  ["bar", "release", "learn"].includes(String(propertiesOf(item)["op"]));
