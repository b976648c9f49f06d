/** Open calls after a suspected restart of the box: they may be over, or go on. Pure. */
import type { TrackerState } from "./open-call";

/** All calls end at `untilMs` unless a line or the call list shows that they go on. */
export function doubtCalls(state: TrackerState, untilMs: number): TrackerState {
  return new Map([...state].map(([id, call]) => [id, { ...call, doubtedUntilMs: untilMs }]));
}

/** Moves the end of those calls that are in doubt to `untilMs`; `which`: their call ids, default all. */
export function extendDoubt(state: TrackerState, untilMs: number, which?: ReadonlySet<string>): TrackerState {
  const extended = [...state].map(([id, call]): [number, typeof call] => {
    const isMeant = call.doubtedUntilMs !== undefined && (which?.has(call.callId) ?? true);
    return [id, isMeant ? { ...call, doubtedUntilMs: untilMs } : call];
  });
  return new Map(extended);
}
