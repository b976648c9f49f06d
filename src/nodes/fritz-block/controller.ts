/** Handles the messages of `fritz-block`: decides about calls, or executes commands. */
import { isCallerInfo, type CallerInfo } from "../../lib/callers/types";
import { isCallEvent, type CallEvent } from "../../lib/calls/types";
import { propertiesOf } from "../../lib/core/unknown";
import type { Decision, Phrase } from "../../lib/blocking/types";
import { isOfTheLine } from "../../lib/calls/line-state";
import { FritzError } from "../../lib/core/errors";
import {
  allowNumber,
  blockNumber,
  falseAlarm,
  type OrderParts,
  type OrderReport,
  undo,
} from "../../lib/blocking/commands";
import type { Blocker } from "../../lib/blocking/blocker";
import type { PastCaller } from "../../lib/blocking/blocker-types";
import type { RatingQueue } from "../../lib/blocking/rating-queue";
import type { Opinion } from "../../lib/blocking/rating-types";
import { isAnsweredOutgoing, learnCalled } from "../../lib/blocking/learn";
import { rehearse, toPastCall } from "../../lib/blocking/rehearse";
import type { BlockOptions } from "./options";
import type { Protection } from "./protection";
import type { BlockStatus } from "./status";
import type { Thresholds } from "./thresholds";
import { toUserError } from "../shared/messages";
import type { Message, Runtime, Send } from "../shared/red";

export interface ControllerParts extends OrderParts {
  RED: Runtime;
  options: BlockOptions;
  blocker: Blocker;
  phrase: Phrase;
  status: BlockStatus;
  protection: Protection;
  /** The rules that take their values from a message, a context or the environment. */
  thresholds: (msg: Message) => Promise<Thresholds>;
  /** Undefined: the user does not want numbers to be rated. */
  rating: RatingQueue | undefined;
}

const OPERATIONS = ["block", "allow", "undo", "false-alarm", "journal", "rehearse"] as const;
/** Upper bound, more than a box keeps (about 400). */
const MOST_CALLS = 5_000;
type Operation = (typeof OPERATIONS)[number];

export class BlockController {
  constructor(private readonly parts: ControllerParts) {}

  /** Sends the result of the message; rejects with the error to report. */
  async take(msg: Message, send: Send): Promise<void> {
    const operation = operationOf(msg);
    if (operation) return this.order(operation, msg, send);
    if (isOfTheLine(msg)) return send([msg, null]);
    const event = isCallEvent(msg.payload) ? msg.payload : undefined;
    const info = isCallerInfo(msg["callerInfo"]) ? msg["callerInfo"] : undefined;
    if (event?.direction === "outgoing") return this.outgoing(event, info, msg, send);
    const past = event ? [] : (Array.isArray(msg.payload) ? msg.payload : [msg.payload]).slice(0, MOST_CALLS);
    if (past.some((call) => toPastCall(call).length > 0)) return this.pastCalls(past, info, msg, send);
    const { blocker, status } = this.parts;
    if (!event && !info) throw new FritzError("block-input", { operations: OPERATIONS.join(", ") });
    const isNew = event?.event === "ring" || !event;
    const thresholds = isNew ? this.parts.thresholds(msg) : undefined;
    const own = thresholds?.then(({ rules }) => rules);
    const result = event ? await blocker.incoming(event, info, own) : info && (await blocker.caller(info, own));
    if (!result) return send([msg, null]); // its ring was missed
    const { decision, error } = result;
    const answer: Message = { ...msg, decision: { ...decision } };
    send(decision.verdict === "allow" ? [answer, null] : [null, answer]);
    const unusable = (await thresholds)?.error;
    if (isNew) {
      status.decided(decision, unusable);
      this.parts.protection.decided(info?.spam !== undefined);
    }
    if (error instanceof Error) throw error;
    if (unusable) throw unusable;
  }

  /** Calls of the box's list: one message each. */
  private async pastCalls(calls: unknown[], info: CallerInfo | undefined, msg: Message, send: Send): Promise<void> {
    const isOne = !Array.isArray(msg.payload);
    const { rules, error } = await this.parts.thresholds(msg);
    const own = Promise.resolve(rules);
    for (const call of calls) {
      const [past] = toPastCall(call);
      if (!past) continue;
      const known = past.info ?? (isOne ? info : undefined);
      const isOut = /outgoing/.test(past.kind);
      const decision = isOut ? this.outgoingDecision : await this.parts.blocker.past(past, known, own);
      const said = known && { callerInfo: structuredClone(known) };
      const answer: Message = { ...msg, payload: structuredClone(call), ...said, decision };
      send(decision.verdict === "allow" ? [answer, null] : [null, answer]);
    }
    if (error) throw error;
  }

  /** What a call would get, without any effect. Rejects with the error of a value that is not usable. */
  async judge(call: PastCaller, info: CallerInfo | undefined): Promise<Decision> {
    return this.parts.blocker.past(call, info, this.allThresholds({}));
  }

  private async allThresholds(msg: Message): Promise<Thresholds["rules"]> {
    const { rules, error } = await this.parts.thresholds(msg);
    if (error) throw error;
    return rules;
  }

  private get outgoingDecision(): Decision {
    return { verdict: "allow", because: "outgoing", explanation: this.parts.phrase("outgoing", {}), action: "none" };
  }

  /** Adds a decision for the log, never blocks. The message does not wait for the phonebook. */
  private async outgoing(event: CallEvent, info: CallerInfo | undefined, msg: Message, send: Send): Promise<void> {
    send([{ ...msg, decision: this.outgoingDecision }, null]);
    const { options, barring, lookup } = this.parts;
    if (!barring || !options.ops.includes("learn") || !isAnsweredOutgoing(event)) return;
    const error = await learnCalled({ barring, lookup }, event, info);
    if (error instanceof Error) throw error;
  }

  private async order(operation: Operation, msg: Message, send: Send): Promise<void> {
    const { memory, lookup, blocker, phrase } = this.parts;
    const answer = (payload: unknown, more: object = {}) => send([{ ...msg, payload, ...more }, null]);
    switch (operation) {
      case "journal": {
        const { journal, allowed, entries, pending } = memory;
        return answer(journal, structuredClone({ allowed, barred: entries, pending: pending.length }));
      }
      case "rehearse": {
        const rules = { ...blocker.rules, ...(await this.allThresholds(msg)) };
        return answer(await rehearse(msg.payload, lookup, rules, phrase, memory.journal));
      }
      case "block":
        return this.report(await blockNumber(this.parts, numberIn(msg)), answer, "spam");
      case "allow":
        return this.report(await allowNumber(this.parts, numberIn(msg)), answer);
      case "undo":
        return this.undo(await undo(this.parts, numberIn(msg)), answer);
      case "false-alarm":
        return this.report(await falseAlarm(this.parts, numberIn(msg)), answer, "fine");
    }
  }

  private undo(report: OrderReport, answer: (payload: unknown) => void): void {
    const isWithdrawn = this.parts.rating?.withdraw(report.number) === true;
    this.report(report, (payload) => answer({ ...(payload as object), ...(isWithdrawn && { rating: "none" }) }));
  }

  /** `rating`: what the order says of the number, for the community. */
  private report({ error, ...order }: OrderReport, answer: (payload: unknown) => void, rating?: Opinion): void {
    const queue = rating && !this.parts.dryRun ? this.parts.rating : undefined;
    if (rating) queue?.add(order.number, rating);
    const done = { ...order, ...(queue && { rating }) };
    const sentence = error instanceof Error ? { error: toUserError(this.parts.RED, error).message } : {};
    answer({ ...done, ...sentence });
    if (error instanceof Error) throw error;
  }
}

function operationOf({ operation, undo: takeBack }: Message): Operation | undefined {
  const known = OPERATIONS.find((one) => one === operation);
  return known ?? (takeBack === true || (typeof takeBack === "string" && takeBack !== "") ? "undo" : undefined);
}

/**
 * A number as text, the remote number of a call, or that of a caller or journal entry; undefined for anything
 * else, like a timestamp.
 */
function numberIn({ undo: takeBack, payload, callerInfo }: Message): string | undefined {
  const { direction, caller, called, number } = propertiesOf(payload);
  const remote = propertiesOf(direction === "outgoing" ? called : caller)["number"];
  const given = [takeBack, payload, remote, number, propertiesOf(callerInfo)["number"]];
  return given.find((one): one is string => typeof one === "string" && one.trim() !== "");
}
