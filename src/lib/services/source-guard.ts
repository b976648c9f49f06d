/**
 * L3 services: what stands in front of a source: one request a number at a time, a polite gap, a time limit, and a pause for
 * a source that is down or turns us away.
 */
import { FritzError } from "../model/errors";
import type { Clock } from "../model/ports";
import type { CallerSource, SourceAnswer } from "../model/source";

/** How a source is doing, for people. Times are ms since 1970. */
export interface SourceHealth {
  state: "unused" | "ok" | "failing" | "paused";
  hits: number;
  misses: number;
  failures: number;
  /** What went wrong last, as long as nothing has gone right since. */
  failure?: FritzError;
  lastOk?: number;
  /** How long the last answer took. */
  lastMs?: number;
  /** Not asked before; none for a rejected key: that waits for somebody who changes it. */
  pausedUntil?: number;
}

const MINUTE_MS = 60_000;
/** A source that turns us away is left alone, each time longer. */
const BLOCKED = { firstMs: 5 * MINUTE_MS, factor: 1.5, longestMs: 24 * 60 * MINUTE_MS };
/** A source that fails so often in a row is probably down. */
const PATIENCE = 3;
const DOWN = { firstMs: 2 * MINUTE_MS, factor: 2, longestMs: 15 * MINUTE_MS };
/** Questions that may wait for the gap; a flood of calls is no reason to be impolite for hours. */
const LONGEST_QUEUE = 20;

interface InFlight {
  answer: Promise<SourceAnswer>;
  waiting: number;
  abort(reason: Error): void;
}

/** One for each source of the process. */
export class SourceGuard {
  private readonly inFlight = new Map<string, InFlight>();
  private readonly count = { hits: 0, misses: 0, failures: 0 };
  private failure: FritzError | undefined;
  private failuresInARow = 0;
  private blockedInARow = 0;
  private pausedUntil = -Infinity;
  private nextStart = -Infinity;
  private queued = 0;
  private lastOk: number | undefined;
  private lastMs: number | undefined;

  constructor(
    private readonly source: Pick<CallerSource, "manners" | "label" | "local">,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks, or waits with others who ask the same. `leave`: this one does not want to know any more; when nobody does, the
   * request is called off. Rejects with why the source cannot tell, also while it is paused.
   */
  async ask(key: string, lookup: (signal: AbortSignal) => Promise<SourceAnswer>, leave: AbortSignal) {
    leave.throwIfAborted();
    let flight = this.inFlight.get(key);
    if (!flight) {
      if (this.isPaused && this.failure) throw this.failure;
      if (this.queued >= LONGEST_QUEUE) throw new FritzError("source-busy", { host: this.source.label }, true);
      flight = this.start(key, lookup);
    }
    const mine = flight;
    mine.waiting++;
    const left = whenAborted(leave);
    try {
      return await Promise.race([mine.answer, left.promise]);
    } finally {
      left.forget();
      if (--mine.waiting === 0) mine.abort(new Error("nobody waits any more"));
    }
  }

  get health(): SourceHealth {
    const { failure, lastOk, lastMs, pausedUntil } = this;
    const used = this.count.hits + this.count.misses + this.count.failures > 0;
    return {
      state: failure ? (this.isPaused ? "paused" : "failing") : used ? "ok" : "unused",
      ...this.count,
      ...(failure && { failure }),
      ...(lastOk !== undefined && { lastOk }),
      ...(lastMs !== undefined && { lastMs }),
      ...(this.isPaused && Number.isFinite(pausedUntil) && { pausedUntil }),
    };
  }

  /** Somebody has looked at the configuration: a rejected key is tried again. */
  trustAgain(): void {
    if (this.failure?.code === "source-key") this.pausedUntil = -Infinity;
  }

  private get isPaused(): boolean {
    return this.clock.now() < this.pausedUntil;
  }

  private start(key: string, lookup: (signal: AbortSignal) => Promise<SourceAnswer>): InFlight {
    const controller = new AbortController();
    const answer = this.run(lookup, controller).finally(() => this.inFlight.delete(key));
    answer.catch(() => undefined); // everybody may have left
    const flight = { answer, waiting: 0, abort: (reason: Error) => controller.abort(reason) };
    this.inFlight.set(key, flight);
    return flight;
  }

  private async run(lookup: (signal: AbortSignal) => Promise<SourceAnswer>, controller: AbortController) {
    const { timeoutMs } = this.source.manners;
    const { signal } = controller;
    const aborted = whenAborted(signal);
    try {
      await Promise.race([this.waitForTurn(), aborted.promise]);
      if (this.isPaused && this.failure) throw this.failure;
      const startMs = this.clock.now();
      const late = new FritzError("source-timeout", { host: this.source.label }, true);
      const limit = this.clock.after(timeoutMs, () => controller.abort(late));
      try {
        const answer = await Promise.race([lookup(signal), aborted.promise]);
        this.wentRight(answer, this.clock.now() - startMs);
        return answer;
      } finally {
        limit.cancel();
      }
    } catch (error) {
      if (!signal.aborted || signal.reason instanceof FritzError) this.wentWrong(error);
      throw error;
    } finally {
      aborted.forget();
    }
  }

  private async waitForTurn(): Promise<void> {
    const now = this.clock.now();
    const start = Math.max(now, this.nextStart);
    this.nextStart = start + this.source.manners.gapMs;
    if (start <= now) return;
    this.queued++;
    await new Promise<void>((resolve) => this.clock.after(start - now, resolve));
    this.queued--;
  }

  private wentRight(answer: SourceAnswer, ms: number): void {
    this.count[answer ? "hits" : "misses"]++;
    this.failure = undefined;
    this.failuresInARow = 0;
    this.blockedInARow = 0;
    this.pausedUntil = -Infinity;
    this.lastOk = this.clock.now();
    this.lastMs = ms;
  }

  private wentWrong(error: unknown): void {
    if (error === this.failure && this.isPaused) return; // only told again
    const host = this.source.label;
    this.failure = error instanceof FritzError ? error : new FritzError("source-reply", { host, detail: "internal" });
    this.count.failures++;
    this.failuresInARow++;
    if (!this.source.local) this.pausedUntil = this.clock.now() + this.pauseMs(this.failure);
  }

  private pauseMs({ code, values }: FritzError): number {
    if (code === "source-key") return Infinity;
    if (code === "source-blocked") {
      return Math.max(Number(values["waitMs"] ?? 0), growing(BLOCKED, this.blockedInARow++));
    }
    return this.failuresInARow < PATIENCE ? 0 : growing(DOWN, this.failuresInARow - PATIENCE);
  }
}

function growing({ firstMs, factor, longestMs }: typeof DOWN, times: number): number {
  return Math.min(longestMs, firstMs * factor ** times);
}

/** Rejects with the signal's reason as soon as it is aborted; `forget` before leaving, so that nothing piles up on it. */
function whenAborted(signal: AbortSignal): { promise: Promise<never>; forget(): void } {
  let forget = () => undefined as void;
  const promise = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
    forget = () => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
  });
  promise.catch(() => undefined); // it is only one of those that are raced
  return { promise, forget };
}
