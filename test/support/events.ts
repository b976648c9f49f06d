/** Test support: call events and ids that are easy to tell apart. */
import type { CallEvent, Party } from "../../src/lib/calls/types";

export function party(number: string): Party {
  return { number, presentation: number === "" ? "restricted" : "allowed" };
}

/** A plausible event; what matters to a test is given in `over`. */
export function callEvent(over: Partial<CallEvent> = {}): CallEvent {
  return {
    event: "ring",
    callId: "call-1",
    connectionId: 0,
    at: "2020-06-16T12:25:42+02:00",
    direction: "incoming",
    caller: party("01755290123"),
    called: party("732123"),
    box: "home",
    raw: "16.06.20 12:25:42;RING;0;01755290123;732123;SIP1;",
    open: { ringing: 1, dialling: 0, talking: 0 },
    lineState: "ringing",
    ...over,
  };
}

/** "c1", "c2", ... */
export function counter(prefix = "c"): () => string {
  let n = 0;
  return () => `${prefix}${++n}`;
}
