/** When lines of the call monitor may have been missed, and whether that is reported. */
import type { LinkState } from "../calls/reconnecting-connection";
import type { Clock } from "../core/clock";
import type { Gap } from "./recovery-users";

/** A connection that is back at once has missed nothing worth telling. */
const SHORTEST_GAP_MS = 2_000;

/** Keeps the last gap until the call list has shown what was missed in it, or nothing will. */
export class GapWatch {
  private lost: Omit<Gap, "toMs"> | undefined;
  private gap: Gap | undefined;
  private wasConnected = false;

  constructor(
    private readonly clock: Clock,
    private readonly report: (gap: Gap) => void,
  ) {}

  /** The program was started again, and was last alive then. */
  restarted(aliveMs: number): void {
    this.lost = { fromMs: Math.min(aliveMs, this.clock.now()), reason: "restart" };
  }

  /** Takes the next state of the connection; returns whether it is open. */
  link({ phase }: LinkState): boolean {
    const now = this.clock.now();
    const isConnected = phase === "connected";
    if (isConnected) {
      this.gap = this.lost && { ...this.lost, toMs: now };
      this.lost = undefined;
    } else if (this.wasConnected) this.lost ??= { fromMs: now, reason: "outage" };
    this.wasConnected = isConnected;
    return isConnected;
  }

  /** There is no list: reports the gap, unless it was a moment. */
  withoutList(): void {
    const { gap } = this;
    if (gap && gap.toMs - gap.fromMs >= SHORTEST_GAP_MS) this.close(gap);
  }

  /** The list will not be readable soon. */
  listFails(): void {
    if (this.gap) this.close({ ...this.gap, reason: "call-list" });
  }

  /** The list was read. What came before its first reading stays unknown. */
  listRead(isFirst: boolean): void {
    if (isFirst && this.gap) this.close(this.gap);
    this.gap = undefined;
  }

  private close(gap: Gap): void {
    this.gap = undefined;
    this.report(gap);
  }
}
