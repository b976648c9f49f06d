/** Counts the requests to a source today and this month, for the quotas of free keys. */
import { DAY_MS } from "../core/clock";
import type { RequestPolicy } from "./source";

interface Used {
  day: string;
  today: number;
  month: string;
  thisMonth: number;
}

/** Counts by UTC day and month. */
export class Quotas {
  private readonly used = new Map<string, Used>();

  /** Counts one request; false if the quota is used up. `share`: the part of it that may be used, for what has time. */
  take(id: string, { perDay = Infinity, perMonth = Infinity }: RequestPolicy, nowMs: number, share = 1): boolean {
    if (perDay === Infinity && perMonth === Infinity) return true;
    const { day, month, today, thisMonth } = this.count(id, nowMs);
    if (today >= Math.ceil(perDay * share) || thisMonth >= Math.ceil(perMonth * share)) return false;
    this.used.set(id, { day, today: today + 1, month, thisMonth: thisMonth + 1 });
    return true;
  }

  /** When a used quota of the day is free again; undefined if it is not used up, or that of the month is. */
  nextDayMs(
    id: string,
    { perDay = Infinity, perMonth = Infinity }: RequestPolicy,
    nowMs: number,
    share = 1,
  ): number | undefined {
    const { today, thisMonth } = this.count(id, nowMs);
    if (today < Math.ceil(perDay * share) || thisMonth >= Math.ceil(perMonth * share)) return undefined;
    return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  }

  private count(id: string, nowMs: number): Used {
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const month = day.slice(0, 7);
    const last = this.used.get(id);
    const today = last?.day === day ? last.today : 0;
    return { day, today, month, thisMonth: last?.month === month ? last.thisMonth : 0 };
  }

  toJSON(): Record<string, Used> {
    return Object.fromEntries(this.used);
  }

  /** Restores the result of `toJSON`; anything else counts as unused. */
  restore(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    for (const [id, used] of Object.entries(value as Record<string, Partial<Used> | null>)) {
      const { day, today, month, thisMonth } = used ?? {};
      if (typeof day === "string" && typeof month === "string" && isCount(today) && isCount(thisMonth)) {
        this.used.set(id, { day, today, month, thisMonth });
      }
    }
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
