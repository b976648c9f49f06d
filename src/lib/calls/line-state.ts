/** State of the line: how many calls are ringing, dialling and talking, and the highest of the three. */
import { BoundedMap } from "../core/bounded-map";
import { propertiesOf } from "../core/unknown";
import type { CallEvent, CallEventName, LineCounts, LineState } from "./types";

/** talking > ringing > dialling > idle. */
export function lineStateOf({ ringing, dialling, talking }: LineCounts): LineState {
  if (talking > 0) return "talking";
  if (ringing > 0) return "ringing";
  return dialling > 0 ? "dialling" : "idle";
}

/** Upper bound, more calls than any box has at the same time. */
const MOST_CALLS = 256;

/** State of the line at one moment. */
export type LineNow = Pick<CallEvent, "open" | "lineState">;

/** Counts the calls of the events that it is given, for a node that selects some of a box's calls. */
export class LineCounter {
  private readonly calls = new BoundedMap<string, keyof LineCounts>(MOST_CALLS);

  /** Whether a call goes on. */
  has(callId: string): boolean {
    return this.calls.has(callId);
  }

  /** Applies the next event. Returns the state after it. */
  count({ callId, event }: Pick<CallEvent, "callId" | "event">): LineNow {
    this.calls.delete(callId);
    const state = STATE_AFTER[event];
    if (state !== undefined) this.calls.set(callId, state);
    return this.now;
  }

  /** The current state. */
  get now(): LineNow {
    const open: LineCounts = { ringing: 0, dialling: 0, talking: 0 };
    for (const state of this.calls.values()) open[state]++;
    return { open, lineState: lineStateOf(open) };
  }
}

/** What a call does after an event; undefined: it is over. */
const STATE_AFTER = {
  ring: "ringing",
  call: "dialling",
  connect: "talking",
  disconnect: undefined,
} as const satisfies Record<CallEventName, keyof LineCounts | undefined>;

/** Whether a message of the call monitor is about the line (`state`, `gap`), not of one call: other nodes pass it on as it is. */
export function isOfTheLine({ topic, payload }: { topic?: unknown; payload?: unknown }): boolean {
  const { box, event } = propertiesOf(payload);
  return (topic === "state" || topic === "gap") && typeof box === "string" && event === undefined;
}
