/** L4 providers: a list that a service keeps: loaded once, kept on the disk, renewed about daily, used also when it is old. */
import type { ListedNumber } from "../domain/block-list";
import { FritzError } from "../model/errors";
import type { DialPlan } from "../model/phone-number";
import type { Store } from "../model/source";
import { BlockIndex } from "../services/block-lists";

/** What is kept. Times are ms since 1970. */
export interface KeptList {
  entries: ListedNumber[];
  at: number;
  /** When it was last loaded as a whole. */
  wholeAt: number;
  /** The service's own count of changes. */
  version?: number;
}

const HOUR_MS = 3_600_000;
/** PhoneBlock asks for a random interval of 23 to 25 hours, so that not all houses come at once. */
const RENEW_MS = { least: 23 * HOUR_MS, spread: 2 * HOUR_MS };
const RETRY_MS = HOUR_MS / 4;

/** `load` gets the list from the service, given what is kept; it rejects with a `FritzError`. */
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
    this.restored = store.read().then(
      (value) => this.restore(value),
      () => undefined,
    );
    void this.restored.then(() => this.renew());
  }

  /** Never waits for the service. Rejects with a `FritzError` as long as there was never a list. */
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
        await this.store.write(fresh).catch(() => undefined); // then it is loaded again after the next start
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
    this.kept = { entries, at, wholeAt, ...(version !== undefined && { version }) };
    this.renewAt = at + RENEW_MS.least + Math.random() * RENEW_MS.spread;
  }
}
