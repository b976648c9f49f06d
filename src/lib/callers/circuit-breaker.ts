/**
 * Circuit breaker and rate limiter of a source: one request at a time for a number, a minimum interval, a
 * time limit, and a pause while the source is down or refuses requests.
 */
import { defined } from "../core/defined";
import { MINUTE_MS, type Clock } from "../core/clock";
import { FritzError } from "../core/errors";
import type { CallerSource, SourceAnswer } from "./source";

/** State of a source. Times are ms since 1970. */
export interface SourceHealth {
  state: "unused" | "ok" | "failing" | "paused";
  hits: number;
  misses: number;
  failures: number;
  /** The last failure, until the next success. */
  failure?: FritzError;
  lastOk?: number;
  /** Duration of the last request. */
  lastMs?: number;
  /** No request before this time; missing for a rejected key, which waits for a new configuration. */
  pausedUntil?: number;
}

/** Pause of a source that refuses requests, longer each time. */
const BLOCKED = { firstMs: 5 * MINUTE_MS, factor: 1.5, longestMs: 24 * 60 * MINUTE_MS };
/** Consecutive failures after which a source counts as down. */
const PATIENCE = 3;
const DOWN = { firstMs: 2 * MINUTE_MS, factor: 2, longestMs: 15 * MINUTE_MS };
/** Most requests waiting for the interval. */
const LONGEST_QUEUE = 20;

interface InFlight {
  answer: Promise<SourceAnswer>;
  waiting: number;
  abort(reason: Error): void;
}

/** One for each source of the process. */
export class CircuitBreaker {
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
    private readonly source: Pick<CallerSource, "policy" | "label" | "local">,
    private readonly clock: Clock,
  ) {}

  /**
   * Queries the source, or joins a running query for the same key. `leave`: cancels this caller; the request
   * is aborted when all callers have left. Rejects with the failure, also during a pause.
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
      if (--mine.waiting === 0) mine.abort(new Error("all callers have left"));
    }
  }

  get health(): SourceHealth {
    const { failure, lastOk, lastMs, pausedUntil } = this;
    const used = this.count.hits + this.count.misses + this.count.failures > 0;
    return {
      state: failure ? (this.isPaused ? "paused" : "failing") : used ? "ok" : "unused",
      ...this.count,
      ...defined({ failure, lastOk, lastMs }),
      ...(this.isPaused && Number.isFinite(pausedUntil) && { pausedUntil }),
    };
  }

  /** Ends the pause after a rejected key or too slow rules, since the configuration was opened. */
  resetKeyFailure(): void {
    if (this.failure?.code === "source-key" || this.failure?.code === "source-rules") this.pausedUntil = -Infinity;
  }

  private get isPaused(): boolean {
    return this.clock.now() < this.pausedUntil;
  }

  private start(key: string, lookup: (signal: AbortSignal) => Promise<SourceAnswer>): InFlight {
    const controller = new AbortController();
    const answer = this.run(lookup, controller).finally(() => this.inFlight.delete(key));
    answer.catch(() => undefined); // all callers may have left
    const flight = { answer, waiting: 0, abort: (reason: Error) => controller.abort(reason) };
    this.inFlight.set(key, flight);
    return flight;
  }

  private async run(lookup: (signal: AbortSignal) => Promise<SourceAnswer>, controller: AbortController) {
    const { timeoutMs } = this.source.policy;
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
        this.onSuccess(answer, this.clock.now() - startMs);
        return answer;
      } finally {
        limit.cancel();
      }
    } catch (error) {
      if (!signal.aborted || signal.reason instanceof FritzError) this.onFailure(error);
      throw error;
    } finally {
      aborted.forget();
    }
  }

  private async waitForTurn(): Promise<void> {
    const now = this.clock.now();
    const start = Math.max(now, this.nextStart);
    this.nextStart = start + this.source.policy.minIntervalMs;
    if (start <= now) return;
    this.queued++;
    await new Promise<void>((resolve) => this.clock.after(start - now, resolve));
    this.queued--;
  }

  private onSuccess(answer: SourceAnswer, ms: number): void {
    this.count[answer ? "hits" : "misses"]++;
    this.failure = undefined;
    this.failuresInARow = 0;
    this.blockedInARow = 0;
    this.pausedUntil = -Infinity;
    this.lastOk = this.clock.now();
    this.lastMs = ms;
  }

  private onFailure(error: unknown): void {
    if (error === this.failure && this.isPaused) return; // the failure of the pause, counted before
    const host = this.source.label;
    this.failure = error instanceof FritzError ? error : new FritzError("source-reply", { host, detail: "internal" });
    this.count.failures++;
    this.failuresInARow++;
    if (!this.source.local) this.pausedUntil = this.clock.now() + this.pauseMs(this.failure);
  }

  private pauseMs({ code, values }: FritzError): number {
    if (code === "source-key") return Infinity;
    if (code === "source-rules") return growing(BLOCKED, this.blockedInARow++); // each try costs the thread its whole time limit
    if (code === "source-blocked") {
      return Math.max(Number(values["waitMs"] ?? 0), growing(BLOCKED, this.blockedInARow++));
    }
    return this.failuresInARow < PATIENCE ? 0 : growing(DOWN, this.failuresInARow - PATIENCE);
  }
}

function growing({ firstMs, factor, longestMs }: typeof DOWN, times: number): number {
  return Math.min(longestMs, firstMs * factor ** times);
}

/**
 * Rejects with the signal's reason as soon as it is aborted; call `forget` at the end, so that no listeners
 * accumulate.
 */
function whenAborted(signal: AbortSignal): { promise: Promise<never>; forget(): void } {
  let forget = () => undefined as void;
  const promise = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
    forget = () => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
  });
  promise.catch(() => undefined); // only used in a race
  return { promise, forget };
}
