/** Simulator: plays a recorded log in real time, faster, or at once. */
import { setTimeout as delay } from "node:timers/promises";
import type { MonitorServer } from "./monitor-server";
import { stamp } from "./box";

export interface PlayOptions {
  /** 1 = real time, 60 = an hour in a minute, Infinity = at once. */
  speed?: number;
  /** Longest pause between two lines, ms. */
  longestPauseMs?: number;
  /** "recorded": the lines as they are. "now": with the time of sending. */
  stamps?: "recorded" | "now";
  signal?: AbortSignal;
}

/** The lines of a recorded log, without comments and blank lines. */
export function readLog(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/\s#.*$/, "")
        .replace(/^#.*$/, "")
        .trim(),
    )
    .filter((line) => line !== "");
}

/**
 * Plays the lines; resolves when the last one is sent or the signal is aborted. Resolves to the number of
 * lines sent.
 */
export async function play(
  monitor: MonitorServer,
  lines: readonly string[],
  options: PlayOptions = {},
): Promise<number> {
  const { speed = 1, longestPauseMs = Infinity, stamps = "recorded", signal } = options;
  let before: number | undefined;
  let sent = 0;
  for (const line of lines) {
    const at = timeOf(line);
    const pause = before === undefined || at === undefined ? 0 : (at - before) / speed;
    before = at ?? before;
    if (pause > 0) await delay(Math.min(pause, longestPauseMs), undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) break;
    monitor.send(stamps === "now" ? line.replace(/^[^;]*/, stamp(new Date())) : line);
    sent++;
  }
  return sent;
}

function timeOf(line: string): number | undefined {
  const match = /^(\d\d)\.(\d\d)\.(\d\d) (\d\d:\d\d:\d\d);/.exec(line);
  const ms = match ? Date.parse(`20${match[3]}-${match[2]}-${match[1]}T${match[4]}Z`) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
