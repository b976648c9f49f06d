/** L5 nodes: what `fritz-block` does with a message: judge a call, or do what the user orders. */
import { propertiesOf } from "../../lib/model/properties";
import type { Phrase } from "../../lib/model/block-rules";
import type { CallEvent } from "../../lib/model/call-event";
import type { CallerInfo } from "../../lib/model/caller-info";
import { FritzError } from "../../lib/model/errors";
import { falseAlarm, type OrderParts, type OrderReport, undo } from "../../lib/services/block-orders";
import type { Blocker } from "../../lib/services/blocker";
import { isGoodCall, learnCalled } from "../../lib/services/good-callers";
import { isCallerInfo, isEvent } from "../../lib/services/log-record";
import { rehearse } from "../../lib/services/rehearsal";
import type { BlockOptions } from "./block-options";
import type { BlockStatus } from "./block-status";
import { toUserError } from "./messages";
import type { Message, Runtime, Send } from "./red";

export interface DeskParts extends OrderParts {
  RED: Runtime;
  options: BlockOptions;
  blocker: Blocker;
  phrase: Phrase;
  status: BlockStatus;
}

const OPERATIONS = ["journal", "undo", "false-alarm", "rehearse"] as const;
type Operation = (typeof OPERATIONS)[number];

export class BlockDesk {
  constructor(private readonly parts: DeskParts) {}

  /** Sends what comes of the message; rejects with what the user must hear of. */
  async take(msg: Message, send: Send): Promise<void> {
    const operation = operationOf(msg);
    if (operation) return this.order(operation, msg, send);
    const event = isEvent(msg.payload) ? msg.payload : undefined;
    const info = isCallerInfo(msg["callerInfo"]) ? msg["callerInfo"] : undefined;
    if (event?.direction === "outgoing") return this.outgoing(event, info, msg, send);
    const { blocker, status } = this.parts;
    if (!event && !info) throw new FritzError("block-input", { operations: OPERATIONS.join(", ") });
    const judged = event ? await blocker.incoming(event, info) : info && (await blocker.caller(info));
    if (!judged) return send([msg, null]); // its ring was never heard
    const { decision, error } = judged;
    const answer: Message = { ...msg, decision: { ...decision } };
    send(decision.verdict === "allow" ? [answer, null] : [null, answer]);
    if (event?.event === "ring" || !event) status.judged(decision, event?.at ?? "");
    if (error instanceof Error) throw error;
  }

  /** The message does not wait for the phonebook. */
  private async outgoing(event: CallEvent, info: CallerInfo | undefined, msg: Message, send: Send): Promise<void> {
    send([msg, null]);
    const { options, barring, lookup } = this.parts;
    if (!barring || !options.ops.includes("learn") || !isGoodCall(event)) return;
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
      case "rehearse":
        return answer(await rehearse(msg.payload, lookup, blocker.rules, phrase));
      case "undo":
        return this.report(await undo(this.parts, numberIn(msg)), answer);
      case "false-alarm":
        return this.report(await falseAlarm(this.parts, numberIn(msg)), answer);
    }
  }

  private report({ error, ...done }: OrderReport, answer: (payload: unknown) => void): void {
    const sentence = error instanceof Error ? { error: toUserError(this.parts.RED, error).message } : {};
    answer({ ...done, ...sentence });
    if (error instanceof Error) throw error;
  }
}

function operationOf({ operation, undo: takeBack }: Message): Operation | undefined {
  const known = OPERATIONS.find((one) => one === operation);
  return known ?? (takeBack === true || (typeof takeBack === "string" && takeBack !== "") ? "undo" : undefined);
}

/** A number as text, that of a call's other side, or of a caller or journal entry; none for anything else, like a time stamp. */
function numberIn({ undo: takeBack, payload, callerInfo }: Message): string | undefined {
  const { direction, caller, called, number } = propertiesOf(payload);
  const remote = propertiesOf(direction === "outgoing" ? called : caller)["number"];
  const given = [takeBack, payload, remote, number, propertiesOf(callerInfo)["number"]];
  return given.find((one): one is string => typeof one === "string" && one.trim() !== "");
}
