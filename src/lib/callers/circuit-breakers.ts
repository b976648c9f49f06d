/** The guards of all sources of this process: nodes that ask the same source share its request policy and its health. */
import { BoundedMap } from "../core/bounded-map";
import type { Clock } from "../core/clock";
import type { CallerSource } from "./source";
import { CircuitBreaker } from "./circuit-breaker";

/** Upper bound; the oldest are dropped: configurations no longer in use. */
const MOST_GUARDS = 200;

/** A source with its guard and its mode in the list. */
export interface ListedSource {
  source: CallerSource;
  guard: CircuitBreaker;
  /** Queried only if those above it have not found enough. */
  ifNeeded: boolean;
}

/** By the source's key. */
export class CircuitBreakers {
  private readonly guards = new BoundedMap<string, CircuitBreaker>(MOST_GUARDS);

  constructor(private readonly clock: Clock) {}

  /** The guard of a source. It is requested after a (re)configuration. */
  of(source: CallerSource): CircuitBreaker {
    const known = this.guards.get(source.key);
    const guard = known ?? new CircuitBreaker(source, this.clock);
    this.guards.set(source.key, guard);
    guard.resetKeyFailure();
    return guard;
  }
}
