/** Past calls: a call of the box's list, or the list itself. Answered when all ticked sources were asked at their pace. */
import type { Call } from "../../lib/calls/types";
import type { CallerInfo } from "../../lib/callers/types";
import { listedCallsIn, type PastHandlers, PastLookups, type PastMessage } from "../../lib/callers/past-lookups";
import { systemClock } from "../../lib/core/clock";
import type { CallerInfoNode } from "./admin";
import { askedAboutCall, toQuestion } from "./question";
import type { SourceFailureNotifier } from "./source-failures";
import type { CallerInfoStatus } from "./status";
import { emit, keepOverDeploys } from "../shared/input";
import { ownFile, reportingStores } from "../shared/stores";
import type { Message, Runtime, Send } from "../shared/red";

export class PastController {
  private readonly lookups: PastLookups;
  private readonly handlers: PastHandlers;
  private patient: ReturnType<CallerInfoNode["service"]["patiently"]> | undefined;
  private done = 0;
  private total = 0;

  constructor(
    private readonly RED: Runtime,
    private readonly node: CallerInfoNode,
    private readonly outgoing: boolean,
    private readonly status: CallerInfoStatus,
    private readonly failures: SourceFailureNotifier,
  ) {
    this.lookups = keepOverDeploys(RED, node, "past", () => {
      const store = reportingStores(RED, node, "answer-store")(ownFile(RED, "past", node.id));
      return new PastLookups(store, systemClock);
    });
    this.handlers = {
      ask: (call, stopped) => this.ask(call, stopped),
      answer: (msg, cancelled) => this.answer(msg, cancelled),
      progress: (done, total) => {
        Object.assign(this, { done, total });
        status.progress(done, total);
      },
    };
    this.lookups.attach(this.handlers);
  }

  /** Whether the payload is a call of the box's list, or such a list. */
  takes(payload: unknown): boolean {
    return (Array.isArray(payload) && payload.length === 0) || listedCallsIn(payload).length > 0;
  }

  /** An empty list goes on at once. Throws if too much waits. */
  add(msg: Message, send: Send): void {
    if (Array.isArray(msg.payload) && msg.payload.length === 0) return send([msg, null]);
    this.lookups.add(msg);
  }

  cancel(): void {
    this.lookups.cancel();
  }

  close(removed: boolean): Promise<void> {
    return this.lookups.detach(this.handlers, removed);
  }

  private async ask(call: Call, stopped: AbortSignal): Promise<CallerInfo | null | undefined> {
    const asked = askedAboutCall(call, this.outgoing);
    if (!asked) return null;
    const { service, homeCache } = this.node;
    const waiting = (untilMs?: number) => this.status.progress(this.done, this.total, untilMs);
    this.patient ??= service.patiently(waiting);
    const known = await this.patient.ask(toQuestion(asked, await homeCache.now()), stopped);
    return known && this.failures.explain(known.info, known.failures);
  }

  private answer(msg: PastMessage, cancelled: boolean): void {
    emit(this.RED, this.node, [{ ...msg, ...(cancelled && { cancelled }) }, null]);
  }
}
