/** Queue of changes at the box: in sequence, without duplicates, rate-limited, retried after an outage. */
import { BoundedMap } from "../core/bounded-map";
import { HOUR_MS, MINUTE_MS, ofLastHour, type Timer } from "../core/clock";
import { backoffMs } from "../core/backoff";
import { BY_ORDER, covers } from "./barred-number";
import type { PendingWrite } from "./types";
import { FritzError } from "../core/errors";
import type { BarringOutcome, BarringOrder, BarringQueueParts } from "./barring-session";
import { runBarring, type OnDone } from "./barring-run";
import { serialize, withTimeout } from "../core/async";
import { hasDueEntry } from "./due-entries";

/** Delay of the first check of own entries after the start, ms. */
const FIRST_SWEEP_MS = MINUTE_MS;
/** How long a call waits for its entry, ms; the write continues in the background. */
export const WAIT_MS = 5_000;
/**
 * How long an entry that was just seen at the box is not checked again, ms: a ring repeats every few seconds.
 */
const FRESH_MS = MINUTE_MS;
/** Upper bound of the queue, reached only if writes fail for weeks. */
const MOST_PENDING = 500;
/**
 * How long `close` waits for the round that is going on, ms. Docker ends a container 10 s after SIGTERM, and Node-RED writes its
 * context stores only when all nodes are closed: what waits must be in them by then.
 */
const CLOSE_MS = 2_000;

/** The write queue of a node. Call `start` first and `close` at the end. */
export class BarringQueue {
  private readonly waiting = new Map<string, ((outcome: BarringOutcome) => void)[]>();
  private readonly seen = new BoundedMap<string, { atMs: number; book: string }>(MOST_PENDING);
  private working: Promise<void> | undefined;
  private failures = 0;
  private retry: Timer | undefined;
  private sweep: Timer | undefined;
  private closed = false;
  private readonly stop = new AbortController();

  constructor(private readonly parts: BarringQueueParts) {}

  /** Continues with pending writes of the last run, and checks own entries every hour. */
  start(): void {
    const { memory, ops } = this.parts;
    memory.change({ pending: memory.pending.filter(({ op, because }) => ops.includes(op) || because === BY_ORDER) });
    if (memory.pending.length > 0) this.work();
    this.sweepLater(FIRST_SWEEP_MS);
  }

  /** Waits 2 s for the round that is going on, then stops it. What is not done by then stays pending for the next run. */
  async close(): Promise<void> {
    this.closed = true;
    this.retry?.cancel();
    this.sweep?.cancel();
    if (this.working) await withTimeout(this.parts.clock, CLOSE_MS, this.working);
    this.stop.abort();
    this.resolveWaiting(new FritzError("block-pending", {}, true));
    await this.parts.memory.saved();
  }

  /** Bars a number. Resolves within 5 s; an unfinished write continues in the background. */
  async bar(order: BarringOrder): Promise<BarringOutcome> {
    // An entry that cannot be stored could not be removed later.
    if (this.parts.memory.isUnreadable) return { action: "failed", error: new FritzError("block-friends") };
    const fresh = this.seen.get(order.key);
    if (fresh && this.parts.clock.now() - fresh.atMs < FRESH_MS) return { action: "already-there", book: fresh.book };
    if (!this.isPending("bar", order.key) && !this.mayWrite(order)) {
      const { memory, perHour, clock } = this.parts;
      const at = new Date(clock.now()).toISOString();
      memory.note({ at, what: "failed", number: order.number, because: order.because, error: "block-rate" });
      return { action: "failed", error: new FritzError("block-rate", { most: perHour }) };
    }
    return this.order({ ...order, op: "bar" });
  }

  /** Removes a number, also if its write is still pending. */
  async release(order: BarringOrder): Promise<BarringOutcome> {
    const { memory } = this.parts;
    this.seen.delete(order.key);
    const isIt = ({ op, key }: PendingWrite) => op === "bar" && key === order.key;
    const waited = memory.pending.some(isIt);
    if (waited) memory.change({ pending: memory.pending.filter((job) => !isIt(job)) });
    const outcome = await this.order({ ...order, op: "release" });
    const nothing = outcome.error instanceof FritzError && outcome.error.code === "block-undo";
    return waited && nothing ? { action: "removed" } : outcome;
  }

  /** Adds a trusted caller to the configured phonebook. */
  learn(order: BarringOrder): Promise<BarringOutcome> {
    return this.order({ ...order, op: "learn" });
  }

  private async order(job: PendingWrite): Promise<BarringOutcome> {
    const { memory, clock } = this.parts;
    const done = new Promise<BarringOutcome>((resolve) => {
      const id = idOf(job);
      this.waiting.set(id, [...(this.waiting.get(id) ?? []), resolve]);
    });
    if (!this.isPending(job.op, job.key)) {
      memory.change({ pending: [...memory.pending, job] });
      this.notify(undefined);
    }
    this.work();
    const late = new FritzError("block-pending", {}, true);
    return (await withTimeout(clock, WAIT_MS, done)) ?? { action: "failed", error: late };
  }

  private isPending(op: PendingWrite["op"], key: string): boolean {
    return this.parts.memory.pending.some((job) => job.op === op && job.key === key);
  }

  /** Reserves a write in this hour's limit. Numbers that are barred already do not count. */
  private mayWrite({ key }: BarringOrder): boolean {
    const { memory, perHour, clock } = this.parts;
    if (memory.entries.some((entry) => covers(entry.key, key))) return true;
    const writes = ofLastHour(memory.writes, clock.now());
    const room = writes.length < perHour && memory.pending.length < MOST_PENDING;
    if (room) memory.change({ writes: [...writes, clock.now()] });
    return room;
  }

  private work(): void {
    if (this.working || this.closed) return;
    this.retry?.cancel();
    this.working = this.runs();
  }

  private async runs(): Promise<void> {
    const { memory, box } = this.parts;
    try {
      await memory.saved(); // saved first, so that a restart from here on continues
      while (memory.pending.length > 0 && !this.closed) {
        await serialize(box, () => this.round(memory.pending, (job, outcome) => this.settle(job, outcome)));
      }
      this.failures = 0;
      this.notify(undefined);
    } catch (error) {
      this.resolveWaiting(error);
      this.notify(error);
      if (!(error instanceof FritzError && error.retry) || this.closed) return;
      const wait = backoffMs(this.failures++, (this.parts.random ?? Math.random)());
      this.retry = this.parts.clock.after(wait, () => this.work());
    } finally {
      this.working = undefined; // synchronous with the last check of `pending`
    }
  }

  private round(jobs: readonly PendingWrite[], onDone: OnDone): Promise<void> {
    return runBarring({ ...this.parts, signal: this.stop.signal }, jobs, onDone);
  }

  private settle(job: PendingWrite, outcome: BarringOutcome): void {
    const { memory, clock } = this.parts;
    memory.change({ pending: memory.pending.filter((other) => other !== job) });
    const { action, book = "" } = outcome;
    if (job.op === "bar" && (action === "added" || action === "already-there")) {
      this.seen.set(job.key, { atMs: clock.now(), book });
    }
    const waiting = this.waiting.get(idOf(job)) ?? [];
    this.waiting.delete(idOf(job));
    for (const resolve of waiting) resolve(outcome);
  }

  private resolveWaiting(error: unknown): void {
    const waiting = [...this.waiting.values()].flat();
    this.waiting.clear();
    for (const resolve of waiting) resolve({ action: "failed", error });
  }

  private notify(trouble: unknown): void {
    if (!this.closed) this.parts.changed?.(this.parts.memory.pending.length, trouble);
  }

  /** Old entries, and those of callers who became contacts, are removed even if they do not call. */
  private sweepLater(ms: number): void {
    this.sweep = this.parts.clock.after(ms, () => {
      void this.sweepNow().finally(() => this.closed || this.sweepLater(HOUR_MS));
    });
  }

  /** Reads all books only if the contacts in memory, or an entry's age, require it. */
  private async sweepNow(): Promise<void> {
    if (await hasDueEntry(this.parts)) await this.tidy();
  }

  /** Removes entries that are too old or protected by now. Never rejects; the next sweep retries. */
  async tidy(): Promise<void> {
    const { memory, box, ops } = this.parts;
    const mayWrite = ops.includes("bar") || memory.entries.some(({ because }) => because === BY_ORDER);
    if (memory.entries.length === 0 || !mayWrite || this.working || this.closed) return;
    const nothing = () => undefined;
    this.working = serialize(box, () => this.round([], nothing)).catch(nothing);
    await this.working.finally(() => (this.working = undefined));
    if (memory.pending.length > 0) this.work();
  }
}

const idOf = ({ op, key }: PendingWrite) => `${op} ${key}`;
