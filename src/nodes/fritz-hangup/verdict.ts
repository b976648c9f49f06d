/** Reads a verdict about a ringing call from a message: block, pass, or none. */
import { isCallEvent } from "../../lib/calls/types";
import { FritzError } from "../../lib/core/errors";
import { isOfTheLine } from "../../lib/calls/line-state";
import { propertiesOf } from "../../lib/core/unknown";
import type { Verdict } from "../../lib/sip/reports";
import type { Message } from "../shared/red";

const textOf = (value: unknown) => (typeof value === "string" ? value.trim() : "");

/**
 * Reads `msg.decision` with its ring, or a payload `{ action, number }`. Undefined for other events, replayed ones, and
 * what else comes out of the nodes before: the line's state, a gap, answers to orders (`msg.operation`).
 * Throws `hangup-input` for anything else.
 */
export function readVerdict(msg: Message): Verdict | undefined {
  const { payload, decision, operation } = msg;
  if (isOfTheLine(msg) || textOf(operation) !== "") return undefined;
  if (isCallEvent(payload)) {
    const { event, direction, replayed, caller } = payload;
    if (event !== "ring" || direction !== "incoming" || replayed === true || caller.number === "") return undefined;
    const { verdict, because, action, book } = propertiesOf(decision);
    if (verdict !== "block" && verdict !== "allow") throw new FritzError("hangup-input");
    return {
      action: verdict === "block" ? "block" : "pass",
      number: caller.number,
      because: textOf(because) || verdict,
      ...(textOf(book) !== "" && { book: textOf(book) }),
      ...(action === "dry-run" && { dryRun: true }),
    };
  }
  const { action, number, because, reason, sipCallId } = propertiesOf(payload);
  if ((action !== "block" && action !== "pass") || textOf(number) === "") throw new FritzError("hangup-input");
  return {
    action,
    number: textOf(number),
    because: textOf(because) || textOf(reason) || action,
    ...(textOf(sipCallId) !== "" && { sipCallId: textOf(sipCallId) }),
  };
}
