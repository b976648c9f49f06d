/** Types: context and result of the call tracker. */
import type { ReadBoxTime } from "./box-time";
import type { EventContext, TrackerState } from "./open-call";
import type { CallEvent } from "./types";

export interface TrackerContext extends EventContext {
  readTime: ReadBoxTime;
  /** A new unique call id. */
  newId: () => string;
  /** When the line arrived (ms); absent in a replay. */
  arrivedMs?: number;
}

/** The result of a line: the missed ends of earlier calls, then the line's own event. */
export interface Tracked {
  state: TrackerState;
  ended: CallEvent[];
  event: CallEvent;
}
