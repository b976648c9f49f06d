/** L3 services: what a message asks `fritz-caller-info`: about a ring or a dialled call, about a plain number, or nothing. */
import type { CallEvent, Party } from "../model/call-event";
import { FritzError } from "../model/errors";

/** Whose number is asked for, the house's own end, and the call to which it belongs, if it is one. */
export interface AskedAbout {
  about: Party;
  direction: "in" | "out";
  house?: Party;
  event?: CallEvent;
}

/** With only an event it passes on. */
export type CallerQuestion = AskedAbout | { about?: undefined; event: CallEvent };

const EVENTS = ["ring", "call", "connect", "disconnect"];
/** Longer than any number with all its prefixes, separators and network number. */
const LONGEST_NUMBER = 100;

/** Reads a payload. `outgoing`: calls that are dialled in the house are asked about, too. Throws what a user can mend. */
export function readCallerQuestion(payload: unknown, outgoing: boolean): CallerQuestion {
  if (typeof payload === "string" || typeof payload === "number") return { about: toParty(payload), direction: "in" };
  if (!isCallEvent(payload)) throw new FritzError("caller-info-input");
  const { event, caller, called } = payload;
  if (event === "ring") return { about: caller, direction: "in", house: called, event: payload };
  if (event === "call" && outgoing) return { about: called, direction: "out", house: caller, event: payload };
  return { event: payload };
}

function toParty(payload: string | number): Party {
  const number = String(payload).trim();
  const sound = typeof payload === "string" || (Number.isSafeInteger(payload) && payload >= 0);
  if (!sound || number === "" || number.length > LONGEST_NUMBER) throw new FritzError("caller-info-input");
  return { number, presentation: "allowed" };
}

function isCallEvent(payload: unknown): payload is CallEvent {
  const { event, callId, caller, called } = (payload ?? {}) as Partial<Record<keyof CallEvent, unknown>>;
  return (
    typeof event === "string" &&
    EVENTS.includes(event) &&
    typeof callId === "string" &&
    isParty(caller) &&
    isParty(called)
  );
}

function isParty(value: unknown): value is Party {
  const { number } = (value ?? {}) as Partial<Record<keyof Party, unknown>>;
  return typeof number === "string" && number.length <= LONGEST_NUMBER;
}
