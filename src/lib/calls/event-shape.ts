/** What a value of unknown origin must have to be taken for a call event, and which of its parties is which. */
import { propertiesOf } from "../core/unknown";
import type { CallEvent, Party } from "./types";

const isText = (value: unknown): value is string => typeof value === "string";

/** Whether it is a call event, as far as one needs to know. */
export function isCallEvent(value: unknown): value is CallEvent {
  const { raw, at, caller, called } = propertiesOf(value);
  return [raw, at, propertiesOf(caller)["number"], propertiesOf(called)["number"]].every(isText);
}

/** The two ends of a call. */
type Ends<P> = Pick<CallEvent, "direction"> & { caller: P; called: P };

/** The end outside the house. */
export const remoteParty = <P = Party>({ direction, caller, called }: Ends<P>): P =>
  direction === "outgoing" ? called : caller;

/** The end in the house. */
export const ownParty = <P = Party>({ direction, caller, called }: Ends<P>): P =>
  direction === "outgoing" ? caller : called;
