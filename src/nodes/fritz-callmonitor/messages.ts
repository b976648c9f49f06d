/** The messages of a call event. */
import type { CallEvent } from "../../lib/calls/types";
import type { FilteredEvent, EventFilterOptions } from "../../lib/calls/event-filter";
import type { LineNow } from "../../lib/calls/line-state";
import type { Message } from "../shared/red";
import type { FritzConfigNode } from "../fritz-config/fritz-config";
import { partiesWithE164 } from "../../lib/calls/party";
import type { PhoneNames } from "../../lib/telephony/phone-names";

// Adds to an event what the user has called telephones and own numbers at the box.

/** A copy with names as far as they are known now; after a call the names are looked up again, if it is time. */
function withNames(event: CallEvent, names: PhoneNames | undefined): CallEvent {
  const named = { ...event };
  if (!names) return named;
  const { extension, direction } = event;
  const device = extension === undefined ? undefined : names.phone(extension);
  if (device !== undefined) named.device = device;
  const { caller, called } = names.labelled(event, direction === "outgoing" ? "caller" : "called");
  named.caller = caller;
  named.called = called;
  if (event.event === "disconnect") names.refreshSoon();
  return named;
}

/** The event as one message has it: a copy with names, E.164 forms, the name of the configuration and the line as the node counts it. */
function toPayload(event: CallEvent, line: LineNow, config: FritzConfigNode | null): CallEvent {
  const payload = withNames(event, config?.names());
  // Property by property: an object literal with a spread and more costs several times as much.
  const { caller, called } = partiesWithE164(payload, config?.telephony().knownPlan);
  payload.caller = caller;
  payload.called = called;
  payload.box = config?.label ?? "";
  payload.open = line.open;
  payload.lineState = line.lineState;
  return payload;
}

/** Plain JSON, suitable for a retained message. */
function toState({ caller, called, at, callId, box, open, lineState, replayed }: CallEvent) {
  return structuredClone({ box, caller, called, open, lineState, at, callId, ...(replayed && { replayed }) });
}

/** The messages of an event: one of its own, and one for a changed state of the line, if selected. */
export function messagesOf(
  { event, line, wanted, changed }: FilteredEvent,
  base: Record<string, unknown>,
  config: FritzConfigNode | null,
  { events }: EventFilterOptions,
): Message[] {
  const states = changed && events.includes("state");
  if (!wanted && !states) return [];
  const payload = toPayload(event, line, config);
  const messages: Message[] = [];
  if (wanted) messages.push({ ...base, topic: event.event, payload });
  if (states) messages.push({ ...base, topic: "state", payload: toState(payload) });
  return messages;
}
