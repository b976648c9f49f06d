/** L3 services: how often a source was asked today and this month. Politeness, and what a free key allows. */
import type { SourceManners } from "../model/source";

interface Used {
  day: string;
  today: number;
  month: string;
  thisMonth: number;
}

/** Counts by UTC's day and month. */
export class Quotas {
  private readonly used = new Map<string, Used>();

  /** Takes one question of a source's quota; false if none is left. */
  take(id: string, { perDay = Infinity, perMonth = Infinity }: SourceManners, nowMs: number): boolean {
    if (perDay === Infinity && perMonth === Infinity) return true;
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const month = day.slice(0, 7);
    const last = this.used.get(id);
    const today = last?.day === day ? last.today : 0;
    const thisMonth = last?.month === month ? last.thisMonth : 0;
    if (today >= perDay || thisMonth >= perMonth) return false;
    this.used.set(id, { day, today: today + 1, month, thisMonth: thisMonth + 1 });
    return true;
  }

  toJSON(): Record<string, Used> {
    return Object.fromEntries(this.used);
  }

  /** Takes back what `toJSON` gave; anything else counts as nothing used. */
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
