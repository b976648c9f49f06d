/** Adds to an event what the user has called telephones and own numbers at the box. */
import type { CallEvent } from "../../lib/calls/types";
import type { PhoneNames } from "../../lib/telephony/phone-names";

/** A copy with names as far as they are known now; after a call the names are looked up again, if it is time. */
export function withNames(event: CallEvent, names: PhoneNames | undefined): CallEvent {
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
