/** L3 services: one question to all sources: who may be asked, who waits for whom, and what is known at any moment. */
import { displayText } from "../domain/display";
import { isDecided, mergeFindings, type Testimony } from "../domain/merge";
import { callingCodeOf } from "../domain/number-forms";
import { keptInHouse } from "../domain/privacy-gate";
import type { CallerInfo, SourceReport } from "../model/caller-info";
import { FritzError } from "../model/errors";
import type { Clock } from "../model/ports";
import type { CallerSource, SourceAnswer, SourceQuery } from "../model/source";
import type { SourceGuard } from "./source-guard";
import type { SourceMemory } from "./source-memory";

/** A source in its place in the list. */
export interface ListedSource {
  source: CallerSource;
  guard: SourceGuard;
  /** Asked only if those above it have not found enough. */
  ifNeeded: boolean;
}

/** A failure of a source, for the sentence that goes with its report. */
export type SourceFailures = ReadonlyMap<string, FritzError>;

interface Result {
  report: SourceReport;
  answer: SourceAnswer;
}

/** What an inquiry needs besides its question. */
export interface InquiryTools {
  memory: SourceMemory;
  clock: Clock;
  /** The one who asks has gone. */
  gone: AbortSignal;
}

/** Begins as soon as it is made. */
export class Inquiry {
  readonly failures = new Map<string, FritzError>();
  /** All in the house have answered. */
  readonly inside: Promise<void>;
  /** All have answered. */
  readonly done: Promise<void>;
  private readonly results: (Result | undefined)[];

  /** `own`: the number is one of the house's own. */
  constructor(
    private readonly query: SourceQuery,
    own: boolean,
    private readonly listed: readonly ListedSource[],
    private readonly tools: InquiryTools,
  ) {
    this.results = listed.map(() => undefined);
    const kept = keptInHouse(query.number, own);
    const tasks: Promise<void>[] = [];
    const locals: Promise<void>[] = [];
    // Those in the house first: whoever is in the phonebook is not talked about outside.
    for (const local of [true, false]) {
      for (const [i, entry] of listed.entries()) {
        if (entry.source.local !== local) continue;
        const before = local ? [] : entry.ifNeeded ? [...locals, ...tasks.slice(0, i)] : [...locals];
        tasks[i] = this.answer(entry, before, kept).then((result) => void (this.results[i] = result));
        if (local) locals.push(tasks[i]);
      }
    }
    this.inside = Promise.all(locals).then(() => undefined);
    this.done = Promise.all(tasks).then(() => undefined);
  }

  /** What is known now. Sources that have not answered are reported as failed, and the answer as incomplete. */
  get info(): CallerInfo {
    const { number, written } = this.query;
    const { name, place, contact, spam } = mergeFindings(this.testimonies);
    const known = {
      number: written,
      ...(number.e164 !== null && { e164: number.e164 }),
      type: number.type,
      flags: [...number.flags],
      ...(name !== undefined && { name }),
      ...(place && { place }),
      ...(contact && { contact }),
      ...(spam && { spam }),
      sources: this.results.map((result, i) => ({
        ...(result?.report ?? { id: this.listed[i]?.source.id ?? "", status: "failed" as const, because: "deadline" }),
      })),
      complete: this.results.every((result) => result !== undefined),
    };
    return { ...known, display: displayText(known) };
  }

  private get testimonies(): Testimony[] {
    return this.listed.flatMap(({ source }, i) => {
      const finding = this.results[i]?.answer;
      return finding ? [{ source, finding }] : [];
    });
  }

  /** Never rejects. */
  private async answer(entry: ListedSource, before: Promise<void>[], kept: string | undefined): Promise<Result> {
    const { source } = entry;
    const skipped = (because: string): Result => ({
      report: { id: source.id, status: "skipped", because },
      answer: null,
    });
    const unfit = source.unready ?? (source.local ? undefined : (kept ?? this.foreignTo(source)));
    if (unfit !== undefined) return skipped(unfit);
    await Promise.all(before);
    const merged = mergeFindings(this.testimonies);
    if (!source.local && merged.contact) return skipped("phonebook");
    const decided = entry.ifNeeded && isDecided(merged, this.testimonies, source.kinds.includes("score"));
    return decided ? skipped("decided") : this.ask(entry);
  }

  private foreignTo({ countries }: CallerSource): string | undefined {
    const { e164 } = this.query.number;
    if (countries.length === 0 || e164 === null) return undefined;
    return callingCodeOf(e164, countries) === undefined ? "country" : undefined;
  }

  private async ask({ source, guard }: ListedSource): Promise<Result> {
    const { memory, clock, gone } = this.tools;
    const key = this.query.number.e164 ?? this.query.written;
    const startMs = clock.now();
    const report = (fields: Partial<SourceReport> & Pick<SourceReport, "status">): SourceReport => ({
      id: source.id,
      ...fields,
      ms: Math.round(clock.now() - startMs),
    });
    try {
      await memory.ready;
      const known = source.local ? undefined : memory.recall(source, key);
      if (known)
        return { report: report({ status: known.answer ? "hit" : "miss", cached: true }), answer: known.answer };
      const answer = await guard.ask(key, (signal) => this.lookup(source, key, signal), gone);
      return { report: report({ status: answer ? "hit" : "miss" }), answer };
    } catch (error) {
      if (error instanceof FritzError) this.failures.set(source.id, error);
      const because = error instanceof FritzError ? error.code : gone.aborted ? "stopped" : "internal";
      return { report: report({ status: "failed", because }), answer: null };
    }
  }

  private async lookup(source: CallerSource, key: string, signal: AbortSignal): Promise<SourceAnswer> {
    const { memory } = this.tools;
    if (!memory.take(source)) throw new FritzError("source-quota", { host: source.label });
    const answer = await source.lookup(this.query, signal);
    if (!source.local) memory.remember(source, key, answer);
    return answer;
  }
}
