/** Reads the payload of `fritz-caller-info`: a ring or outgoing call, a plain number, or another event. */
import type { Call, CallEvent, CallEventName, Party } from "../../lib/calls/types";
import type { Question } from "../../lib/callers/caller-info";
import { FritzError } from "../../lib/core/errors";
import { type DialPlan, isOwnNumber } from "../../lib/numbers/index";

/** The number to look up, the own number of the call, and its event. */
export interface AskedAbout {
  about: Party;
  direction: "in" | "out";
  ownParty?: Party;
  event?: CallEvent;
}

/** With only an event the message is passed on. */
export type CallerQuestion = AskedAbout | { about?: undefined; event: CallEvent };

/** Which party of an event is asked about, and which way the call goes; undefined: what is known is passed on. */
const ASKED = {
  ring: ["caller", "in", "called"],
  call: ["called", "out", "caller"],
  connect: undefined,
  disconnect: undefined,
} as const satisfies Record<CallEventName, readonly [Side, "in" | "out", Side] | undefined>;
type Side = "caller" | "called";

/** Longer than any number with prefixes, separators and network number. */
const LONGEST_NUMBER = 100;

/** The question about a number, with what is known of the home. */
export function toQuestion(
  { about, direction, ownParty }: AskedAbout,
  { plan, own }: { plan: DialPlan; own: readonly string[] },
): Question {
  const { number, presentation } = about;
  const withheld = presentation === "restricted" || presentation === "unavailable";
  const ours = ownParty && ownParty.number !== "" ? [...own, ownParty.number] : [...own];
  return { written: withheld ? "" : number, plan: { ...plan, direction }, own: isOwnNumber(number, ours) };
}

/** Reads a payload. `outgoing`: outgoing calls are looked up, too. Throws for an invalid payload. */
export function readCallerQuestion(payload: unknown, outgoing: boolean): CallerQuestion {
  if (typeof payload === "string" || typeof payload === "number") return { about: toParty(payload), direction: "in" };
  if (!isAskable(payload)) throw new FritzError("caller-info-input");
  // Nothing was told of a call that was missed in a gap before its end.
  if (payload.event === "disconnect" && payload.recovered) return readMissed(payload, outgoing);
  const asked = ASKED[payload.event];
  if (!asked || (asked[1] === "out" && !outgoing)) return { event: payload };
  const [about, direction, ownParty] = asked;
  return { about: payload[about], direction, ownParty: payload[ownParty], event: payload };
}

/** What is asked about a call of the box's list; undefined for an outgoing one, if these are not wanted. */
export function askedAboutCall({ kind, caller, called }: Call, outgoing: boolean): AskedAbout | undefined {
  if (!kind.includes("outgoing")) return { about: caller, direction: "in", ownParty: called };
  return outgoing ? { about: called, direction: "out", ownParty: caller } : undefined;
}

function readMissed(event: CallEvent, outgoing: boolean): CallerQuestion {
  const { direction, caller, called } = event;
  if (direction === "incoming") return { about: caller, direction: "in", ownParty: called, event };
  return outgoing ? { about: called, direction: "out", ownParty: caller, event } : { event };
}

function toParty(payload: string | number): Party {
  const number = String(payload).trim();
  const sound = typeof payload === "string" || (Number.isSafeInteger(payload) && payload >= 0);
  if (!sound || number === "" || number.length > LONGEST_NUMBER) throw new FritzError("caller-info-input");
  return { number, presentation: "allowed" };
}

function isAskable(payload: unknown): payload is CallEvent {
  const { event, callId, caller, called } = (payload ?? {}) as Partial<Record<keyof CallEvent, unknown>>;
  return (
    typeof event === "string" &&
    Object.hasOwn(ASKED, event) &&
    typeof callId === "string" &&
    isParty(caller) &&
    isParty(called)
  );
}

function isParty(value: unknown): value is Party {
  const { number } = (value ?? {}) as Partial<Record<keyof Party, unknown>>;
  return typeof number === "string" && number.length <= LONGEST_NUMBER;
}
