/** L3 services: who is calling? All sources at once, an answer at the deadline at the latest, and what came too late afterwards. */
import { setMaxListeners } from "node:events";
import type { CallerInfo } from "../model/caller-info";
import type { DialPlan, NormalizedNumber } from "../model/phone-number";
import type { Clock } from "../model/ports";
import type { CallerSource, Store } from "../model/source";
import { Inquiry, type ListedSource, type SourceFailures } from "./inquiry";
import type { SourceHealth } from "./source-guard";
import type { SourceGuards } from "./source-guards";
import { SourceMemory } from "./source-memory";

/** What a service is made of. */
export interface CallerInfoOptions {
  /** In the order in which they count. `ifNeeded`: asked only if those above have not found enough. */
  sources: readonly { source: CallerSource; ifNeeded?: boolean }[];
  normalize: (written: string, plan: DialPlan) => NormalizedNumber;
  guards: SourceGuards;
  store: Store;
  clock: Clock;
}

/** Whose number it is. */
export interface Question {
  /** As the box wrote it; empty if it is withheld. */
  written: string;
  plan: DialPlan;
  /** It is one of the house's own numbers. */
  own?: boolean;
}

/** What comes of a question. */
export interface Answers {
  /** At the deadline at the latest. Never rejects. */
  first: Promise<CallerInfo>;
  /** If the deadline cut sources off and they have found something new: all that is known then. Else undefined. */
  late: Promise<CallerInfo | undefined>;
  /** The call has gone on: gives the first answer as soon as those in the house have answered. */
  hurry(): void;
  /** Why sources failed so far, by their id. */
  failures: SourceFailures;
}

/** Asks the sources of one node. Close it when the node closes. */
export class CallerInfoService {
  private readonly listed: readonly ListedSource[];
  private readonly memory: SourceMemory;
  private readonly closing = new AbortController();

  constructor(private readonly options: CallerInfoOptions) {
    setMaxListeners(0, this.closing.signal); // many calls may wait for many sources
    this.memory = new SourceMemory(options.store, options.clock);
    this.listed = options.sources.map(({ source, ifNeeded = false }) => ({
      source,
      guard: options.guards.of(source),
      ifNeeded,
    }));
  }

  ask({ written, plan, own = false }: Question, deadlineMs: number): Answers {
    const { normalize, clock } = this.options;
    const query = { written, number: normalize(written, plan), plan };
    const tools = { memory: this.memory, clock, gone: this.closing.signal };
    const inquiry = new Inquiry(query, own, this.listed, tools);
    let answer = () => undefined as void;
    const first = new Promise<CallerInfo>((resolve) => {
      const timer = clock.after(deadlineMs, () => resolve(inquiry.info));
      answer = () => {
        timer.cancel();
        resolve(inquiry.info);
      };
    });
    void inquiry.done.then(answer);
    const hurry = () => void inquiry.inside.then(answer);
    return { first, late: this.whatIsNew(first, inquiry), hurry, failures: inquiry.failures };
  }

  /** How each source is doing, in the order of the list. */
  health(): { id: string; label: string; health: SourceHealth; unready?: string }[] {
    return this.listed.map(({ source: { id, label, unready }, guard }) => ({
      id,
      label,
      health: guard.health,
      ...(unready !== undefined && { unready }),
    }));
  }

  /** Forgets all that sources have said of callers. */
  forget(): Promise<void> {
    return this.memory.forget();
  }

  /** Calls off what nobody else waits for, and writes what is to be kept. */
  async close(): Promise<void> {
    this.closing.abort(new Error("closed"));
    await this.memory.flush();
  }

  private async whatIsNew(first: Promise<CallerInfo>, inquiry: Inquiry): Promise<CallerInfo | undefined> {
    const before = await first;
    if (before.complete) return undefined;
    await inquiry.done;
    const after = inquiry.info;
    const gist = ({ name, place, spam }: CallerInfo) => JSON.stringify([name, place, spam]);
    return !this.closing.signal.aborted && gist(before) !== gist(after) ? after : undefined;
  }
}
