/** Decides when a question that has time is put to a source again: at its own pace, and not after it is down for good. */
import { FritzError } from "../core/errors";
import { pause } from "../core/async";
import type { Clock } from "../core/clock";
import type { CallerSource } from "./source";
import type { ListedSource } from "./circuit-breakers";
import type { Quotas } from "./quota";

/** Failures of a source in a row after which it is no longer waited for. */
const MOST_FAILURES = 4;
/** First pause before a phonebook that is not read yet is asked again, ms; it grows with each failure. */
const LOCAL_PAUSE_MS = 2_000;
const SHORTEST_PAUSE_MS = 1_000;

/** What a lookup that has time asks before it gives a source up. */
export interface Patience {
  /** The part of a source's quota that may be used: the rest is for calls that ring. */
  readonly share: number;
  /** Waits until the source may be asked again; false: its failure stands. */
  again(entry: ListedSource, error: unknown, stopped: AbortSignal): Promise<boolean>;
  /** The source has answered. */
  answered(source: CallerSource): void;
}

/** For many lookups, one after the other. */
export class SourcePatience implements Patience {
  readonly share = 0.8;
  private readonly failed = new Map<string, number>();

  /** `waiting`: called with the time until which a source is waited for, and with undefined at its end. */
  constructor(
    private readonly clock: Clock,
    private readonly waiting: (untilMs: number | undefined) => void,
    private readonly quotas: Quotas,
  ) {}

  async again(entry: ListedSource, error: unknown, stopped: AbortSignal): Promise<boolean> {
    if (stopped.aborted || !(error instanceof FritzError)) return false;
    const untilMs = this.retryAtMs(entry, error);
    if (untilMs === undefined) return false;
    this.waiting(untilMs);
    await pause(this.clock, Math.max(0, untilMs - this.clock.now()), stopped);
    this.waiting(undefined);
    return !stopped.aborted;
  }

  answered({ key }: CallerSource): void {
    this.failed.delete(key);
  }

  private retryAtMs({ source, guard }: ListedSource, error: FritzError): number | undefined {
    const now = this.clock.now();
    const pauseMs = Math.max(SHORTEST_PAUSE_MS, source.policy.minIntervalMs);
    if (error.code === "source-busy") return now + pauseMs;
    if (error.code === "source-quota") return this.quotas.nextDayMs(source.id, source.policy, now, this.share);
    const failures = (this.failed.get(source.key) ?? 0) + 1;
    this.failed.set(source.key, failures);
    if (failures > MOST_FAILURES) return undefined;
    if (source.local) return isPassing(error) ? now + failures * LOCAL_PAUSE_MS : undefined;
    const { state, pausedUntil } = guard.health;
    if (state === "paused") return pausedUntil;
    return error.retry ? now + pauseMs : undefined;
  }
}

/** Phonebooks that are still being read, or a box that does not answer. */
function isPassing({ code, values, retry }: FritzError): boolean {
  return retry || (code === "contacts-unknown" && ["loading", "unreachable"].includes(String(values["reason"])));
}
