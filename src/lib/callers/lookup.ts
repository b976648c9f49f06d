/** One lookup in all sources: which are queried, in which order, and the merged result at any moment. */
import { defined } from "../core/defined";
import { displayText, isDecided, mergeFindings, type Vote } from "./merge";
import { describeKind, type KindWords, linkTo } from "./kind";
import { callingCodeOf } from "../numbers/index";
import { keptLocal } from "./privacy";
import type { CallerInfo, SourceReport } from "./types";
import { FritzError } from "../core/errors";
import type { Clock } from "../core/clock";
import type { CallerSource, SourceAnswer, SourceQuery } from "./source";
import type { ListedSource } from "./circuit-breakers";
import type { AnswerCache } from "./answer-cache";
import type { Patience } from "./patience";

/** Failures of sources by id, for the sentences of their reports. */
export type SourceFailures = ReadonlyMap<string, FritzError>;

interface SourceResult {
  report: SourceReport;
  answer: SourceAnswer;
}

/** What a lookup needs besides its query. */
export interface LookupTools {
  cache: AnswerCache;
  clock: Clock;
  /** Aborted when the node closes. */
  stopped: AbortSignal;
  /** Undefined: kinds are not described. */
  words?: KindWords;
  /** For a lookup that has time: waits and asks again where a ring would go on without the answer. */
  patience?: Patience;
}

/** Starts when it is constructed. */
export class Lookup {
  readonly failures = new Map<string, FritzError>();
  /** Resolves when all local sources have answered. */
  readonly localDone: Promise<void>;
  /** Resolves when all sources have answered. */
  readonly done: Promise<void>;
  private readonly results: (SourceResult | undefined)[];

  /** `own`: it is an own number. */
  constructor(
    private readonly query: SourceQuery,
    private readonly own: boolean,
    private readonly listed: readonly ListedSource[],
    private readonly tools: LookupTools,
  ) {
    this.results = listed.map(() => undefined);
    const kept = keptLocal(query.number, own);
    const tasks: Promise<void>[] = [];
    const locals: Promise<void>[] = [];
    // Local sources first: a number in the phonebook is not sent to others.
    for (const local of [true, false]) {
      for (const [i, entry] of listed.entries()) {
        if (entry.source.local !== local) continue;
        const before = local ? [] : entry.ifNeeded ? [...locals, ...tasks.slice(0, i)] : [...locals];
        tasks[i] = this.answer(entry, before, kept).then((result) => void (this.results[i] = result));
        if (local) locals.push(tasks[i]);
      }
    }
    this.localDone = Promise.all(locals).then(() => undefined);
    this.done = Promise.all(tasks).then(() => undefined);
  }

  /** The result so far. Sources without an answer are reported as failed, and the result as incomplete. */
  get info(): CallerInfo {
    const { number, written } = this.query;
    const { name, place, contact, spam } = mergeFindings(this.votes);
    const known = {
      number: written,
      ...(number.e164 !== null && { e164: number.e164 }),
      type: number.type,
      ...describeKind(number, this.tools.words),
      flags: [...number.flags],
      ...defined({ name, place, contact, spam }),
      ...(!contact && defined({ link: linkTo(number, this.own) })),
      sources: this.results.map((result, i) => ({
        ...(result?.report ?? { id: this.listed[i]?.source.id ?? "", status: "failed" as const, because: "deadline" }),
      })),
      complete: this.results.every((result) => result !== undefined),
    };
    return { ...known, display: displayText(known) };
  }

  private get votes(): Vote[] {
    return this.listed.flatMap(({ source }, i) => {
      const finding = this.results[i]?.answer;
      return finding ? [{ source, finding }] : [];
    });
  }

  /** Never rejects. */
  private async answer(entry: ListedSource, before: Promise<void>[], kept: string | undefined): Promise<SourceResult> {
    const { source } = entry;
    const skipped = (because: string): SourceResult => ({
      report: { id: source.id, status: "skipped", because },
      answer: null,
    });
    const unfit = source.unready ?? (source.local ? undefined : (kept ?? this.foreignTo(source)));
    if (unfit !== undefined) return skipped(unfit);
    await Promise.all(before);
    const merged = mergeFindings(this.votes);
    if (!source.local && merged.contact) return skipped("phonebook");
    const decided = entry.ifNeeded && isDecided(merged, this.votes, source.kinds.includes("score"));
    return decided ? skipped("decided") : this.ask(entry);
  }

  private foreignTo({ countries }: CallerSource): string | undefined {
    const { e164 } = this.query.number;
    if (countries.length === 0 || e164 === null) return undefined;
    return callingCodeOf(e164, countries) === undefined ? "country" : undefined;
  }

  private async ask(entry: ListedSource): Promise<SourceResult> {
    const { source, guard } = entry;
    const { cache, clock, stopped, patience } = this.tools;
    const key = this.query.number.e164 ?? this.query.written;
    const startMs = clock.now();
    const report = (fields: Partial<SourceReport> & Pick<SourceReport, "status">): SourceReport => ({
      id: source.id,
      ...fields,
      ms: Math.round(clock.now() - startMs),
    });
    await cache.ready;
    for (;;) {
      const known = source.local ? undefined : cache.recall(source, key);
      if (known)
        return { report: report({ status: known.answer ? "hit" : "miss", cached: true }), answer: known.answer };
      try {
        const answer = await guard.ask(key, (signal) => this.lookup(source, key, signal), stopped);
        patience?.answered(source);
        return { report: report({ status: answer ? "hit" : "miss" }), answer };
      } catch (error) {
        if (await patience?.again(entry, error, stopped)) continue;
        if (error instanceof FritzError) this.failures.set(source.id, error);
        const because = reasonOf(error) ?? (stopped.aborted ? "stopped" : "internal");
        return { report: report({ status: "failed", because }), answer: null };
      }
    }
  }

  private async lookup(source: CallerSource, key: string, signal: AbortSignal): Promise<SourceAnswer> {
    const { cache } = this.tools;
    if (!cache.take(source, this.tools.patience?.share)) throw new FritzError("source-quota", { host: source.label });
    const answer = await source.lookup(this.query, signal);
    if (!source.local) cache.remember(source, key, answer);
    return answer;
  }
}

/** The code of a failure; for unknown contacts their reason. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof FritzError)) return undefined;
  return error.code === "contacts-unknown" ? String(error.values["reason"]) : error.code;
}
