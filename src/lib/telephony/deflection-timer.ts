/**
 * Switches a rule for a limited time and restores it, also over a restart, unless it was changed meanwhile.
 */
import { DAY_MS, MINUTE_MS, type Clock, type Timer } from "../core/clock";
import { FritzError } from "../core/errors";
import { serialize } from "../core/async";
import { type Store, loadKeptList } from "../core/store";
import { propertiesOf } from "../core/unknown";
import type { Deflections, NamedRule, SwitchedRule } from "./deflections";

/** A rule that is set back to `restoreTo` at `untilMs`, if it is unchanged. */
interface Pending {
  key: string;
  setTo: boolean;
  restoreTo: boolean;
  /** ms since 1970. */
  untilMs: number;
}

/** Result at the end: "changed" = switched by others meanwhile, "gone" = the rule was deleted. */
export type Ending = "restored" | "changed" | "gone";

export interface DeflectionTimerOptions {
  deflections: Pick<Deflections, "set" | "byKey" | "write">;
  store: Store;
  clock: Clock;
  onEnd?: (ending: Ending, rule: NamedRule | undefined) => void;
  /** The box or the store failed; it is retried. */
  onError?: (error: unknown) => void;
}

/** Delays of the retries at an unreachable box, ms; then the last one repeats. */
const RETRIES_MS = [30_000, 60_000, 300_000];
/** Maximum of a timer is 24.8 days. */
const LONGEST_WAIT_MS = DAY_MS;
/** A year. */
export const MOST_MINUTES = 525_600;

/** The timed switches of one box, processed in sequence. */
export class DeflectionTimer {
  private pending: Pending[] = [];
  private loaded = false;
  private timer: Timer | undefined;
  private failures = 0;
  private closed = false;

  constructor(private readonly options: DeflectionTimerOptions) {}

  /** Loads and continues the switches of an earlier run. */
  start(): Promise<void> {
    return serialize(this, async () => {
      await this.load();
      this.plan();
    });
  }

  /** Stops the timers; pending switches stay in the store. */
  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  /** When the rule is set back, ms since 1970; undefined = it is not. */
  endOf(key: string): number | undefined {
    return this.pending.find((one) => one.key === key)?.untilMs;
  }

  /** `minutes` 0 = no limit. Drops an earlier plan for the rule. */
  set(wanted: string, enabled: boolean, minutes: number): Promise<SwitchedRule> {
    return serialize(this, async () => {
      await this.load();
      const before = this.pending;
      const { deflections, clock } = this.options;
      try {
        return await deflections.set(wanted, enabled, async (rule) => {
          const earlier = this.pending.find(({ key }) => key === rule.key);
          // The rule is still as this node set it: restore the state before that.
          const was = earlier?.setTo === rule.enabled ? earlier.restoreTo : rule.enabled;
          const others = this.pending.filter(({ key }) => key !== rule.key);
          const untilMs = clock.now() + minutes * MINUTE_MS;
          const mine = { key: rule.key, setTo: enabled, restoreTo: was, untilMs };
          // Saved before the request: a restart in between must not leave the rule switched.
          await this.save(minutes > 0 && was !== enabled ? [...others, mine] : others);
        });
      } catch (error) {
        // If the result at the box is unknown, the plan is kept: it checks the rule before it switches.
        if (!(error instanceof FritzError && error.retry)) await this.save(before);
        throw error;
      } finally {
        this.plan();
      }
    });
  }

  private async load(): Promise<void> {
    if (this.loaded) return;
    this.pending = await loadKeptList(this.options.store, "pending", isPending, "deflection-store");
    this.loaded = true;
  }

  private async save(pending: Pending[]): Promise<void> {
    if (JSON.stringify(pending) === JSON.stringify(this.pending)) return;
    try {
      await this.options.store.save({ pending });
    } catch {
      throw new FritzError("deflection-store");
    }
    this.pending = pending;
  }

  private plan(): void {
    this.timer?.cancel();
    if (this.closed || this.pending.length === 0) return;
    const { clock } = this.options;
    const nextMs = Math.min(...this.pending.map(({ untilMs }) => untilMs)) - clock.now();
    const retryMs = RETRIES_MS[Math.min(this.failures, RETRIES_MS.length) - 1] ?? 0;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(retryMs, nextMs, 0));
    this.timer = clock.after(waitMs, () => void serialize(this, () => this.endDue()));
  }

  private async endDue(): Promise<void> {
    if (this.closed) return;
    const due = this.pending.filter(({ untilMs }) => untilMs <= this.options.clock.now());
    try {
      for (const one of due) await this.end(one);
      this.failures = 0;
    } catch (error) {
      this.failures++;
      this.options.onError?.(error);
    }
    this.plan();
  }

  private async end(one: Pending): Promise<void> {
    const { deflections, onEnd } = this.options;
    const rule = await deflections.byKey(one.key);
    if (rule?.enabled === one.setTo) await deflections.write(rule, one.restoreTo);
    await this.save(this.pending.filter((other) => other !== one));
    const enabled = rule?.enabled === one.setTo ? one.restoreTo : rule?.enabled;
    onEnd?.(
      !rule ? "gone" : rule.enabled === one.setTo ? "restored" : "changed",
      rule && { ...rule, enabled: enabled === true },
    );
  }
}

function isPending(value: unknown): value is Pending {
  const { key, setTo, restoreTo, untilMs } = propertiesOf(value);
  return (
    typeof key === "string" &&
    typeof setTo === "boolean" &&
    typeof restoreTo === "boolean" &&
    typeof untilMs === "number" &&
    Number.isFinite(untilMs)
  );
}
