/** L3 services: whoever the house calls, and talks to, is a good caller: learns their numbers into a phonebook. */
import { isBarrable } from "../domain/barred-number";
import { GERMANY } from "../domain/number-patterns";
import type { CallEvent } from "../model/call-event";
import type { CallerInfo, NumberType } from "../model/caller-info";
import type { Barring } from "./barring";
import type { CallerLookup } from "./caller-lookup";
import { lookupKeys } from "./numbers";

/** Services, not people. */
const NOBODY: readonly NumberType[] = ["premium", "mass", "shared-cost", "freephone", "online", "pager", "short"];

/** Whether the event is the end of a call that the house made and somebody answered. */
export const isGoodCall = ({ event, direction, outcome, replayed }: CallEvent) =>
  event === "disconnect" && direction === "outgoing" && outcome === "answered" && !replayed;

/** Learns the called number, unless it is a contact already. Gives the failure, if there was one. */
export async function learnCalled(
  { barring, lookup }: { barring: Barring; lookup: CallerLookup },
  event: CallEvent,
  given: CallerInfo | undefined,
): Promise<unknown> {
  const { number } = event.called;
  const { info, context, error } = await lookup.look(number, given);
  if (!context.hits || context.hits.length > 0) return error;
  const plan = context.plan ?? GERMANY;
  const key = [info.e164 ?? "", ...lookupKeys(number, { ...plan, direction: "out" })].find(isBarrable);
  if (key === undefined || NOBODY.includes(info.type)) return undefined;
  const name = info.name || (info.display === number ? number : `${info.display} ${number}`);
  const { callId, at } = event;
  return (await barring.learn({ key, number, at, name, because: "called", callId })).error;
}
