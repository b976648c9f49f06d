/** The rehearsal of the dialog with scores: asks the sources of the caller info before the node for each call, at their pace. */
import { defined } from "../../lib/core/defined";
import type { Call } from "../../lib/calls/types";
import type { CallerInfoNode } from "../fritz-caller-info/admin";
import { askedAboutCall, toQuestion } from "../fritz-caller-info/question";

/** What the dialog shows. `payload`: the result, as of the operation "rehearse". */
export interface RehearsalProgress {
  done: number;
  total: number;
  payload?: unknown;
}

export interface RehearsalParts {
  calls(): Promise<readonly Call[]>;
  /** The caller info before the node, if there is one. */
  before(): CallerInfoNode | undefined;
  /** Rehearses calls that may have `callerInfo`. */
  rehearse(calls: readonly object[]): Promise<unknown>;
}

/** One run at a time; it goes on while the dialog is closed. */
export class ScoredRehearsal {
  private run: Run | undefined;

  constructor(private readonly parts: RehearsalParts) {}

  /** Begins, unless a run is on its way. */
  start(): RehearsalProgress {
    if (!this.run || this.run.isOver) this.run = new Run(this.parts);
    return this.run.progress();
  }

  /** Throws what the run failed with. */
  progress(): RehearsalProgress {
    return this.run?.progress() ?? { done: 0, total: 0 };
  }

  /** Asks no more; the result is that of what is known. */
  cancel(): RehearsalProgress {
    this.run?.stopping.abort();
    return this.progress();
  }

  close(): void {
    this.run?.stopping.abort();
  }
}

class Run {
  readonly stopping = new AbortController();
  isOver = false;
  private done = 0;
  private total = 0;
  private payload: unknown;
  private failure: { error: unknown } | undefined;

  constructor(parts: RehearsalParts) {
    this.work(parts).then(
      (payload) => Object.assign(this, { payload, isOver: true }),
      (error: unknown) => Object.assign(this, { failure: { error }, isOver: true }),
    );
  }

  progress(): RehearsalProgress {
    if (this.failure) throw this.failure.error;
    const { done, total, payload } = this;
    return { done, total, ...defined({ payload }) };
  }

  private async work(parts: RehearsalParts): Promise<unknown> {
    const calls = await parts.calls();
    const before = parts.before();
    if (!before) return parts.rehearse(calls);
    this.total = calls.length;
    const patient = before.service.patiently(() => undefined);
    const enriched: object[] = [];
    for (const call of calls) {
      const asked = this.stopping.signal.aborted ? undefined : askedAboutCall(call, false);
      const question = asked && toQuestion(asked, await before.homeCache.now());
      const known = question && (await patient.ask(question, this.stopping.signal));
      enriched.push(known ? { ...call, callerInfo: known.info } : call);
      this.done++;
    }
    return parts.rehearse(enriched);
  }
}
