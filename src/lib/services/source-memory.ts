/**
 * L3 services: what sources have said before, bounded, and kept over restarts as far as the store keeps it. Numbers are
 * keyed by a salted hash: who looks into the store does not read a call list.
 */
import { createHash, randomBytes } from "node:crypto";
import { isSoundAnswer } from "../domain/sound-answer";
import type { Clock, Timer } from "../model/ports";
import type { CallerSource, SourceAnswer, Store } from "../model/source";
import { Quotas } from "./quota";

const MOST_ENTRIES = 1000;
/** Writing waits a little: calls come in bursts, and a memory card wears out. */
const WRITE_AFTER_MS = 5_000;
const FORMAT = 1;

type Entry = [key: string, untilMs: number, answer: SourceAnswer];

/** Answers and quotas of one node's sources. */
export class SourceMemory {
  readonly quotas = new Quotas();
  /** What was kept is there. */
  readonly ready: Promise<void>;
  private entries = new Map<string, { untilMs: number; answer: SourceAnswer }>();
  private salt = randomBytes(16).toString("base64url");
  private waiting: Timer | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.ready = store.read().then(
      (value) => this.restore(value),
      () => undefined, // a store that cannot be read is an empty one; writing will tell
    );
  }

  /** Undefined: nothing is known, or no longer true. */
  recall(source: CallerSource, e164: string): { answer: SourceAnswer } | undefined {
    const key = this.keyOf(source, e164);
    const entry = this.entries.get(key);
    if (!entry || entry.untilMs <= this.clock.now()) return undefined;
    this.entries.delete(key); // to the end: the oldest are those that nobody asked for
    this.entries.set(key, entry);
    return { answer: entry.answer };
  }

  remember(source: CallerSource, e164: string, answer: SourceAnswer): void {
    const { hitMs, missMs } = source.manners;
    const ttlMs = answer ? hitMs : missMs;
    if (ttlMs <= 0) return;
    const key = this.keyOf(source, e164);
    this.entries.delete(key);
    this.entries.set(key, { untilMs: this.clock.now() + ttlMs, answer });
    this.trim();
    this.changed();
  }

  /** The quota counts too: it is written like the answers. */
  take(source: CallerSource): boolean {
    const taken = this.quotas.take(source.id, source.manners, this.clock.now());
    if (taken && (source.manners.perDay !== undefined || source.manners.perMonth !== undefined)) this.changed();
    return taken;
  }

  /** Forgets what was said of callers; what was asked still counts. */
  async forget(): Promise<void> {
    this.entries.clear();
    this.changed();
    await this.flush();
  }

  /** Writes what is not written yet. */
  async flush(): Promise<void> {
    if (!this.waiting) return;
    this.waiting.cancel();
    this.waiting = undefined;
    const now = this.clock.now();
    const entries = [...this.entries].filter(([, { untilMs }]) => untilMs > now);
    await this.store.write({
      format: FORMAT,
      salt: this.salt,
      entries: entries.map(([key, { untilMs, answer }]): Entry => [key, untilMs, answer]),
      used: this.quotas.toJSON(),
    });
  }

  private changed(): void {
    this.waiting ??= this.clock.after(WRITE_AFTER_MS, () => void this.flush().catch(() => undefined));
  }

  private keyOf(source: CallerSource, e164: string): string {
    return createHash("sha256").update(`${this.salt}|${source.key}|${e164}`).digest("base64url").slice(0, 24);
  }

  private trim(): void {
    for (const key of this.entries.keys()) {
      if (this.entries.size <= MOST_ENTRIES) return;
      this.entries.delete(key);
    }
  }

  private restore(value: unknown): void {
    const { format, salt, entries, used } = (value ?? {}) as Record<string, unknown>;
    if (format !== FORMAT || typeof salt !== "string" || !Array.isArray(entries)) return;
    this.salt = salt;
    this.quotas.restore(used);
    for (const entry of entries as unknown[]) {
      if (!Array.isArray(entry)) continue;
      const [key, untilMs, answer] = entry as unknown[];
      if (typeof key !== "string" || typeof untilMs !== "number" || !isSoundAnswer(answer)) continue;
      this.entries.set(key, { untilMs, answer });
    }
    this.trim();
  }
}
