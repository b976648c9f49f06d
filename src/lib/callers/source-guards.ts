/** The guards of all sources of this process: nodes that ask the same source share its request policy and its health. */
import { BoundedMap } from "../core/bounded-map";
import type { Clock } from "../core/clock";
import type { CallerSource } from "./source";
import { SourceGuard } from "./source-guard";

/** Upper bound; the oldest are dropped: configurations no longer in use. */
const MOST_GUARDS = 200;

/** A source with its guard and its mode in the list. */
export interface ListedSource {
  source: CallerSource;
  guard: SourceGuard;
  /** Queried only if those above it have not found enough. */
  ifNeeded: boolean;
}

/** By the source's key. */
export class SourceGuards {
  private readonly guards = new BoundedMap<string, SourceGuard>(MOST_GUARDS);

  constructor(private readonly clock: Clock) {}

  /** The guard of a source. It is requested after a (re)configuration. */
  of(source: CallerSource): SourceGuard {
    const known = this.guards.get(source.key);
    const guard = known ?? new SourceGuard(source, this.clock);
    this.guards.set(source.key, guard);
    guard.resetKeyFailure();
    return guard;
  }
}
