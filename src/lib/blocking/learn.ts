/** Adds numbers that were called successfully to a phonebook, as trusted callers. */
import { isBarrable } from "./barred-number";
import { DEFAULT_PLAN, lookupKeys, type NumberType } from "../numbers/index";
import type { CallEvent } from "../calls/types";
import type { CallerInfo } from "../callers/types";
import type { BarringQueue } from "./barring-queue";
import type { CallerLookup } from "./caller-lookup";

/** Types of service numbers, which are not added. */
const SERVICE_TYPES: readonly NumberType[] = [
  "premium",
  "mass",
  "shared-cost",
  "freephone",
  "online",
  "pager",
  "short",
];

/** Whether the event is the end of an answered outgoing call. */
export const isAnsweredOutgoing = ({ event, direction, outcome, replayed }: CallEvent) =>
  event === "disconnect" && direction === "outgoing" && outcome === "answered" && !replayed;

/** Adds the called number, unless it is a contact already. Resolves to the error, if there was one. */
export async function learnCalled(
  { barring, lookup }: { barring: BarringQueue; lookup: CallerLookup },
  event: CallEvent,
  given: CallerInfo | undefined,
): Promise<unknown> {
  const { number } = event.called;
  const { info, context, error } = await lookup.look(number, given);
  if (!context.hits || context.contactsUnknown || context.hits.length > 0) return error;
  const plan = context.plan ?? DEFAULT_PLAN;
  const key = [info.e164 ?? "", ...lookupKeys(number, { ...plan, direction: "out" })].find(isBarrable);
  if (key === undefined || SERVICE_TYPES.includes(info.type)) return undefined;
  const name = info.name || (info.display === number ? number : `${info.display} ${number}`);
  const { callId, at } = event;
  return (await barring.learn({ key, number, at, name, because: "called", callId })).error;
}
