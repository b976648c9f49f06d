/** A block list from a service: loaded once, kept on disk, renewed about daily, used also if outdated. */
import { defined } from "../../core/defined";
import { HOUR_MS } from "../../core/clock";
import { type ListedNumber, BlockIndex } from "./block-list-entries";
import { FritzError } from "../../core/errors";
import type { DialPlan } from "../../numbers/index";
import type { Store } from "../../core/store";

/** The stored list. Times are ms since 1970. */
export interface KeptList {
  entries: ListedNumber[];
  at: number;
  /** Time of the last complete download. */
  wholeAt: number;
  /** The service's version of the list. */
  version?: number;
}

/** PhoneBlock asks for a random interval of 23 to 25 hours, to spread the load. */
const RENEW_MS = { least: 23 * HOUR_MS, spread: 2 * HOUR_MS };
const RETRY_MS = HOUR_MS / 4;

/** `load` downloads the list, given the stored one; it rejects with a `FritzError`. */
export class RemoteList {
  private kept: KeptList | undefined;
  private index: { of: BlockIndex; kept: KeptList; plan: string } | undefined;
  private renewAt = -Infinity;
  private loading: Promise<void> | undefined;
  private failure: FritzError | undefined;
  private readonly restored: Promise<void>;

  constructor(
    private readonly store: Store,
    private readonly load: (kept: KeptList | undefined) => Promise<KeptList>,
  ) {
    this.restored = store.load().then(
      (value) => this.restore(value),
      () => undefined,
    );
    void this.restored.then(() => this.renew());
  }

  /** Never waits for the service. Rejects with a `FritzError` until a list is available. */
  async now(plan: DialPlan): Promise<BlockIndex> {
    await this.restored;
    this.renew();
    const { kept } = this;
    if (!kept) throw this.failure ?? new FritzError("blocklist-loading", {}, true);
    const planKey = JSON.stringify(plan);
    if (this.index?.kept !== kept || this.index.plan !== planKey) {
      this.index = { of: await BlockIndex.of(kept.entries, plan), kept, plan: planKey };
    }
    return this.index.of;
  }

  private renew(): void {
    if (this.loading || Date.now() < this.renewAt) return;
    this.loading = this.load(this.kept)
      .then(async (fresh) => {
        this.kept = fresh;
        this.failure = undefined;
        this.renewAt = fresh.at + RENEW_MS.least + Math.random() * RENEW_MS.spread;
        await this.store.save(fresh).catch(() => undefined); // loaded again after the next start then
      })
      .catch((error: unknown) => {
        this.failure = error instanceof FritzError ? error : new FritzError("blocklist-content");
        this.renewAt = Date.now() + RETRY_MS;
      })
      .finally(() => (this.loading = undefined));
  }

  private restore(value: unknown): void {
    const { entries, at, wholeAt, version } = (value ?? {}) as Partial<KeptList>;
    if (!Array.isArray(entries) || typeof at !== "number" || typeof wholeAt !== "number") return;
    this.kept = { entries, at, wholeAt, ...defined({ version }) };
    this.renewAt = at + RENEW_MS.least + Math.random() * RENEW_MS.spread;
  }
}
