/** L3 services: bars numbers at the box: one after the other, never twice, not too many, and again after an outage. */
import { backoffMs } from "../domain/backoff";
import { covers } from "../domain/barred-number";
import type { PendingWrite } from "../model/block-memory";
import { FritzError } from "../model/errors";
import type { Timer } from "../model/ports";
import type { BenchParts, Outcome } from "./bar-bench";
import { runRound } from "./barring-round";
import { oneAtATime } from "./one-at-a-time";
import { within } from "./within";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long a call waits for its entry; then it goes on, and the writing, too. */
export const WAIT_MS = 5_000;
/** How long an entry that was just seen at the box is not looked for again, ms: a ring repeats every few seconds. */
const FRESH_MS = 60_000;
/** More can only wait if something is wrong for weeks. */
const MOST_PENDING = 500;
/** How long a node that goes waits for the round that is going on. */
const CLOSE_MS = 8_000;

export interface BarringParts extends BenchParts {
  /** Most new numbers an hour: an attack must not fill the book. */
  perHour: number;
  /** What may be done at all: in a dry run only what the user orders. */
  ops: readonly PendingWrite["op"][];
  random?: () => number;
  /** What waits, and why it could not be done. */
  changed?: (waiting: number, trouble: unknown) => void;
}

/** The job of a call or of the user. */
export type Order = Omit<PendingWrite, "op" | "losses">;

/** The one who writes for a node. `start` it, and `close` it. */
export class Barring {
  private readonly waiting = new Map<string, ((outcome: Outcome) => void)[]>();
  private readonly seen = new Map<string, { atMs: number; book: string }>();
  private working: Promise<void> | undefined;
  private failures = 0;
  private retry: Timer | undefined;
  private sweep: Timer | undefined;
  private closed = false;

  constructor(private readonly parts: BarringParts) {}

  /** Goes on with what the last run could not do, and looks after the own entries once a day. */
  start(): void {
    const { memory, ops } = this.parts;
    memory.change({ pending: memory.pending.filter(({ op }) => ops.includes(op)) });
    if (memory.pending.length > 0) this.work();
    this.sweepLater();
  }

  /** Waits for the round that is going on, but not for ever. What is not done then is done by the next one. */
  async close(): Promise<void> {
    this.closed = true;
    this.retry?.cancel();
    this.sweep?.cancel();
    if (this.working) await within(this.parts.clock, CLOSE_MS, this.working);
    this.tellWaiting(new FritzError("block-pending", {}, true));
    await this.parts.memory.saved();
  }

  /** Bars a number. Resolves within 5 s; if it is not done by then, it goes on in the background. */
  async bar(order: Order): Promise<Outcome> {
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

  /** Takes a number out again, also if it still waits to be written. */
  async release(order: Order): Promise<Outcome> {
    const { memory } = this.parts;
    this.seen.delete(order.key);
    const isIt = ({ op, key }: PendingWrite) => op === "bar" && key === order.key;
    const waited = memory.pending.some(isIt);
    if (waited) memory.change({ pending: memory.pending.filter((job) => !isIt(job)) });
    const outcome = await this.order({ ...order, op: "release" });
    const nothing = outcome.error instanceof FritzError && outcome.error.code === "block-undo";
    return waited && nothing ? { action: "removed" } : outcome;
  }

  /** Writes a good caller into the phonebook for them. */
  learn(order: Order): Promise<Outcome> {
    return this.order({ ...order, op: "learn" });
  }

  private async order(job: PendingWrite): Promise<Outcome> {
    const { memory, clock } = this.parts;
    const done = new Promise<Outcome>((resolve) => {
      const id = idOf(job);
      this.waiting.set(id, [...(this.waiting.get(id) ?? []), resolve]);
    });
    if (!this.isPending(job.op, job.key)) {
      memory.change({ pending: [...memory.pending, job] });
      this.tell(undefined);
    }
    this.work();
    return (
      (await within(clock, WAIT_MS, done)) ?? { action: "failed", error: new FritzError("block-pending", {}, true) }
    );
  }

  private isPending(op: PendingWrite["op"], key: string): boolean {
    return this.parts.memory.pending.some((job) => job.op === op && job.key === key);
  }

  /** Counts the number, if there is room for it in this hour. What is barred already does not count. */
  private mayWrite({ key }: Order): boolean {
    const { memory, perHour, clock } = this.parts;
    if (memory.entries.some((entry) => covers(entry.key, key))) return true;
    const writes = memory.writes.filter((ms) => clock.now() - ms < HOUR_MS);
    const room = writes.length < perHour && memory.pending.length < MOST_PENDING;
    if (room) memory.change({ writes: [...writes, clock.now()] });
    return room;
  }

  private work(): void {
    if (this.working || this.closed) return;
    this.retry?.cancel();
    this.working = this.rounds();
  }

  private async rounds(): Promise<void> {
    const { memory, box } = this.parts;
    try {
      await memory.saved(); // a restart from here on must find it
      while (memory.pending.length > 0 && !this.closed) {
        await oneAtATime(box, () => runRound(this.parts, memory.pending, (job, outcome) => this.settle(job, outcome)));
      }
      this.failures = 0;
      this.tell(undefined);
    } catch (error) {
      this.tellWaiting(error);
      this.tell(error);
      if (!(error instanceof FritzError && error.retry) || this.closed) return;
      const wait = backoffMs(this.failures++, (this.parts.random ?? Math.random)());
      this.retry = this.parts.clock.after(wait, () => this.work());
    } finally {
      this.working = undefined; // in the same breath as the last look at what is pending
    }
  }

  private settle(job: PendingWrite, outcome: Outcome): void {
    const { memory, clock } = this.parts;
    memory.change({ pending: memory.pending.filter((other) => other !== job) });
    const { action, book = "" } = outcome;
    if (job.op === "bar" && (action === "added" || action === "already-there")) {
      this.seen.set(job.key, { atMs: clock.now(), book });
      if (this.seen.size > MOST_PENDING) this.seen.delete([...this.seen.keys()][0] ?? "");
    }
    const waiting = this.waiting.get(idOf(job)) ?? [];
    this.waiting.delete(idOf(job));
    for (const resolve of waiting) resolve(outcome);
  }

  private tellWaiting(error: unknown): void {
    const waiting = [...this.waiting.values()].flat();
    this.waiting.clear();
    for (const resolve of waiting) resolve({ action: "failed", error });
  }

  private tell(trouble: unknown): void {
    this.parts.changed?.(this.parts.memory.pending.length, trouble);
  }

  /** Too old entries, and those of callers who became contacts, go even if nobody calls. */
  private sweepLater(): void {
    this.sweep = this.parts.clock.after(DAY_MS, () => {
      void this.tidy().finally(() => this.closed || this.sweepLater());
    });
  }

  /** Takes out what is too old, or gets through by now. Never rejects: tomorrow is another day. */
  async tidy(): Promise<void> {
    const { memory, box, ops } = this.parts;
    if (memory.entries.length === 0 || !ops.includes("bar") || this.working || this.closed) return;
    const nothing = () => undefined;
    this.working = oneAtATime(box, () => runRound(this.parts, [], nothing)).catch(nothing);
    await this.working.finally(() => (this.working = undefined));
    if (memory.pending.length > 0) this.work();
  }
}

const idOf = ({ op, key }: PendingWrite) => `${op} ${key}`;
