/**
 * Cache of the sources' answers, bounded, and kept over restarts if the store persists. Keys are salted
 * hashes, so that the store does not reveal the call list.
 */
import { BoundedMap } from "../core/bounded-map";
import { createHash, randomBytes } from "node:crypto";
import type { Clock, Timer } from "../core/clock";
import type { CallerSource, SourceAnswer } from "./source";
import { Quotas } from "./quota";
import type { Store } from "../core/store";
import { both, type Check, either, numberIn, oneOf, shape, tableOf, text } from "../core/schema";

// Schema of a source's stored answer: stores are files that users can edit.

const WORDS = text(500);
const LINK = text(2_000, /^https?:\/\//);
const whole: Check = (value, path) => (Number.isInteger(value) ? undefined : path);

const ANSWER = either(
  oneOf(null),
  shape({
    "name?": shape({ text: WORDS, rank: oneOf("directory", "trunk", "details", "label") }),
    "place?": tableOf(WORDS, 5),
    "opinion?": shape({
      risk: numberIn(0, 100),
      reports: both(whole, numberIn(1, 1e9)),
      "link?": LINK,
      "own?": oneOf(true),
    }),
  }),
);

/** Contacts are never stored, so they are invalid here. */
function isSourceAnswer(value: unknown): value is SourceAnswer {
  return ANSWER(value, "") === undefined;
}

const MOST_ENTRIES = 1000;
/** Delay of a write, ms: calls come in bursts, and flash memory wears out. */
const WRITE_AFTER_MS = 5_000;
const FORMAT = 1;

type Entry = [key: string, untilMs: number, answer: SourceAnswer];

/** Answers and quotas of one node's sources. */
export class AnswerCache {
  readonly quotas = new Quotas();
  /** Resolves when the stored answers are loaded. */
  readonly ready: Promise<void>;
  private readonly entries = new BoundedMap<string, { untilMs: number; answer: SourceAnswer }>(MOST_ENTRIES);
  private salt = randomBytes(16).toString("base64url");
  private waiting: Timer | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.ready = store.load().then(
      (value) => this.restore(value),
      () => undefined, // an unreadable store counts as empty; the next write reports the error
    );
  }

  /** Undefined if there is no valid answer. */
  recall(source: CallerSource, e164: string): { answer: SourceAnswer } | undefined {
    const key = this.keyOf(source, e164);
    const entry = this.entries.get(key);
    if (!entry || entry.untilMs <= this.clock.now()) return undefined;
    this.entries.set(key, entry); // the least recently used entries are dropped first
    return { answer: entry.answer };
  }

  remember(source: CallerSource, e164: string, answer: SourceAnswer): void {
    const { hitMs, missMs } = source.policy;
    const ttlMs = answer ? hitMs : missMs;
    if (ttlMs <= 0) return;
    const key = this.keyOf(source, e164);
    this.entries.set(key, { untilMs: this.clock.now() + ttlMs, answer });
    this.changed();
  }

  /** Counts a request against the quota, and saves it like the answers. `share`: the part of the quota that may be used. */
  take(source: CallerSource, share?: number): boolean {
    const taken = this.quotas.take(source.id, source.policy, this.clock.now(), share);
    if (taken && (source.policy.perDay !== undefined || source.policy.perMonth !== undefined)) this.changed();
    return taken;
  }

  /** Clears the answers; the quotas remain. */
  async forget(): Promise<void> {
    this.entries.clear();
    this.changed();
    await this.flush();
  }

  /** Writes pending changes. */
  async flush(): Promise<void> {
    if (!this.waiting) return;
    this.waiting.cancel();
    this.waiting = undefined;
    const now = this.clock.now();
    const entries = [...this.entries].filter(([, { untilMs }]) => untilMs > now);
    await this.store.save({
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

  private restore(value: unknown): void {
    const { format, salt, entries, used } = (value ?? {}) as Record<string, unknown>;
    if (format !== FORMAT || typeof salt !== "string" || !Array.isArray(entries)) return;
    this.salt = salt;
    this.quotas.restore(used);
    for (const entry of entries as unknown[]) {
      if (!Array.isArray(entry)) continue;
      const [key, untilMs, answer] = entry as unknown[];
      if (typeof key !== "string" || typeof untilMs !== "number" || !isSourceAnswer(answer)) continue;
      this.entries.set(key, { untilMs, answer });
    }
  }
}
