/** The calls that `fritz-hangup` ended: a box counts them as answered by an IP phone. */
import { isIpPhone } from "../telephony/phone-codes";
import type { CallEvent } from "../calls/types";
import type { HangupAgent } from "../sip/agent";

/** The event with the outcome `hungup` if one of the agents ended its call: there was no talk. */
export function markHungUp(event: CallEvent, agents: () => readonly Pick<HangupAgent, "claimEnded">[]): CallEvent {
  const { outcome, direction, extension = 0, caller, recovered, at } = event;
  if (outcome !== "answered" || direction !== "incoming" || !isIpPhone(extension)) return event;
  const listedAtMs = recovered ? Date.parse(at) : undefined;
  const isOurs = agents().some((agent) => agent.claimEnded(caller.number, listedAtMs));
  return isOurs ? { ...event, outcome: "hungup" } : event;
}
