/** The properties of `fritz-callmonitor`, with their defaults. */
import { EVENT_NAMES, type CallEventName } from "../../lib/calls/types";
import type { Defaults, NodeDef } from "../shared/red";

export interface CallMonitorDef extends NodeDef {
  box?: string;
  events?: (CallEventName | "state")[];
  numbers?: readonly string[] | string;
  settleMs?: number | string;
  /** Tell after a gap what was missed; missing in flows of 0.2.0, where it is done, too, but for messages of a gap itself. */
  recover?: boolean;
}

export const DEFAULTS = {
  events: [...EVENT_NAMES],
  numbers: [],
  settleMs: 0,
  recover: true,
} satisfies Defaults<CallMonitorDef>;
