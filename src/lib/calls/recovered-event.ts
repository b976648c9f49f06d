/** A call of the box's call list -> the event of its end. */
import { defined } from "../core/defined";
import { isoAt } from "./box-time";
import type { Call, CallEvent, Outcome } from "./types";
import { describeExtension } from "./monitor-line";
import type { ReportedCall } from "./reported-calls";

export interface RecoveredContext {
  box: string;
  newId: () => string;
  /** IANA; "" = this computer's. */
  timeZone: string;
}

/** No connection of the box. */
const NO_CONNECTION = -1;

/**
 * A complete end with `recovered`; `reported` is what is known of the same call. The list has no seconds: `at` is the minute in which
 * the call began, and the minutes of talk, rounded up.
 */
export function recoveredEvent(call: Call, reported: ReportedCall | undefined, context: RecoveredContext): CallEvent {
  const { durationSeconds: listed, caller, called, line, port = -1, device } = call;
  const outgoing = call.kind === "outgoing" || call.kind === "active-outgoing";
  const { talked } = reported ?? {};
  const durationSeconds = talked !== undefined && Math.ceil(talked / 60) * 60 === listed ? talked : listed;
  const extension = port >= 0 && (outgoing || durationSeconds > 0) ? describeExtension(port) : {};
  const name = device ?? extension.device;
  return {
    event: "disconnect",
    callId: reported?.callId ?? context.newId(),
    connectionId: NO_CONNECTION,
    at: isoAt(Date.parse(call.at) + listed * 1000, context.timeZone),
    direction: outgoing ? "outgoing" : "incoming",
    caller: { ...caller },
    called: { ...called },
    ...defined({ line, extension: extension.extension, device: name }),
    durationSeconds,
    outcome: outcomeOf(call, extension.machine === true),
    box: context.box,
    raw: "",
    open: { ringing: 0, dialling: 0, talking: 0 },
    lineState: "idle",
    recovered: true,
  };
}

/** The ends of several calls, in the order in which these began. */
export function recoveredEvents(
  missed: readonly { call: Call; reported?: ReportedCall | undefined }[],
  context: RecoveredContext,
): CallEvent[] {
  return [...missed]
    .sort((a, b) => Date.parse(a.call.at) - Date.parse(b.call.at) || Number(a.call.id) - Number(b.call.id))
    .map(({ call, reported }) => recoveredEvent(call, reported, context));
}

function outcomeOf({ kind, durationSeconds }: Call, machine: boolean): Outcome {
  switch (kind) {
    case "answered":
    case "active":
      return machine ? "machine" : "answered";
    case "missed":
    case "rejected":
      return kind;
    case "outgoing":
    case "active-outgoing":
      return durationSeconds > 0 ? "answered" : "unreached";
  }
}
