/** Rates blocked numbers and false alarms at a community and withdraws ratings, once each, also after an outage or a restart; never a contact. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type Clock, type Timer } from "../core/clock";
import { defined } from "../core/defined";
import { FritzError } from "../core/errors";
import { keptLocal } from "../callers/privacy";
import { isOwnNumber, normalizeNumber, sameNumber } from "../numbers/index";
import type { CallerLookup } from "./caller-lookup";
import { blockBooksOf, isListed } from "./rules";
import type { BlockMemory } from "./state";
import type { NumberRating, Opinion } from "./rating-types";
import type { BlockRules } from "./types";

const REQUEST_MS = 30_000;
const FIRST_PAUSE_MS = MINUTE_MS;
const LONGEST_PAUSE_MS = 6 * HOUR_MS;
/** A rating that could not be sent for so long is dropped. */
const GIVE_UP_MS = 14 * DAY_MS;

export interface RatingParts {
  memory: BlockMemory;
  lookup: CallerLookup;
  clock: Clock;
  rules: () => BlockRules;
  /** Rejects with a `FritzError`. */
  send(rated: { e164: string; rating: Opinion }, signal: AbortSignal): Promise<void>;
  /** Takes back what was sent. Rejects with a `FritzError`; resolves if there is nothing to take back. */
  withdraw(rated: { e164: string; rating: Opinion }, signal: AbortSignal): Promise<void>;
  /** Called with the failure, once until the next success. */
  failed(error: FritzError): void;
}

/** The queue of one node; what waits is kept in its memory. */
export class RatingQueue {
  private readonly closing = new AbortController();
  private running: Promise<void> | undefined;
  private timer: Timer | undefined;
  private failures = 0;
  private reported = false;

  constructor(private readonly parts: RatingParts) {}

  /** Sends what still waits from an earlier run. */
  start(): void {
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  /** Replaces another rating of this number that still waits. */
  add(number: string, rating: Opinion): void {
    this.put({ number, rating, at: this.now() });
  }

  /** Takes back the last rating of this number, also one that was sent. Returns whether there is one. */
  withdraw(number: string): boolean {
    const last = this.parts.memory.ratings.findLast((one) => sameNumber(one.number, number));
    if (!last || last.rating === "none") return false;
    const { e164, rating: was } = last;
    this.put({ number, rating: "none", at: this.now(), was, ...defined({ e164 }) });
    return true;
  }

  private put(rating: NumberRating): void {
    const { memory } = this.parts;
    const others = memory.ratings.filter((one) => one.sent === true || !sameNumber(one.number, rating.number));
    memory.change({ ratings: [...others, rating] });
    this.timer?.cancel();
    this.timer = undefined;
    if (this.running) void this.running.then(() => this.start());
    else this.start();
  }

  async close(): Promise<void> {
    this.timer?.cancel();
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (const one of this.parts.memory.ratings.filter(({ sent }) => sent !== true)) {
      if (this.closing.signal.aborted || this.timer) return;
      if (!this.parts.memory.ratings.includes(one)) continue; // replaced or taken back
      const wait = await this.settle(one);
      if (this.closing.signal.aborted) return;
      if (wait !== undefined) {
        if (Number.isFinite(wait))
          this.timer = this.parts.clock.after(wait, () => ((this.timer = undefined), this.start()));
        return;
      }
    }
  }

  /** Sends or drops it. Resolves to the time to wait, ms, if it is not settled yet; Infinity: until the next deploy. */
  private async settle(waiting: NumberRating): Promise<number | undefined> {
    // A number that was sent may have become a contact's: to withdraw the rating discloses nothing new.
    const e164 = waiting.rating === "none" ? waiting.e164 : await this.publicNumber(waiting.number);
    if (e164 === "unknown") return this.pause();
    const isSent = this.parts.memory.ratings.findLast((other) => other.sent === true && other.e164 === e164);
    if (e164 === undefined || isSent?.rating === waiting.rating) return void this.replace(waiting);
    const one = { ...waiting, e164 };
    this.replace(waiting, one);
    const late = new AbortController();
    const timer = this.parts.clock.after(REQUEST_MS, () => late.abort());
    try {
      await this.transmit(one, AbortSignal.any([this.closing.signal, late.signal]));
    } catch (error) {
      return this.onFailure(one, error);
    } finally {
      timer.cancel();
    }
    this.failures = 0;
    this.reported = false;
    this.replace(one, { ...one, sent: true });
    const what = one.rating === "none" ? "unrated" : "rated";
    this.parts.memory.note({ at: this.now(), what, number: one.number, because: one.was ?? one.rating });
    return undefined;
  }

  private transmit({ e164, rating, was }: NumberRating & { e164: string }, signal: AbortSignal): Promise<void> {
    if (rating !== "none") return this.parts.send({ e164, rating }, signal);
    return was ? this.parts.withdraw({ e164, rating: was }, signal) : Promise.resolve();
  }

  private onFailure(one: NumberRating, error: unknown): number | undefined {
    if (this.closing.signal.aborted) return undefined;
    const late = new FritzError("source-timeout", { host: "PhoneBlock" }, true);
    const failure = error instanceof FritzError ? error : late;
    if (!this.reported) this.parts.failed(failure);
    this.reported = true;
    if (failure.code === "source-key") return Infinity;
    const again = failure.retry || failure.code === "source-blocked";
    if (!again || this.parts.clock.now() - Date.parse(one.at) > GIVE_UP_MS) return void this.replace(one);
    return Math.max(this.pause(), Number(failure.values["waitMs"] ?? 0));
  }

  /** Undefined: it is not to be rated. "unknown": it is not known yet whether it is a contact's. */
  private async publicNumber(number: string): Promise<string | undefined> {
    const { lookup, rules } = this.parts;
    const { context } = await lookup.look(number);
    const { plan, hits, ownNumbers, books, contactsUnknown } = context;
    if (!plan || !hits || !ownNumbers || contactsUnknown) return "unknown";
    if (hits.some(({ book }) => !isListed(book, blockBooksOf(rules()), books))) return undefined;
    const normalized = normalizeNumber(number, plan);
    const kept = keptLocal(normalized, isOwnNumber(number, [...ownNumbers]));
    return kept === undefined ? (normalized.e164 ?? undefined) : undefined;
  }

  private replace(one: NumberRating, by?: NumberRating): void {
    const { memory } = this.parts;
    const others = memory.ratings.filter((other) => other !== one);
    const waiting = others.filter(({ sent }) => sent !== true);
    // What was sent counts also if another one has replaced it meanwhile.
    memory.change({ ratings: [...others.filter(({ sent }) => sent === true), ...(by ? [by] : []), ...waiting] });
  }

  private pause(): number {
    return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures++);
  }

  private now(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }
}
