/**
 * Looks up a caller in all sources: answers at the deadline at the latest, and reports late results
 * afterwards.
 */
import { defined } from "../core/defined";
import { setMaxListeners } from "node:events";
import type { KindWords } from "./kind";
import type { CallerInfo } from "./types";
import type { DialPlan, NormalizedNumber } from "../numbers/index";
import type { Clock } from "../core/clock";
import type { CallerSource } from "./source";
import { Lookup, type LookupTools, type SourceFailures } from "./lookup";
import { SourcePatience } from "./patience";
import type { SourceHealth } from "./circuit-breaker";
import type { ListedSource, CircuitBreakers } from "./circuit-breakers";
import { AnswerCache } from "./answer-cache";
import type { Store } from "../core/store";

/** Dependencies of the service. */
export interface CallerInfoOptions {
  /** In the order of priority. `ifNeeded`: queried only if those above have not found enough. */
  sources: readonly { source: CallerSource; ifNeeded?: boolean }[];
  normalize: (written: string, plan: DialPlan) => NormalizedNumber;
  guards: CircuitBreakers;
  store: Store;
  clock: Clock;
  words?: KindWords;
}

/** The number to look up. */
export interface Question {
  /** As the box wrote it; empty if it is withheld. */
  written: string;
  plan: DialPlan;
  /** It is an own number. */
  own?: boolean;
}

/** Results of a lookup. */
export interface Answers {
  /** At the deadline at the latest. Never rejects. */
  first: Promise<CallerInfo>;
  /** All results, if the deadline cut sources off that then found something new. Else undefined. */
  late: Promise<CallerInfo | undefined>;
  /** Resolves `first` as soon as the local sources have answered. */
  flush(): void;
  /** Failures of sources so far, by id. */
  failures: SourceFailures;
}

/** Lookups that have time. */
export interface PatientLookups {
  /** Resolves when all sources have answered or are given up; undefined if it was stopped. Never rejects. */
  ask(question: Question, stop: AbortSignal): Promise<{ info: CallerInfo; failures: SourceFailures } | undefined>;
}

/** Queries the sources of one node. Close it with the node. */
export class CallerInfoService {
  private readonly listed: readonly ListedSource[];
  private readonly cache: AnswerCache;
  private readonly closing = new AbortController();

  constructor(private readonly options: CallerInfoOptions) {
    setMaxListeners(0, this.closing.signal); // many calls may wait for many sources
    this.cache = new AnswerCache(options.store, options.clock);
    this.listed = options.sources.map(({ source, ifNeeded = false }) => ({
      source,
      guard: options.guards.of(source),
      ifNeeded,
    }));
  }

  /**
   * For questions that have time: `ask` one after the other. Waits for the pace, the pauses and the daily quotas of the sources; a
   * source that stays down is given up. `waiting`: called with the time until which it waits.
   */
  patiently(waiting: (untilMs: number | undefined) => void): PatientLookups {
    const patience = new SourcePatience(this.options.clock, waiting, this.cache.quotas);
    return {
      ask: async (question, stop) => {
        const stopped = AbortSignal.any([this.closing.signal, stop]);
        setMaxListeners(0, stopped);
        const lookup = this.lookup(question, { patience, stopped });
        await lookup.done;
        return stopped.aborted ? undefined : { info: lookup.info, failures: lookup.failures };
      },
    };
  }

  ask(question: Question, deadlineMs: number): Answers {
    const { clock } = this.options;
    const lookup = this.lookup(question, { stopped: this.closing.signal });
    let answer = () => undefined as void;
    const first = new Promise<CallerInfo>((resolve) => {
      const timer = clock.after(deadlineMs, () => resolve(lookup.info));
      answer = () => {
        timer.cancel();
        resolve(lookup.info);
      };
    });
    void lookup.done.then(answer);
    const flush = () => void lookup.localDone.then(answer);
    return { first, late: this.lateAnswer(first, lookup), flush: flush, failures: lookup.failures };
  }

  /** State of each source, in the order of the list. */
  health(): { id: string; label: string; scores: boolean; health: SourceHealth; unready?: string }[] {
    return this.listed.map(({ source: { id, label, kinds, unready }, guard }) => ({
      id,
      label,
      scores: kinds.includes("score"),
      health: guard.health,
      ...defined({ unready }),
    }));
  }

  /** Clears the cached answers. */
  forget(): Promise<void> {
    return this.cache.forget();
  }

  /** Saves the cache, and aborts running queries: now, or once `answered` resolves. */
  async close(answered?: Promise<void>): Promise<void> {
    const end = () => this.closing.abort(new Error("closed"));
    if (answered) void answered.then(end);
    else end();
    await this.cache.flush();
  }

  private lookup({ written, plan, own = false }: Question, more: Pick<LookupTools, "stopped" | "patience">): Lookup {
    const { normalize, clock, words } = this.options;
    const query = { written, number: normalize(written, plan), plan };
    return new Lookup(query, own, this.listed, { cache: this.cache, clock, ...defined({ words }), ...more });
  }

  private async lateAnswer(first: Promise<CallerInfo>, lookup: Lookup): Promise<CallerInfo | undefined> {
    const before = await first;
    if (before.complete) return undefined;
    await lookup.done;
    const after = lookup.info;
    const summary = ({ name, place, spam }: CallerInfo) => JSON.stringify([name, place, spam]);
    return !this.closing.signal.aborted && summary(before) !== summary(after) ? after : undefined;
  }
}
