/** L3 services: the guards of all sources of this process: nodes that ask the same source share its manners and its health. */
import type { Clock } from "../model/ports";
import type { CallerSource } from "../model/source";
import { SourceGuard } from "./source-guard";

/** Forgotten from the oldest on: configurations that nobody uses any more. */
const MOST_GUARDS = 200;

/** By the source's key. */
export class SourceGuards {
  private readonly guards = new Map<string, SourceGuard>();

  constructor(private readonly clock: Clock) {}

  /** The guard of a source. Whoever asks for it has just been configured. */
  of(source: CallerSource): SourceGuard {
    const known = this.guards.get(source.key);
    const guard = known ?? new SourceGuard(source, this.clock);
    this.guards.delete(source.key);
    this.guards.set(source.key, guard);
    for (const key of this.guards.keys()) {
      if (this.guards.size <= MOST_GUARDS) break;
      this.guards.delete(key);
    }
    guard.trustAgain();
    return guard;
  }
}
