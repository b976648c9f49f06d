/** Caches the dial plan and own numbers of a box, so that a ring does not wait for a slow box. */
import { withTimeout } from "../core/async";
import { MINUTE_MS, type Clock } from "../core/clock";
import { DEFAULT_PLAN, type DialPlan, type OwnNumbers } from "../numbers/index";

/** Dial plan and own numbers. */
export interface DialSettings {
  plan: DialPlan;
  own: readonly string[];
}

/** The default until the box has answered. */
const NOWHERE: DialSettings = { plan: DEFAULT_PLAN, own: [] };
/** Longest wait of a ring for the first answer, ms. */
const PATIENCE_MS = 1_000;
const FRESH_MS = 10 * MINUTE_MS;
/** Pause after a failed request, ms. */
const RETRY_MS = MINUTE_MS;

/** The last answer of a box; one cache for each node. */
export class HomeCache {
  private known = NOWHERE;
  private nextMs = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly numbers: OwnNumbers | undefined,
    private readonly clock: Clock,
  ) {}

  /** Resolves to the last answer; waits up to `PATIENCE_MS` for the first one. Never rejects. */
  async now(): Promise<DialSettings> {
    if (this.numbers && this.clock.now() >= this.nextMs) this.asking ??= this.ask(this.numbers);
    if (this.asking && this.known === NOWHERE) await this.briefly(this.asking);
    return this.known;
  }

  private async ask(numbers: OwnNumbers): Promise<void> {
    const [plan, own] = await Promise.allSettled([numbers.dialPlan(), numbers.ownNumbers()]);
    this.known = {
      plan: plan.status === "fulfilled" ? plan.value : this.known.plan,
      own: own.status === "fulfilled" ? own.value : this.known.own,
    };
    const whole = plan.status === "fulfilled" && own.status === "fulfilled";
    this.nextMs = this.clock.now() + (whole ? FRESH_MS : RETRY_MS);
    this.asking = undefined;
  }

  private async briefly(asking: Promise<void>): Promise<void> {
    await withTimeout(this.clock, PATIENCE_MS, asking);
  }
}
