/** L3 services: what the box says of itself, quickly: a ring does not wait for a box that is slow to tell where it stands. */
import type { DialPlan } from "../model/phone-number";
import type { Clock } from "../model/ports";
import type { HomeNumbers } from "../model/telephony";

/** The house as numbers see it. */
export interface Home {
  plan: DialPlan;
  own: readonly string[];
}

/** Where most users live, as long as nobody says otherwise. */
const NOWHERE: Home = { plan: { countryCode: "49" }, own: [] };
/** A ring waits so long at most for a first answer. */
const PATIENCE_MS = 1_000;
const FRESH_MS = 10 * 60_000;
/** A box that does not tell is not asked with every ring. */
const RETRY_MS = 60_000;

/** The last known answer of a box; one for each node. */
export class HomeView {
  private known = NOWHERE;
  private nextMs = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly numbers: HomeNumbers | undefined,
    private readonly clock: Clock,
  ) {}

  /** What is known; waits only while nothing is, and not long. Never rejects. */
  async now(): Promise<Home> {
    if (this.numbers && this.clock.now() >= this.nextMs) this.asking ??= this.ask(this.numbers);
    if (this.asking && this.known === NOWHERE) await this.briefly(this.asking);
    return this.known;
  }

  private async ask(numbers: HomeNumbers): Promise<void> {
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
    let limit = { cancel: () => undefined as void };
    const tired = new Promise<void>((resolve) => (limit = this.clock.after(PATIENCE_MS, resolve)));
    await Promise.race([asking, tired]);
    limit.cancel();
  }
}
